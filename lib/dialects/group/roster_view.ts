/**
 * What a client knows of who is there, and of its own group.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Row } from "./table.ts";

/** The last table, and the group that the client is in. */
export class RosterView {
  readonly #deadlines: Deadlines;
  readonly #port: number;
  readonly #lifetime: number;
  #table: ReadonlyMap<string, Row> = new Map();
  #group: string | undefined;
  /** While this is open, a table may still come that is older than what we know of our group. */
  #tablesLag: Deadline | undefined;

  /** Takes the time, the port that the client listens on, and how long what the server has sent lives, in milliseconds. */
  constructor(deadlines: Deadlines, port: number, lifetime: number) {
    this.#deadlines = deadlines;
    this.#port = port;
    this.#lifetime = lifetime;
  }

  /** The last table. */
  get table(): ReadonlyMap<string, Row> {
    return this.#table;
  }

  /** The group that the client is in. */
  get group(): string | undefined {
    return this.#group;
  }

  /** Who is online under this name. */
  online(name: string): Row | undefined {
    const row = this.#table.get(name);
    return row?.isOnline ? row : undefined;
  }

  /** Everybody who is online but one. */
  others(name: string): string[] {
    return [...this.#table.values()].filter((row) => row.isOnline && row.name !== name).map((row) => row.name);
  }

  /** The client's own row, if it is not one that somebody of its name has left behind. */
  own(name: string): Row | undefined {
    const row = this.online(name);
    return row?.port === this.#port ? row : undefined;
  }

  /** There is a new table. Says whether the client of this name is no more in the group that it believes to be in. */
  update(table: ReadonlyMap<string, Row>, name: string): boolean {
    this.#table = table;
    const mode = this.own(name)?.mode;
    return this.#group !== undefined && this.#tablesLag === undefined && mode !== undefined && mode !== this.#group;
  }

  /** The client is in a group now, or in none. */
  move(group: string | undefined): void {
    this.#group = group;
    this.close();
    if (this.#lifetime === 0) return;
    this.#tablesLag = this.#deadlines.set(this.#lifetime, { expired: () => this.#tablesLag = undefined });
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#tablesLag?.cancel();
    this.#tablesLag = undefined;
  }
}
