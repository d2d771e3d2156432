/**
 * Expected and received, with the first difference marked.
 *
 * @module
 */

import type { Attempt } from "../../play/failure.ts";

/** How much is shown before the first difference, and behind it, in characters. */
const BEFORE = 40;
const BEHIND = 60;
/** Words in place of bytes: in parentheses, as they are not what was sent. */
const CLOSED = "(closed)";
const NOTHING = "(nothing)";

/**
 * Lines that show what was expected and what was received, one below the other, and a mark below the first difference.
 * What fits is the same in both, so that the mark is right for both.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines = showDifference({ connection: "a", fits: "SEN", wanted: ["T\\n"], got: "D\\n", isClosed: false });
 * assertEquals(lines, ["expected  SENT\\n", "received  SEND\\n", "             ^"]);
 * ```
 */
export function showDifference({ fits, wanted, got, isClosed }: Attempt): string[] {
  const letters = [...fits];
  const before = letters.length > BEFORE ? `…${letters.slice(-BEFORE).join("")}` : fits;
  const received = visible(before + cut(got)) + (isClosed ? CLOSED : "");
  const hasArrived = before + got !== "";
  if (wanted === "withheld") return [`received  ${received === "" ? NOTHING : received}`];
  return [
    ...expectations(before, wanted).map((text, i) => `${i === 0 ? "expected" : "      or"}  ${text}`),
    `received  ${received === "" ? NOTHING : received}`,
    ...(wanted.length > 0 && hasArrived ? [`${" ".repeat("expected  ".length + [...before].length)}^`] : []),
  ];
}

function expectations(before: string, wanted: readonly string[] | "closed"): string[] {
  if (wanted === "closed") return [CLOSED];
  return wanted.length === 0 ? [NOTHING] : wanted.map((text) => visible(before + cut(text)));
}

/** A blank at the end of a line is not seen. */
function visible(text: string): string {
  return text.replace(/ +$/, (blanks) => "\\s".repeat(blanks.length));
}

function cut(text: string): string {
  const letters = [...text];
  return letters.length <= BEHIND ? text : `${letters.slice(0, BEHIND).join("")}… (${letters.length - BEHIND} more)`;
}
