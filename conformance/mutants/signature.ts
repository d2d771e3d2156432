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
  /** What arrived there: what fits, a bar, and what followed instead. */
  readonly what: string;
}

/** Steps and bytes are told apart by this much of them, in characters. */
const ENOUGH = 60;
/** An escape, or what may be a name that was made up: those are long. So are some words, which does no harm. */
const NAME = /\\.|[a-z0-9]{7,}/g;
/** IDs of frame, which depend on who else is there, are short numbers; relay's error codes are longer. */
const ID = /(?<![0-9])[0-9]{1,2}(?![0-9])/g;

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
 * assertEquals(signatureOf(failure), { where: "mismatch: bob < FORWARD {alice}", what: "FORWARD |~\\nhi" });
 * ```
 */
export function signatureOf({ kind, step, attempts }: Failure): Signature {
  const [attempt] = attempts;
  const where = `${kind}: ${step.slice(0, ENOUGH)}`;
  if (attempt === undefined) return { where, what: "" };
  const end = attempt.isClosed ? " closed" : "";
  return { where, what: `${anonymous(attempt.fits).slice(-ENOUGH)}|${anonymous(attempt.got).slice(0, ENOUGH)}${end}` };
}

function anonymous(text: string): string {
  return text.replace(NAME, (found) => found.startsWith("\\") ? found : "~").replace(ID, "#");
}
