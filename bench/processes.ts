/**
 * The processes of a benchmark: servers, each started fresh, and the load generator.
 *
 * @module
 */

import type { Job } from "./load/job.ts";
import type { Measured } from "./load/latencies.ts";

/** Who is measured. */
export type Contestant = "chat" | "bytes" | "nats";

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** Its resident memory, in bytes. */
  memory(): number;
}

const ROOT = new URL("..", import.meta.url);
const DENO = ["run", "--quiet", "--no-check", "--allow-net", "--allow-env"];

/** relay alone, without the limits that one address would meet here, and with nothing to say but errors. */
const ALONE = ["--frame", "off", "--slash", "off", "--room", "off", "--max-connections", "100000", "--rate", "1000000"]
  .concat("--log-level", "error");

/** The first line on a stream that matches, and the stream is read on for ever so that nobody is blocked by it. */
async function firstMatch(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<RegExpExecArray> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let match = null;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the server ended before it listened: ${text}`);
    text += value;
    match = pattern.exec(text);
    if (match === null) continue;
    (async () => {
      while (!(await reader.read()).done);
    })();
    return match;
  }
}

/** Whether a program is installed. */
export async function isInstalled(program: string): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args: ["--version"], stdout: "null", stderr: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Starts a server on a free port. */
export async function startServer(contestant: Contestant): Promise<RunningServer> {
  const commands = {
    chat: { program: Deno.execPath(), args: [...DENO, "main.ts", "serve", "--relay", "0", ...ALONE] },
    bytes: { program: Deno.execPath(), args: [...DENO, "bench/servers/bytes.ts"] },
    nats: { program: "nats-server", args: ["--addr", "127.0.0.1", "--port", "-1"] },
  };
  const { program, args } = commands[contestant];
  const isNats = contestant === "nats"; // it speaks to standard error
  const process = new Deno.Command(program, {
    args,
    cwd: ROOT,
    stdin: "null",
    stdout: isNats ? "null" : "piped",
    stderr: isNats ? "piped" : "inherit",
  }).spawn();
  const [, port] = await firstMatch(isNats ? process.stderr : process.stdout, /127\.0\.0\.1:(\d+)/);
  return {
    port: Number(port),
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${process.pid}/status`))?.[1]) * 1024,
    [Symbol.asyncDispose]: async () => {
      process.kill("SIGKILL");
      await process.status;
    },
  };
}

function spawnLoad(job: Job): Deno.ChildProcess {
  const args = [...DENO, "bench/load/main.ts", JSON.stringify(job)];
  const options = { args, cwd: ROOT, stdin: "piped", stdout: "piped", stderr: "inherit" } as const;
  return new Deno.Command(Deno.execPath(), options).spawn();
}

/** Runs a job to its end and gives what it measured. */
export async function load(job: Job): Promise<Measured> {
  const process = spawnLoad(job);
  const closing = process.stdin.close();
  const { success, stdout } = await process.output();
  await closing;
  if (!success) throw new Error(`the load generator failed at ${JSON.stringify(job)}`);
  return JSON.parse(new TextDecoder().decode(stdout)) as Measured;
}

/** Holds a crowd while `look` is called. */
export async function holdCrowd<T>(port: number, size: number, look: () => T): Promise<T> {
  const process = spawnLoad({ kind: "crowd", port, size });
  await firstMatch(process.stdout, /opened/);
  const seen = look();
  await process.stdin.close();
  await process.status;
  return seen;
}
