/**
 * The instructions that a pattern is compiled to.
 *
 * @module
 */

/** What a pattern captures: where it goes, once it matched. */
export interface Slot {
  /** The name that it gets, if it is kept. */
  readonly name?: string;
  /** The choice under which it is recorded, if it is. */
  readonly choice?: string;
}

/** The bounds of a number, and the capture in which its digits begin. */
export interface Range {
  /** The capture. */
  readonly slot: number;
  /** The smallest number that fits. */
  readonly low: number;
  /** The largest number that fits. */
  readonly high: number;
}

/**
 * One instruction. Those that take bytes know how they are shown to people: `own` what they take, `rest` what follows.
 */
export type Instruction =
  | { readonly op: "bytes"; readonly bytes: Uint8Array; readonly caseless: boolean; readonly rest: string }
  | { readonly op: "one"; readonly takes: (byte: number) => boolean; readonly own: string; readonly rest: string }
  /** `count` is a number, or the capture that holds it. */
  | {
    readonly op: "count";
    readonly count: number | { readonly slot: number };
    readonly own: string;
    readonly rest: string;
  }
  /** Goes on in two places; `preferred` wins if both lead to a match. */
  | { readonly op: "split"; preferred: number; other: number }
  | { readonly op: "jump"; to: number }
  | { readonly op: "begin" | "end"; readonly slot: number }
  | { readonly op: "digit"; readonly range: Range; readonly own: string; readonly rest: string }
  | { readonly op: "range"; readonly range: Range }
  | { readonly op: "chosen"; readonly choice: string; readonly value: string }
  | { readonly op: "match" };

/** A compiled pattern. */
export interface Program {
  /** Begins with the first and ends with `match`. */
  readonly instructions: readonly Instruction[];
  /** What it captures. */
  readonly slots: readonly Slot[];
}
