/**
 * What is measured otherwise than by messages a second.
 *
 * @module
 */

import { count, middle } from "./figures.ts";
import type { Verdict } from "./goals.ts";
import { mostUsers } from "./machine.ts";
import type { Programs } from "./c/build.ts";
import { openRelayUser } from "./load/dialects/relay.ts";
import { nameOf, Plan } from "./load/plan.ts";
import { startServer, whileHeld } from "./processes.ts";

/** What came out. */
export interface SingleResult {
  /** In a line or two. */
  readonly text: string;
  /** What became of its goals. */
  readonly verdicts?: readonly Verdict[];
}

/** A figure of its own. */
export interface SingleFigure {
  /** Its name on the command line. */
  readonly name: string;
  /** Measures, for a moment only or thoroughly, with the bench's own programs where there are any. */
  measure(momentOnly: boolean, programs: Programs | undefined): Promise<SingleResult>;
}

/** What is to be reached, in bytes a user. */
const MEMORY_GOALS = [{ level: "at least", most: 9 * 1024 }, { level: "aim", most: 7 * 1024 }] as const;

/**
 * How long users are idle before their memory is looked at, in milliseconds: the runtime gives back what their arrival took
 * when little has happened for some 20 s.
 */
const SETTLING_MS = 40_000;

/** The memory that idle registered users take: two connections each. */
const IDLE: SingleFigure = {
  name: "idle",
  async measure(momentOnly, programs) {
    if (programs === undefined) return { text: "There is no load generator: skipped." };
    const users = momentOnly ? 50 : mostUsers();
    const plan = new Plan();
    for (let i = 0; i < users; i++) openRelayUser(plan, nameOf("c", i));
    await using server = await startServer("relay");
    const before = server.memory();
    const [atOnce, after] = await whileHeld(programs, plan, server, async () => {
      const atOnce = server.memory();
      if (!momentOnly) await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
      return [atOnce, server.memory()] as const;
    });
    const each = (after - before) / users;
    const kibibytes = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
    const figure = kibibytes(each);
    return {
      text: `${count(users)} registered idle relay users, ${count(users * 2)} connections: ${figure} a user, ` +
        `${kibibytes((atOnce - before) / users)} as soon as the last has registered (resident memory, ` +
        `${count(before / 2 ** 20)} MiB before, ${count(atOnce / 2 ** 20)} MiB at once, ` +
        `${count(after / 2 ** 20)} MiB after ${SETTLING_MS / 1000} s in which nobody said anything).`,
      verdicts: MEMORY_GOALS.map(({ level, most }) => ({
        scenario: "idle",
        level,
        what: `under ${most / 1024} KiB a registered idle user`,
        finding: { figure, isReached: each < most },
      })),
    };
  },
};

async function timesOf(program: string, args: readonly string[], repeats: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const start = performance.now();
    const { success } = await new Deno.Command(program, { args: [...args], stdout: "null" }).output();
    if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
    times.push(performance.now() - start);
  }
  return middle(times).median;
}

/** How long the compiled binary takes to say its version. */
const STARTUP: SingleFigure = {
  name: "start-up",
  async measure(momentOnly) {
    const binary = new URL(Deno.build.os === "windows" ? "../dist/chat.exe" : "../dist/chat", import.meta.url);
    try {
      await Deno.stat(binary);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) {
        return { text: "dist/chat is not there (`deno task compile`): skipped." };
      }
      throw error;
    }
    const milliseconds = await timesOf(binary.pathname, ["--version"], momentOnly ? 1 : 21);
    return { text: `\`dist/chat --version\`: ${count(milliseconds)} ms.` };
  },
};

/** How long the conformance suite takes against our own server. */
const CONFORMANCE: SingleFigure = {
  name: "conformance",
  async measure(momentOnly) {
    await using server = await startServer("relay");
    const target = `127.0.0.1:${server.port}`;
    const args = ["run", "--quiet", "--no-check", "-A", "main.ts", "conform", "--dialect", "relay", "--target", target];
    if (momentOnly) args.push("--filter", "relay/send-unknown");
    const what = momentOnly ? "A clause of relay's" : "The relay suite";
    const milliseconds = await timesOf(Deno.execPath(), args, momentOnly ? 1 : 5);
    return { text: `${what} against our own server: ${count(milliseconds)} ms, the program's start included.` };
  },
};

/** All single figures. */
export const SINGLE_FIGURES: readonly SingleFigure[] = [IDLE, STARTUP, CONFORMANCE];
