/**
 * What a client knows of who is there, and of its own group.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../../core/deadlines.ts";
import type { Row } from "../messages.ts";

/** The last table, and the group that the client is in. */
export class RosterView {
  readonly #deadlines: Deadlines;
  readonly #port: number;
  readonly #lifetime: number;
  #table: ReadonlyMap<string, Row> = new Map();
  #group: string | undefined;
  /** While this is open, a table may still come that is older than what is known of the group. */
  #tablesLag: Deadline | undefined;

  /**
   * Nobody is there at first.
   *
   * @param port where the client listens.
   * @param lifetime how long what the server has sent can be on the way, in milliseconds.
   */
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

  /** The row of this name, if it is online. */
  online(name: string): Row | undefined {
    const row = this.#table.get(name);
    return row?.isOnline ? row : undefined;
  }

  /** All names that are online but one. */
  others(name: string): string[] {
    return [...this.#table.values()].filter((row) => row.isOnline && row.name !== name).map((row) => row.name);
  }

  /** The client's own row, if it is not one that somebody of its name has left behind. */
  own(name: string): Row | undefined {
    const row = this.online(name);
    return row?.port === this.#port ? row : undefined;
  }

  /**
   * There is a new table.
   *
   * @returns whether the client of this name is no more in the group that it believes to be in.
   */
  update(table: ReadonlyMap<string, Row>, name: string): boolean {
    this.#table = table;
    const mode = this.own(name)?.mode;
    return this.#group !== undefined && this.#tablesLag === undefined && mode !== undefined && mode !== this.#group;
  }

  /** The client is in this group now, or in none. */
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

/** How many names one line of changes has. */
const MAX_NAMES = 10;

/**
 * What a new table shows a user: who has come, and who has gone, apart from the user; a line each, or none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const row = (name: string, isOnline: boolean) => ({ name, ip: "192.0.2.1", port: 1, isOnline, mode: "normal" });
 * const before = new Map([["bob", row("bob", true)]]);
 * const after = new Map([["bob", row("bob", false)], ["carol", row("carol", true)], ["aysha", row("aysha", true)]]);
 * assertEquals(readRosterChanges("aysha", before, after), ["online: carol", "offline: bob"]);
 * ```
 */
export function readRosterChanges(
  own: string,
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): string[] {
  const come = missingIn(before, after).filter((name) => name !== own);
  const gone = missingIn(after, before).filter((name) => name !== own);
  return [
    ...(come.length === 0 ? [] : [`online: ${list(come)}`]),
    ...(gone.length === 0 ? [] : [`offline: ${list(gone)}`]),
  ];
}

/** Who is online in one table, and not in the other. */
function missingIn(other: ReadonlyMap<string, Row>, table: ReadonlyMap<string, Row>): string[] {
  return [...table.values()].filter(({ name, isOnline }) => isOnline && !other.get(name)?.isOnline)
    .map(({ name }) => name);
}

function list(names: readonly string[]): string {
  const more = names.length - MAX_NAMES;
  return names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
