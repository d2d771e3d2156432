/**
 * Finds out whether a fixture failed because it heard what was not for it.
 *
 * @module
 */

import { receivedIn, sentIn } from "../../causes/evidence.ts";
import type { Result } from "../../results/verdict.ts";

/** So many characters are no chance, and more need not be compared. */
const TELLING = 5;
const LONG_ENOUGH = 40;

const latin1 = new TextDecoder("latin1");

/** Whether a fixture heard what only another one has sent, or of its users: then it fails for what that one shows. */
export function isOverheard(first: Result, other: Result | undefined): boolean {
  if (other?.wire === undefined) return false;
  const [heard, own] = [receivedIn(first), sentIn(first)];
  const sent = other.wire.events.filter(({ kind }) => kind === "sent").map(({ bytes }) => latin1.decode(bytes));
  const telling = [...sent, ...other.wire.names.values()].map((text) => text.slice(0, LONG_ENOUGH));
  return telling.some((text) => text.length >= TELLING && heard.includes(text) && !own.includes(text));
}
