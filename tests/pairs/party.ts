/**
 * A dialect as the matrix of pairs sees it: from outside, by the bytes that go over the wire.
 *
 * @module
 */

import { Deadlines } from "../../lib/core/deadlines.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import { visibleText } from "../../lib/core/visible.ts";
import type { ServerContext } from "../../lib/dialects/dialect.ts";
import type { Audience } from "../../lib/hub/delivery.ts";
import { Hub } from "../../lib/hub/hub.ts";
import { memberIds } from "../../lib/dialects/registry.ts";

/** How long a recipient may take to acknowledge, in milliseconds. */
export const ACK_TIMEOUT = 5_000;

/** One hub, and the time, which only the test moves. */
export class World {
  readonly #deadlines = new Deadlines(0);
  /** What all servers share. */
  readonly context: ServerContext;

  /** Starts with nobody present. */
  constructor() {
    const deadlines = this.#deadlines;
    const hub = new Hub({ ackTimeout: ACK_TIMEOUT, deadlines, wallClock: () => 0, ids: memberIds() });
    this.context = { hub, deadlines, maxMessage: 65_536, log: () => {} };
  }

  /** Lets time pass, in milliseconds. */
  pass(duration: number): void {
    for (const end = this.#deadlines.now + duration; this.#deadlines.now < end;) {
      this.#deadlines.advance(this.#deadlines.now + 10);
    }
  }

  /** The name and the frame ID of the one who came last. */
  newest(): { readonly name: string; readonly id: number } {
    const { name, id } = [...this.context.hub.members()].at(-1)!;
    return { name, id: id! };
  }
}

/** For whom something is said. */
export type Whom = Party | "everyone";

/** Somebody who speaks one dialect. */
export interface Party {
  /** The name by which others address them. */
  readonly name: string;
  /** Their frame ID. */
  readonly id: number;
  /** Says something in the dialect's own form; `false` if the dialect has no such message. */
  say(to: Whom, body: string): boolean;
  /** What has arrived since the last call, for whatever reason. */
  take(): string;
  /** Acknowledges all that was taken, as far as the dialect asks for it, and lets the system take what is written. */
  acknowledge(): void;
  /** Breaks off without a word. */
  vanish(): void;
  /** What a message looks like when it arrives, part by part: what comes at once is one part. */
  arrival(from: Party, audience: Audience, body: string): readonly string[];
  /** What they are told when somebody else leaves. */
  departure(of: Party): string;
  /** What the sender of a message is told; without an outcome, before it is known. */
  answer(to: Whom, body: string, outcome: Outcome | undefined): string;
}

/** A row, and a column, of the matrix. */
export interface Row {
  /** The dialect's name. */
  readonly dialect: string;
  /** Whether each line of a message is one of its own. */
  readonly isOfLines: boolean;
  /** Whether outcomes are told as soon as they are known, and not in the order of the messages. */
  readonly tellsAsKnown?: true;
  /** The shortest message that it cannot carry; `undefined` if there is none that a server takes. */
  readonly tooLong: string | undefined;
  /** Starts its server; what it returns makes somebody join. */
  start(world: World): (name: string) => Party;
}

const encoder = new TextEncoder();

/** How many bytes a text has. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

/** The lines of a text, as those dialects have them whose messages are lines for a terminal. */
export function linesOf(text: string): string[] {
  return text.split("\n").map((line) => visibleText(line, { keep: "\t" }));
}
