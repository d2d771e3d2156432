/**
 * Whether the program does on this machine what it is for, in one line: deno task smoke. Starts a server on free ports, connects to
 * it in each dialect, has it tested in one of them, and stops it. Says of each step whether it is well; exits with 1 if one is not.
 *
 * @module
 */

import { writeOutput } from "../../lib/cli/standard_streams.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { VERSION } from "../../lib/core/version.ts";
import { type Finished, type Listening, runProgram, startServer } from "../program.ts";

const IS_WINDOWS = Deno.build.os === "windows";
/** The dialect in which the server is tested. */
const TESTED = "relay";

let hasFailed = false;

function say(text: string): void {
  writeOutput(Deno.stdout, `${text}\n`);
}

/** One step: says what it is, how long it took, and what was wrong. */
async function step<T>(what: string, act: () => Promise<T>): Promise<T | undefined> {
  const began = performance.now();
  const tell = (verdict: string, more = "") =>
    say(`${verdict.padEnd(7)} ${what} (${((performance.now() - began) / 1_000).toFixed(1)} s)${more}`);
  try {
    const result = await act();
    tell("ok");
    return result;
  } catch (error) {
    hasFailed = true;
    tell(
      "FAILED",
      `\n        ${(error instanceof Error ? error.message : String(error)).replaceAll("\n", "\n        ")}`,
    );
    return undefined;
  }
}

/** Throws unless a program has ended well and has said this. */
function mustHaveSaid({ status, stdout, stderr }: Finished, pattern: RegExp): void {
  if (status === 0 && pattern.test(stdout)) return;
  throw new Error(`exit status ${status}, and it said:\n${stdout}${stderr}`.trimEnd());
}

/** Says something in a dialect, and leaves. */
async function talk(dialect: string, port: number): Promise<void> {
  const name = findDialect(dialect)?.assignsNames ? [] : ["smoke"];
  const options = ["--dialect", dialect, "--server", `127.0.0.1:${port}`];
  mustHaveSaid(await runProgram(["connect", ...name, ...options]), /^-- connected to /m);
}

async function useServer({ server, ports }: Listening): Promise<void> {
  for (const [dialect, port] of ports) {
    await step(`a client of ${dialect} connects, and leaves`, () => talk(dialect, port));
  }
  const target = `127.0.0.1:${ports.get(TESTED)}`;
  await step(`the server conforms to ${TESTED}`, async () => {
    mustHaveSaid(await runProgram(["conform", "--target", target, "--dialect", TESTED, "--strict"]), /^conforms to/m);
  });
  await step("the server stops when it is asked to", async () => {
    // Nobody can ask a program of Windows from another one: it is ended.
    server.signal(IS_WINDOWS ? "SIGKILL" : "SIGTERM");
    const { status, stderr } = await server.finished();
    if (!IS_WINDOWS && status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
  });
}

await step(`the program starts: version ${VERSION} on ${Deno.build.os} (${Deno.build.arch})`, async () => {
  mustHaveSaid(await runProgram(["--version"]), new RegExp(`^${VERSION}\\r?\\n$`));
});
const listening = await step("a server listens on free ports", () => startServer("--ack-timeout", "500ms"));
if (listening !== undefined) {
  await using _server = listening.server;
  await useServer(listening);
}
say(hasFailed ? "\nsomething FAILED: see docs/platforms.md for what is known of this system" : "\nok");
Deno.exit(hasFailed ? 1 : 0);
