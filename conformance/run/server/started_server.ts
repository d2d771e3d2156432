/**
 * One start of a server: the program that runs, and its end.
 *
 * @module
 */

import { ChatError } from "../../../lib/core/error.ts";
import { shortageOf } from "../../../lib/transport/shortage.ts";
import { ProgramOutput } from "./program_output.ts";
import { ProgramGuard, WATCHED } from "./program_guard.ts";

/** How long a server may take to end after SIGTERM, in milliseconds. */
const ENDING = 2_000;

const IS_WINDOWS = Deno.build.os === "windows";

/** One start of a server. */
export class StartedServer {
  /** When it was started, on the clock of `performance`. */
  readonly startedAt: number = performance.now();
  /** Settles when it has ended. */
  readonly ended: Promise<void>;
  /** What it says. */
  readonly output: ProgramOutput;
  /** How it ended, if it has. */
  status: Deno.CommandStatus | undefined;
  /** Whether it has taken a connection. */
  hasAccepted = false;
  readonly #child: Deno.ChildProcess;
  readonly #guard: ProgramGuard;
  /** When this program ends, whatever has ended it. */
  readonly #onUnload = () => this.#signal("SIGKILL");

  /**
   * Starts it.
   *
   * @throws {ChatError} `server-command` if there is no such program, `shortage` if the system is short of what it takes.
   */
  constructor([program, ...args]: [program: string, ...args: string[]]) {
    const mark = crypto.randomUUID();
    try {
      // A group of its own can be ended whole. Its input stays open: some servers read commands from it.
      const command = new Deno.Command(program, {
        args,
        env: { [WATCHED]: mark },
        detached: true,
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      });
      this.#child = command.spawn();
    } catch (cause) {
      const why = cause instanceof Deno.errors.NotCapable
        ? "Deno needs the permission --allow-run for it"
        : `there is no program ${program} to run`;
      throw shortageOf(cause, "the server cannot be started") ??
        new ChatError("server-command", `the server cannot be started: ${why}`, { cause });
    }
    this.#guard = new ProgramGuard(this.#child.pid, mark);
    this.output = new ProgramOutput([this.#child.stdout, this.#child.stderr]);
    this.ended = this.#child.status.then((status) => void (this.status = status));
    addEventListener("unload", this.#onUnload);
  }

  /** The number of the group of processes that it and all that it has started are. */
  get group(): number {
    return this.#child.pid;
  }

  /** Stops it, and all that it has started (SIGSTOP), or has it go on (SIGCONT). Windows has no such thing. */
  freeze(isStopped: boolean): void {
    if (!IS_WINDOWS) this.#signal(isStopped ? "SIGSTOP" : "SIGCONT");
  }

  /** Ends it, and all that it has started. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    await within(this.ended, ENDING);
    // What it has started may have outlived it.
    this.#signal("SIGKILL");
    await this.ended;
    await this.forget();
  }

  /** Lets go of what belongs to it, once it has ended. */
  async forget(): Promise<void> {
    removeEventListener("unload", this.#onUnload);
    this.#signal("SIGKILL");
    await this.#guard.end();
    await this.#child.stdin.close().catch(() => {});
    await this.output.cancel();
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

/** Waits for something, at most so many milliseconds. */
export async function within(promise: Promise<void>, milliseconds: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, milliseconds);
  await Promise.race([promise, late.promise]);
  clearTimeout(timer);
}
