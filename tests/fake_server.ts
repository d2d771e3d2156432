/**
 * Servers by others, for the tests of our client: programs in Python, in tests/fakes.
 *
 * @module
 */

import { commandOf } from "../conformance/testing/needed_programs.ts";
import { Transcript } from "./program.ts";

/** A server that listens; disposing it ends it. */
export class FakeServer implements AsyncDisposable {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly #process: Deno.ChildProcess;
  readonly #stdout: Transcript;

  private constructor(process: Deno.ChildProcess, stdout: Transcript, port: number) {
    this.#process = process;
    this.#stdout = stdout;
    this.port = port;
  }

  /** Starts a program of tests/fakes with these arguments, and waits until it says on which port it listens. */
  static async start(name: string, ...args: readonly string[]): Promise<FakeServer> {
    const path = new URL(`fakes/${name}.py`, import.meta.url).pathname;
    const python = new Deno.Command(commandOf("python3")!, { args: [path, ...args], stdout: "piped", stderr: "null" });
    const process = python.spawn();
    const stdout = new Transcript(process.stdout);
    const [, port] = await stdout.match(/^(\d+)\n/);
    return new FakeServer(process, stdout, Number(port));
  }

  /** Ends it at once, as a machine that fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill("SIGKILL");
    await Promise.all([this.#process.status, this.#stdout.whole()]);
  }
}
