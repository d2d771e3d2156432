/**
 * Somebody who uses a client: types, and reads what it shows.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { visibleText } from "../../lib/core/visible.ts";
import type { ClientRun, StartableClient } from "../client/client_run.ts";
import type { FreePorts } from "../client/free_ports.ts";

/** What a user has around them. */
export interface UserSurroundings {
  /** The client. */
  readonly client: StartableClient;
  /** The server. */
  readonly server: Endpoint;
  /** The time. */
  readonly runtime: Runtime;
  /** Gives ports for datagrams that are free, for clients to listen on. */
  readonly ports: FreePorts;
}

/** A program that has shown nothing for so long waits for its user, in milliseconds. */
const CALM = 120;
/** How long a program may take until it shows something, in milliseconds: most say at once that they are there. */
const COMING = 1_000;
/** Between two lines that a person types, in milliseconds. */
const BETWEEN_LINES = 60;

/** Someone at a client of their own. */
export class User {
  /** What they are called here. */
  readonly name: string;
  /** What the server has made of them, where it gives numbers. */
  id: string | undefined;
  readonly #who: string;
  readonly #surroundings: UserSurroundings;
  readonly #typed: string[] = [];
  readonly #listeners = new Set<() => void>();
  #run: ClientRun | undefined;
  #hasLeft = false;
  #mark = 0;

  /** Makes one who is not there yet; `who` is what reports call them. */
  constructor(who: string, name: string, surroundings: UserSurroundings) {
    this.#who = who;
    this.name = name;
    this.#surroundings = surroundings;
  }

  /** Whether their client was started. */
  get hasStarted(): boolean {
    return this.#run !== undefined;
  }

  /** Whether their client was told their name. */
  get knowsName(): boolean {
    return this.#surroundings.client.takesName;
  }

  /** How their client has ended, if it has. */
  get ending(): string | undefined {
    return this.#run?.ending?.words;
  }

  /** The numbers on the screen that may be theirs, the likeliest first: what stands behind a word like ID, then any other. */
  get ids(): string[] {
    const shown = this.#run?.screen.since(0) ?? "";
    const named = [...shown.matchAll(/\bid\b\D{0,20}(\d{1,3})(?!\d)/gi)].map(([, id]) => id!);
    const others = [...shown.matchAll(/(?<!\d)\d{1,3}(?!\d)/g)].map(([id]) => id);
    return [...new Set([...named, ...others])].filter((id) => Number(id) >= 2 && Number(id) <= 255);
  }

  /** Starts the client, and waits until it waits. Throws `unreachable` if it cannot be started. */
  async enters(): Promise<void> {
    const { client, server, ports } = this.#surroundings;
    const place = { server, name: this.name, clientPort: await ports.next(server.hostname) };
    this.#run = await client.launch(place);
    this.#run.onChange = () => {
      for (const listener of [...this.#listeners]) listener();
    };
    await this.shows(() => true, COMING);
    await this.#calm();
  }

  /** Types lines, one after the other, as fast as a person does. */
  async types(lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#typed.push(line);
      this.#run?.type(`${line}\n`);
      await this.#pause(BETWEEN_LINES);
    }
  }

  /** What is shown from here on is about what comes. */
  mark(): void {
    this.#mark = this.#run?.screen.length ?? 0;
  }

  /** Whether what was shown since the mark is like that. */
  hasShown(isIt: (shown: string) => boolean): boolean {
    return isIt(this.#run?.screen.since(this.#mark) ?? "");
  }

  /** Waits until something that was shown since the mark is like that; says whether it is. A client that has ended shows nothing more. */
  async shows(isIt: (shown: string) => boolean, timeout: number): Promise<boolean> {
    const is = () => this.hasShown((shown) => shown.trim() !== "" && isIt(shown));
    const until = this.#surroundings.runtime.now() + timeout;
    while (!is() && this.ending === undefined) {
      const left = until - this.#surroundings.runtime.now();
      if (left <= 0) break;
      await this.#change(left);
    }
    return is();
  }

  /** Ends the client. */
  async leaves(): Promise<void> {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    await this.#run?.stop();
  }

  /** What was typed and shown, so many lines of each at most. */
  evidence(lines: number): string[] {
    const shown = (this.#run?.screen.since(0) ?? "").trimEnd().split("\n").slice(-lines);
    const typed = this.#typed.slice(-lines);
    return [
      `${this.#who} is ${this.name}, and typed:`,
      ...typed.length === 0 ? ["    (nothing)"] : typed.map((line) => `    ${visibleText(line)}`),
      `the client of ${this.#who} showed:`,
      ...shown.join("").trim() === ""
        ? ["    (nothing)"]
        : shown.map((line) => `    ${visibleText(line, { keep: "\t" })}`),
    ];
  }

  /** Waits until nothing more is shown. */
  async #calm(): Promise<void> {
    for (let length = -1; length !== this.#run?.screen.length && this.ending === undefined;) {
      length = this.#run?.screen.length ?? 0;
      await this.#pause(CALM);
    }
  }

  /** Waits until it shows something more, or ends; no longer than that. */
  async #change(timeout: number): Promise<void> {
    const changed = Promise.withResolvers<void>();
    const timer = this.#surroundings.runtime.after(timeout, changed.resolve);
    this.#listeners.add(changed.resolve);
    await changed.promise;
    this.#listeners.delete(changed.resolve);
    timer.cancel();
  }

  async #pause(time: number): Promise<void> {
    await new Promise<void>((resolve) => void this.#surroundings.runtime.after(time, resolve));
  }
}
