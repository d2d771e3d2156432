/**
 * The processes of a benchmark: servers, each started fresh, and the load generator.
 *
 * @module
 */

import { DIALECTS } from "../lib/dialects/registry.ts";
import type { Job } from "./load/job.ts";
import type { Measured } from "./load/latencies.ts";

/** Who is measured: our server with the dialect of this name, or `bytes`, `datagrams`, the runtime's own relays, or `nats`, nats-server. */
export type Contestant = string;

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** Its process. */
  readonly pid: number;
  /** Its resident memory, in bytes. */
  memory(): number;
}

const ROOT = new URL("..", import.meta.url);
const DENO = ["run", "--quiet", "--no-check", "--allow-net", "--allow-env"];

/** One dialect alone, without the limits that one address would meet here, and with nothing to say but errors. */
function chatArgs(dialect: string): string[] {
  const ports = DIALECTS.flatMap(({ name }) => [`--${name}`, name === dialect ? "0" : "off"]);
  const limits = [
    "--max-connections",
    "100000",
    "--rate",
    "1000000",
    "--broadcast-rate",
    "100000000",
    "--log-level",
    "error",
  ];
  return [...DENO, "--allow-sys=networkInterfaces", "main.ts", "serve", ...ports, ...limits];
}

/** The first line on a stream that matches, and the stream is read on for ever so that nobody is blocked by it. */
async function firstMatch(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<RegExpExecArray> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let match = null;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`a process ended before it was ready: ${text}`);
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

function commandOf(contestant: Contestant): { program: string; args: string[] } {
  switch (contestant) {
    case "nats":
      return { program: "nats-server", args: ["--addr", "127.0.0.1", "--port", "-1"] };
    case "bytes":
    case "datagrams":
      return { program: Deno.execPath(), args: [...DENO, `bench/servers/${contestant}.ts`] };
    default:
      return { program: Deno.execPath(), args: chatArgs(contestant) };
  }
}

/** Starts a server on a free port. */
export async function startServer(contestant: Contestant): Promise<RunningServer> {
  const { program, args } = commandOf(contestant);
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
    pid: process.pid,
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(Deno.readTextFileSync(`/proc/${process.pid}/status`))?.[1]) * 1024,
    [Symbol.asyncDispose]: async () => {
      process.kill("SIGKILL");
      await process.status;
    },
  };
}

function spawnLoad(job: Job): Deno.ChildProcess {
  // The runtime shows what another process has used to those only who may do all.
  const args = ["run", "--quiet", "--no-check", "--allow-all", "bench/load/main.ts", JSON.stringify(job)];
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

/** Holds a crowd of relay users, in a process of its own, while `look` runs. */
export async function withCrowd<T>(port: number, size: number, look: () => T | Promise<T>): Promise<T> {
  if (size === 0) return await look();
  const process = spawnLoad({ kind: "crowd", port, size });
  await firstMatch(process.stdout, /opened/);
  const seen = await look();
  await process.stdin.close();
  await process.status;
  return seen;
}
