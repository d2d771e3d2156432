/**
 * Starts the program under test as its users do: the one that the environment variable `CHAT_PROGRAM` names, for example
 * a compiled binary, or `main.ts`.
 *
 * @module
 */

import manifest from "../deno.json" with { type: "json" };
import { DIALECTS } from "../lib/dialects/registry.ts";

/** The words of `deno task chat`, so that the permissions are the same: `run --no-prompt …`, without `main.ts`. */
const RUN = manifest.tasks.chat.command.replaceAll("'", "").split(" ").slice(1, -1);
const MAIN = new URL("../main.ts", import.meta.url).href;

/** How long any step may take before a test gives up, in milliseconds. Far more than needed: machines are busy. */
const PATIENCE_MS = 60_000;

/** The words that run the program, its own arguments excepted. */
export function programWords(): [string, ...string[]] {
  const compiled = Deno.env.get("CHAT_PROGRAM");
  return compiled === undefined ? [Deno.execPath(), ...RUN, "--quiet", MAIN] : [compiled];
}

/** What is set for a program at its start. */
export interface Surroundings {
  /** Environment variables besides the inherited ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** The working directory. */
  readonly cwd?: string;
}

/** How a program ended, and all that it said. */
export interface Finished {
  /** The exit status; of a program that a signal ended, 128 and the signal's number. */
  readonly status: number;
  /** All of its standard output. */
  readonly stdout: string;
  /** All of its standard error. */
  readonly stderr: string;
}

/** A program that runs; disposing it ends it. */
export class Program implements AsyncDisposable {
  /** Its standard output. */
  readonly stdout: Transcript;
  /** Its standard error. */
  readonly stderr: Transcript;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  /** Starts the program with these arguments. */
  constructor(args: readonly string[], { env = {}, cwd }: Surroundings = {}) {
    const [path, ...words] = programWords();
    const command = new Deno.Command(path, {
      args: [...words, ...args],
      env,
      ...cwd !== undefined && { cwd },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    this.#process = command.spawn();
    this.#input = this.#process.stdin.getWriter();
    this.stdout = new Transcript(this.#process.stdout);
    this.stderr = new Transcript(this.#process.stderr);
  }

  /** Its process ID. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Types something. */
  async type(text: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(text));
  }

  /** Ends the input. */
  async endInput(): Promise<void> {
    // A program that has ended already has closed it.
    await this.#input.close().catch(() => {});
  }

  /** Sends a signal. */
  signal(name: Deno.Signal): void {
    this.#process.kill(name);
  }

  /** Waits for its end. */
  async finished(): Promise<Finished> {
    const ended = Promise.all([this.#process.status, this.stdout.whole(), this.stderr.whole()]);
    const [{ code }, stdout, stderr] = await within(ended, () => `it did not end; it said ${this.stdout.soFar}`);
    return { status: code, stdout, stderr };
  }

  /** Ends it, if it has not ended yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError)) throw error;
    }
    await Promise.all([this.#process.status, this.stdout.whole(), this.stderr.whole(), this.endInput()]);
  }
}

/** What a program says, as it says it. */
export class Transcript {
  #text = "";
  #ended = false;
  #changed = Promise.withResolvers<void>();
  readonly #whole: Promise<string>;

  /** Reads a stream to its end. */
  constructor(stream: ReadableStream<Uint8Array>) {
    this.#whole = this.#read(stream);
  }

  /** All that has come so far. */
  get soFar(): string {
    return this.#text;
  }

  /** Waits until a pattern matches what has come so far, and gives the match. */
  async match(pattern: RegExp): Promise<RegExpExecArray> {
    const look = async (): Promise<RegExpExecArray> => {
      for (;;) {
        const match = pattern.exec(this.#text);
        if (match !== null) return match;
        if (this.#ended) throw new Error(missing());
        await this.#changed.promise;
      }
    };
    const missing = () => `${pattern} did not come, only ${JSON.stringify(this.#text)}`;
    return await within(look(), missing);
  }

  /** Waits for the end, and gives all. */
  whole(): Promise<string> {
    return this.#whole;
  }

  async #read(stream: ReadableStream<Uint8Array>): Promise<string> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      this.#text += text;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
    this.#ended = true;
    this.#changed.resolve();
    return this.#text;
  }
}

/** Runs the program to its end; what it reads is `input`. */
export async function runProgram(
  args: readonly string[],
  input = "",
  surroundings: Surroundings = {},
): Promise<Finished> {
  await using program = new Program(args, surroundings);
  // A program that does not read may have ended before it was told anything.
  if (input !== "") await program.type(input).catch(() => {});
  await program.endInput();
  return await program.finished();
}

/** A server that listens. */
export interface Listening {
  /** The program. */
  readonly server: Program;
  /** relay's port. */
  readonly port: number;
  /** The port of each dialect. */
  readonly ports: ReadonlyMap<string, number>;
}

/** Starts `chat serve` with each dialect on a free port, and waits until it listens. */
export function startServer(...args: readonly string[]): Promise<Listening> {
  return startServerAt(() => 0, ...args);
}

/** The same with ports of one's choice. */
export async function startServerAt(
  portOf: (dialect: string) => number,
  ...args: readonly string[]
): Promise<Listening> {
  const ports = DIALECTS.flatMap(({ name }) => [`--${name}`, String(portOf(name))]);
  const server = new Program(["serve", ...ports, ...args]);
  try {
    const [said] = await server.stdout.match(/^chat listens[^]*^Ctrl-C/m);
    const ports = new Map([...said.matchAll(/^ {2}([a-z]+) +\S+:([0-9]+) /gm)].map((m) => [m[1]!, Number(m[2])]));
    return { server, port: ports.get("relay")!, ports };
  } catch (cause) {
    await server[Symbol.asyncDispose]();
    throw new Error(`the server does not listen: ${server.stderr.soFar}`, { cause });
  }
}

async function within<T>(promise: Promise<T>, complaint: () => string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`after ${PATIENCE_MS} ms ${complaint()}`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
