/**
 * The instructions that a pattern is compiled to.
 *
 * @module
 */

import type { Stands } from "./stands.ts";

/** What a pattern captures: where it goes, once it matched. */
export interface Slot {
  /** The name that it gets, if it is kept. */
  readonly name?: string;
  /** The choice under which it is recorded, if it is. */
  readonly choice?: string;
}

/** The bounds of a number. */
export interface Range {
  /** The smallest number that fits. */
  readonly low: number;
  /** The largest number that fits. */
  readonly high: number;
}

/** How many bytes there are to be: what the first of these captures says that holds anything. */
export interface Count {
  /** The captures. */
  readonly slots: readonly number[];
  /** The number where none of them holds anything; negative for what is no number. */
  readonly otherwise: number;
}

/**
 * One instruction. Those that take bytes know how they are shown to people: `own` what they take, `rest` what follows.
 */
export type Instruction =
  | { readonly op: "bytes"; readonly bytes: Uint8Array; readonly caseless: boolean; readonly rest: string }
  | { readonly op: "one"; readonly takes: (byte: number) => boolean; readonly own: string; readonly rest: string }
  | { readonly op: "count"; readonly count: Count; readonly own: string; readonly rest: string }
  /** Goes on in two places; `preferred` wins if both lead to a match. */
  | { readonly op: "split"; preferred: number; other: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "begin" | "end"; readonly slot: number }
  /** All digits up to a byte that is none, or the end. */
  | { readonly op: "number"; readonly range: Range; readonly own: string; readonly rest: string }
  | { readonly op: "chosen"; readonly choice: string; readonly value: string }
  | { readonly op: "match" };

/** A compiled pattern. */
export interface Program {
  /** Begins with the first and ends with `match`. */
  readonly instructions: readonly Instruction[];
  /** What it captures. */
  readonly slots: readonly Slot[];
  /** What is remembered of matching with it, to the end of what there is or not, if it keeps nothing of what it matches. */
  readonly stands: { readonly toTheEnd: Stands; readonly before: Stands } | undefined;
}
