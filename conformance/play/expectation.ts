/**
 * One thing that a step waits for on one connection.
 *
 * @module
 */

import { type Match, Matcher, type MatchState } from "../pattern/matcher.ts";
import type { Program } from "../pattern/program.ts";
import { spell } from "../transcript/escape.ts";
import type { Closed, Expect } from "../transcript/syntax.ts";
import type { BytesWait } from "./connection/bytes_wait.ts";
import type { Connection } from "./connection/connection.ts";
import type { Attempt } from "./failure.ts";

/** A failure shows no more of what arrived than this, in bytes. */
const SHOWN = 512;

/** The match of what is no bytes: the end of a connection, or silence. */
export const NOTHING: Match = { length: 0, values: new Map(), choices: new Map() };

/** Bytes that match, or the end of the connection. */
export class Expectation implements BytesWait {
  /** The connection on which it is waited for. */
  readonly connection: Connection;
  /** The step that waits. */
  readonly step: Expect | Closed;
  /** See {@linkcode BytesWait.onMatch}. */
  onMatch: (match: Match) => void = () => {};
  readonly #program: Program | undefined;
  #matcher: Matcher | undefined;
  #state: MatchState = "more";

  /**
   * Expects something, from what is unread on.
   *
   * @param program The compiled pattern of an {@linkcode Expect}; none for {@linkcode Closed}.
   */
  constructor(connection: Connection, step: Expect | Closed, program: Program | undefined) {
    this.connection = connection;
    this.step = step;
    this.#program = program;
    this.restart();
  }

  /** See {@linkcode BytesWait.state}. */
  get state(): MatchState {
    return this.#state;
  }

  /** Whether it cannot be met with what has arrived. */
  get isHopeless(): boolean {
    return this.#state === "failed" && !this.connection.isLossy && !this.connection.isAmidIgnored;
  }

  /** How many bytes fit. */
  get position(): number {
    return this.#matcher?.position ?? 0;
  }

  /** What could come next, spelled with escapes. */
  get wanted(): string[] {
    return this.#matcher?.wanted() ?? [];
  }

  /** See {@linkcode BytesWait.restart}. */
  restart(): void {
    this.#matcher = this.#program === undefined ? undefined : new Matcher(this.#program, this.connection.hasDatagrams);
    this.#state = "more";
  }

  /** See {@linkcode BytesWait.check}. */
  check(unread: Uint8Array, isClosed: boolean): MatchState {
    if (this.#matcher === undefined) this.#state = unread.length > 0 ? "failed" : isClosed ? "matched" : "more";
    else if (this.connection.hasDatagrams && unread.length === 0) this.#state = "more";
    else {
      this.#state = this.#matcher.advance(unread);
      // Nothing more will come.
      if (isClosed && this.#state === "open") this.#state = "matched";
      if (isClosed && this.#state === "more") this.#state = "failed";
    }
    return this.#state;
  }

  /** See {@linkcode BytesWait.match}. */
  match(): Match {
    return this.#matcher?.match() ?? NOTHING;
  }

  /** Whether these bytes, which arrived elsewhere, are what it waits for. */
  wouldMatch(bytes: Uint8Array): boolean {
    if (this.#program === undefined) return false;
    return ["open", "matched"].includes(new Matcher(this.#program, this.connection.hasDatagrams).advance(bytes));
  }

  /** What it waited for, and what there is. */
  attempt(): Attempt {
    const { unread } = this.connection;
    const fits = this.#matcher === undefined ? 0 : this.position;
    return {
      connection: this.connection.name,
      fits: spell(unread.subarray(Math.max(fits - SHOWN, 0), fits)),
      wanted: this.#matcher === undefined ? "closed" : this.wanted,
      got: spell(unread.subarray(fits, fits + SHOWN)),
      isClosed: this.connection.state === "closed",
    };
  }
}
