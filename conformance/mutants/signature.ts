/**
 * What is particular about a failure, whoever's server it was and whatever names were made up for the run.
 *
 * @module
 */

import type { Failure } from "../play/failure.ts";

/** How one fixture failed. */
export interface Signature {
  /** What went wrong at which step: `timeout: alice.out < ERROR 102 Unable to send\n\n`. */
  readonly where: string;
  /** What arrived there. */
  readonly what: string;
}

/** Steps and bytes are told apart by this much of them, in characters. */
const ENOUGH = 60;
/** An escape, or what may be a name that was made up: those are long. So are some words, which does no harm. */
const NAME = /\\.|[a-z0-9]{9,}/g;
/** A short number: an ID of frame, or what depends on a name's length. The codes of relay are none. */
const NUMBER = /(?<![0-9]|ERROR )[0-9]{1,3}(?![0-9])/g;

/**
 * What is particular about a failure.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const attempt = { connection: "bob", fits: "FORWARD ", wanted: ["alice4mp0f2"], got: "bob9qk37c\\nhi", isClosed: false };
 * const place = { file: "a.chat", line: 9 };
 * const failure = { kind: "mismatch", place, step: "bob < FORWARD {alice}", reason: "", attempts: [attempt] } as const;
 * assertEquals(signatureOf(failure), { where: "mismatch: bob < FORWARD {alice}", what: "FORWARD ~\\nhi" });
 * ```
 */
export function signatureOf({ kind, step, attempts }: Failure): Signature {
  const [attempt] = attempts;
  const where = `${kind}: ${step.slice(0, ENOUGH)}`;
  if (attempt === undefined) return { where, what: "" };
  const { fits, got, isClosed } = attempt;
  // Where in it the step went wrong depends on the names. Only so much of what fits is kept that the rest has its place.
  const arrived = `${anonymous(fits).slice(-ENOUGH)}${got}`;
  return { where, what: `${anonymous(arrived).slice(0, 2 * ENOUGH)}${isClosed ? " closed" : ""}` };
}

/** Whether the same went wrong, as far as it is known: more of what arrived may have been still on its way. */
export function isSame(one: Signature, other: Signature): boolean {
  if (one.where !== other.where) return false;
  const [shorter, longer] = [one.what, other.what].toSorted((a, b) => a.length - b.length) as [string, string];
  return shorter === "" ? longer === "" : longer.startsWith(shorter);
}

function anonymous(text: string): string {
  return text.replace(NAME, (found) => found.startsWith("\\") ? found : "~").replace(NUMBER, "#");
}
