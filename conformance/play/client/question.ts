/**
 * What a client asks its user.
 *
 * @module
 */

/** What ends in this asks, also where the line is finished. */
const ASKING = /[:?>]\s*$/;

/**
 * The question that stands at the end of what a client has shown, if it seems to wait for an answer: its last line is not finished, as
 * that of a prompt, or ends as questions do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(questionIn("Welcome!\nPress Enter to start"), "Press Enter to start");
 * assertEquals(questionIn("Your name:\n"), "Your name:");
 * assertEquals(questionIn("connecting\n"), undefined);
 * ```
 */
export function questionIn(shown: string): string | undefined {
  const last = shown.trimEnd().split("\n").at(-1)!.trim();
  const isUnfinished = !/\n\s*$/.test(shown);
  return last !== "" && (isUnfinished || ASKING.test(shown)) ? last : undefined;
}
