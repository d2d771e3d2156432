/**
 * The processes of a benchmark: servers, each started fresh, and the load generator.
 *
 * @module
 */

import { DIALECTS } from "../lib/dialects/registry.ts";
import type { Programs } from "./c/build.ts";
import type { Plan } from "./load/plan.ts";
import type { Measured } from "./measured.ts";

/**
 * Who is measured: our server with the dialect of this name; `limit`, the byte relay in C; `bytes`, `datagrams`, the runtime's own
 * relays; or `nats`, nats-server.
 */
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
    "--connect-rate",
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

function commandOf(contestant: Contestant, programs: Programs | undefined): { program: string; args: string[] } {
  switch (contestant) {
    case "limit":
      if (programs === undefined) throw new TypeError("the byte relay was not built");
      return { program: programs.relay, args: [] };
    case "nats":
      return { program: "nats-server", args: ["--addr", "127.0.0.1", "--port", "-1"] };
    case "bytes":
    case "datagrams":
      return { program: Deno.execPath(), args: [...DENO, `bench/servers/${contestant}.ts`] };
    default:
      return { program: Deno.execPath(), args: chatArgs(contestant) };
  }
}

/** Starts a server on a free port. The bench's own programs are needed for `limit` alone. */
export async function startServer(contestant: Contestant, programs?: Programs): Promise<RunningServer> {
  const { program, args } = commandOf(contestant, programs);
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

async function spawnLoad({ load }: Programs, plan: Uint8Array<ArrayBuffer>): Promise<Deno.ChildProcess> {
  const process = new Deno.Command(load, { stdin: "piped", stdout: "piped", stderr: "inherit" }).spawn();
  const writer = process.stdin.getWriter();
  await writer.write(plan);
  writer.releaseLock();
  return process;
}

/** How long a server is driven before anything counts, and then, in milliseconds. */
export interface Span {
  /** Before anything counts. */
  readonly warmup: number;
  /** While it does. */
  readonly duration: number;
}

/** Carries out a plan against a server, and gives what it measured. */
export async function load(
  programs: Programs,
  plan: Plan,
  { port, pid }: RunningServer,
  { warmup, duration }: Span,
): Promise<Measured> {
  const process = await spawnLoad(programs, plan.driven(port, pid, warmup, duration));
  const { success, stdout } = await process.output();
  await process.stdin.close();
  if (!success) throw new Error("the load generator failed");
  return JSON.parse(new TextDecoder().decode(stdout)) as Measured;
}

/** Holds the connections of a plan while `look` runs. */
export async function whileHeld<T>(
  programs: Programs,
  plan: Plan,
  { port }: RunningServer,
  look: () => T | Promise<T>,
): Promise<T> {
  const process = await spawnLoad(programs, plan.held(port));
  await firstMatch(process.stdout, /opened/);
  const seen = await look();
  await process.stdin.close();
  await process.status;
  return seen;
}
