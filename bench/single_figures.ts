/**
 * What is measured otherwise than by messages a second.
 *
 * @module
 */

import { count, middle } from "./figures.ts";
import { holdCrowd, startServer } from "./processes.ts";

/** A figure of its own. */
export interface SingleFigure {
  /** Its name on the command line. */
  readonly name: string;
  /** Measures, for a moment only or thoroughly, and says in a line or two what came out. */
  measure(momentOnly: boolean): Promise<string>;
}

/** The memory that idle registered users take: two connections each. */
const IDLE: SingleFigure = {
  name: "idle",
  async measure(momentOnly) {
    const users = momentOnly ? 50 : 5_000;
    await using server = await startServer("chat");
    const before = server.memory();
    const after = await holdCrowd(server.port, users, () => server.memory());
    const each = (after - before) / users / 1024;
    return `${count(users)} registered idle relay users, ${count(users * 2)} connections: ${
      each.toFixed(1)
    } KiB a user ` +
      `(resident memory, ${count(before / 2 ** 20)} MiB before, ${count(after / 2 ** 20)} MiB after).`;
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
      if (error instanceof Deno.errors.NotFound) return "dist/chat is not there (`deno task compile`): skipped.";
      throw error;
    }
    const milliseconds = await timesOf(binary.pathname, ["--version"], momentOnly ? 1 : 21);
    return `\`dist/chat --version\`: ${count(milliseconds)} ms.`;
  },
};

/** How long the conformance suite takes against our own server. */
const CONFORMANCE: SingleFigure = {
  name: "conformance",
  async measure(momentOnly) {
    await using server = await startServer("chat");
    const target = `127.0.0.1:${server.port}`;
    const args = ["run", "--quiet", "--no-check", "-A", "main.ts", "conform", "--dialect", "relay", "--target", target];
    const milliseconds = await timesOf(Deno.execPath(), args, momentOnly ? 1 : 5);
    return `The relay suite against our own server: ${count(milliseconds)} ms, the program's start included.`;
  },
};

/** All single figures. */
export const SINGLE_FIGURES: readonly SingleFigure[] = [IDLE, STARTUP, CONFORMANCE];
