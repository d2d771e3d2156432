/**
 * A client that is started as a program, in a working folder of its own.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { ClientPlace, ClientRun, Launch, ProgramEnd } from "./client_run.ts";
import { type ClientCommand, clientCommandFor, fillIn } from "./command.ts";
import { familyOf, processorTimeOf } from "./process_table.ts";
import { environmentOn, inTerminal } from "./platforms.ts";
import { Screen } from "./screen.ts";

/** How to start a client. */
export interface ClientProcessOptions {
  /** What starts it. */
  readonly command: ClientCommand;
  /** What is typed as soon as it was started, with placeholders. */
  readonly input: string;
  /** Whether its user has a terminal. */
  readonly hasTerminal: boolean;
}

/** How long a client may take to end after SIGTERM, in milliseconds. */
const ENDING = 500;
/** How long the output of a client that has ended may take to arrive, in milliseconds. */
const LAST_OUTPUT = 250;
/** How long a client in a terminal must have shown nothing before something is typed, and how long it may go on, in milliseconds. */
const QUIET = 50;
const LONGEST_UNREST = 500;
/** How long a client in a terminal may take until it first shows something, in milliseconds: most ask before they read. */
const STARTING = 3_000;

const IS_WINDOWS = Deno.build.os === "windows";

const encoder = new TextEncoder();

/** What starts clients with this command. A file or folder that it names is looked for where this program runs. */
export function launchProcess(options: ClientProcessOptions): Launch {
  const resolving = resolveWords(options.command);
  return async (place) => {
    const command = await resolving;
    const folder = await Deno.makeTempDir({ prefix: "chat-client-" });
    try {
      return new ClientProcess({ ...options, command }, place, folder);
    } catch (error) {
      await Deno.remove(folder, { recursive: true });
      throw error;
    }
  };
}

/** The words with those made absolute that name something here: the client runs in a folder of its own. */
async function resolveWords([program, ...args]: ClientCommand): Promise<ClientCommand> {
  const here = `${Deno.cwd()}/`;
  const resolve = async (word: string) => {
    if (word === "" || word.startsWith("/") || word.startsWith("-") || /^[A-Za-z]:[\\/]/.test(word)) return word;
    return await Deno.lstat(here + word).then(() => here + word, () => word);
  };
  const isPath = program.includes("/") || IS_WINDOWS && program.includes("\\");
  return [isPath ? await resolve(program) : program, ...await Promise.all(args.map(resolve))];
}

class ClientProcess implements ClientRun {
  onChange = () => {};
  readonly screen = new Screen();
  readonly hasTerminal: boolean;
  ending: ProgramEnd | undefined;
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #outputs: readonly ReadableStreamDefaultReader<string>[];
  readonly #over: Promise<void>;
  readonly #read: Promise<void>;
  readonly #startedAt = performance.now();
  #lastShownAt: number | undefined;
  /** What is typed goes out in order, whatever each waits for. */
  #typing = Promise.resolve();
  #isStopped = false;
  /** When this program ends, whatever has ended it. */
  readonly #onUnload = () => this.#signal("SIGKILL");

  constructor({ command, input, hasTerminal }: ClientProcessOptions, place: ClientPlace, folder: string) {
    this.#folder = folder;
    this.hasTerminal = hasTerminal;
    const words = clientCommandFor(command, place);
    this.#child = spawn(hasTerminal ? inTerminal(words, Deno.build.os) : words, folder);
    this.#input = this.#child.stdin.getWriter();
    this.#outputs = [this.#child.stdout, this.#child.stderr].map((stream) =>
      stream.pipeThrough(new TextDecoderStream()).getReader()
    );
    this.#read = Promise.all(this.#outputs.map((stream) => this.#readAll(stream))).then(() => {});
    this.#over = this.#child.status.then((status) => this.#end(status));
    addEventListener("unload", this.#onUnload);
    if (input !== "") this.type(fillIn(input, place));
  }

  type(text: string): void {
    this.#typing = this.#typing.then(async () => {
      if (this.hasTerminal) {
        // Who reads from a terminal may throw away what was typed before it was ready.
        await this.#calm();
        this.screen.expectEcho(text);
      }
      if (this.#isStopped) return;
      // Enter is a carriage return where somebody reads key by key.
      await this.#input.write(encoder.encode(this.hasTerminal ? text.replaceAll("\n", "\r") : text));
    }).catch(() => {
      // It reads no more: whatever should come of it does not, and says so.
    });
  }

  processorTime(): Promise<number | undefined> {
    return processorTimeOf(this.#child.pid);
  }

  async filesLike(name: string): Promise<Uint8Array[]> {
    const like = new RegExp(`^${name.split("*").map(RegExp.escape).join(".*")}$`, "s");
    const files: Uint8Array[] = [];
    for await (const entry of Deno.readDir(this.#folder)) {
      if (entry.isFile && like.test(entry.name)) files.push(await Deno.readFile(`${this.#folder}/${entry.name}`));
    }
    return files;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.onChange = () => {};
    const family = this.ending === undefined ? await this.#family() : [];
    this.#signal("SIGTERM");
    if (!IS_WINDOWS) this.#signal("SIGCONT");
    await within(this.#child.status, ENDING);
    // What it has started may have outlived it, in a session of its own, too.
    this.#signal("SIGKILL");
    for (const pid of family) kill(pid);
    await this.#child.status;
    await this.#input.abort().catch(() => {});
    await Promise.all(this.#outputs.map((stream) => stream.cancel().catch(() => {})));
    await Promise.all([this.#read, this.#over, this.#typing]);
    removeEventListener("unload", this.#onUnload);
    await removeFolder(this.#folder);
  }

  async #family(): Promise<number[]> {
    if (!IS_WINDOWS) {
      // What it starts from here on would be found by nobody.
      this.#signal("SIGSTOP");
      return await familyOf(this.#child.pid);
    }
    const args = ["/T", "/F", "/PID", String(this.#child.pid)];
    await new Deno.Command("taskkill", { args, stdout: "null", stderr: "null" }).output();
    return [];
  }

  async #calm(): Promise<void> {
    const until = performance.now() + LONGEST_UNREST;
    for (;;) {
      const calm = this.#lastShownAt === undefined
        ? this.#startedAt + STARTING
        : Math.min(this.#lastShownAt + QUIET, until);
      const wait = calm - performance.now();
      if (wait <= 0 || this.#isStopped || this.ending !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, Math.min(wait, QUIET)));
    }
  }

  async #readAll(stream: ReadableStreamDefaultReader<string>): Promise<void> {
    for (let part = await stream.read(); !part.done; part = await stream.read()) {
      this.#lastShownAt = performance.now();
      this.screen.show(part.value);
      this.onChange();
    }
  }

  async #end({ code, signal }: Deno.CommandStatus): Promise<void> {
    await within(this.#read, LAST_OUTPUT);
    this.ending = { status: code, words: signal === null ? `with exit status ${code}` : `by the signal ${signal}` };
    this.onChange();
  }

  #signal(signal: Deno.Signal): void {
    try {
      if (IS_WINDOWS) this.#child.kill(signal);
      else Deno.kill(-this.#child.pid, signal);
    } catch (error) {
      // All of them have ended already.
      if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
    }
  }
}

function spawn([program, ...args]: readonly string[], cwd: string): Deno.ChildProcess {
  try {
    return new Deno.Command(program!, {
      args,
      cwd,
      env: environmentOn(Deno.build.os),
      // A group of its own can be ended whole.
      detached: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotCapable
      ? "Deno needs the permission --allow-run for it"
      : `there is no program ${program} to run`;
    throw new ChatError("unreachable", `the client cannot be started: ${why}`, { cause });
  }
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** On Windows, a folder is in use for a moment longer than the program that worked in it. */
async function removeFolder(path: string): Promise<void> {
  for (let tries = 10;; tries--) {
    try {
      return await Deno.remove(path, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound || tries === 0) return;
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
  }
}

async function within(promise: Promise<unknown>, milliseconds: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, milliseconds);
  await Promise.race([promise, late.promise]);
  clearTimeout(timer);
}
