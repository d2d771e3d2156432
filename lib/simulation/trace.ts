/**
 * What has happened in a world, for people to read.
 *
 * @module
 */

import { visibleText } from "../core/visible.ts";

/** Where the time of a trace comes from. */
interface TraceTime {
  now(): number;
}

/** How many of the last events are kept. */
const KEPT = 50;
/** How many bytes of what was sent are shown. */
const SHOWN = 60;

/** Bytes, or a number, or words, that an event is about. */
export type Detail = string | number | Uint8Array;

/** One event, not yet in words: most are never read. */
interface Noted {
  readonly time: number;
  readonly subject: string;
  readonly what: string;
  readonly detail: Detail | undefined;
}

const latin1 = new TextDecoder("latin1");

/**
 * Keeps the last events, and tells all of them to whoever wants to read along. The same seed makes the same trace.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const trace = new Trace({ now: () => 12.5 });
 * trace.note("alice", "writes", new TextEncoder().encode("SEND bob"));
 * assertEquals(trace.last(), ['      12.500 ms  alice writes 8 bytes "SEND bob"']);
 * ```
 */
export class Trace {
  readonly #time: TraceTime;
  readonly #reader: ((line: string) => void) | undefined;
  readonly #kept: (Noted | undefined)[] = new Array(KEPT).fill(undefined);
  #count = 0;

  constructor(time: TraceTime, reader?: (line: string) => void) {
    this.#time = time;
    this.#reader = reader;
  }

  /** How many events there were. */
  get count(): number {
    return this.#count;
  }

  /** Something has happened to somebody. Bytes must not change afterwards. */
  note(subject: string, what: string, detail?: Detail): void {
    const noted: Noted = { time: this.#time.now(), subject, what, detail };
    this.#kept[this.#count++ % KEPT] = noted;
    this.#reader?.(lineOf(noted));
  }

  /** The last events, the latest last. */
  last(): string[] {
    const from = this.#count % KEPT;
    return [...this.#kept.slice(from), ...this.#kept.slice(0, from)].flatMap((noted) => noted ? [lineOf(noted)] : []);
  }
}

function lineOf({ time, subject, what, detail }: Noted): string {
  const about = detail === undefined ? "" : typeof detail === "object" ? ` ${shown(detail)}` : ` ${detail}`;
  return `${time.toFixed(3).padStart(12)} ms  ${subject} ${what}${about}`;
}

function shown(bytes: Uint8Array): string {
  const text = visibleText(latin1.decode(bytes.subarray(0, SHOWN)));
  return `${bytes.length} bytes ${JSON.stringify(text)}${bytes.length > SHOWN ? "…" : ""}`;
}
