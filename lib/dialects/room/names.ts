/**
 * How those in a room are addressed by everybody else.
 *
 * @module
 */

import { isWellFormedName, MAX_NAME_LENGTH } from "../../core/name.ts";
import { isReservedName } from "../../hub/look_alikes.ts";

/** What those are called of whose name nothing is left. */
const NAMELESS = "guest";
/** Room for a number behind a long name. */
const SPARE = 10;

/**
 * The names by which somebody may be addressed, the best first: the letters and digits of the name as it was typed, letters
 * without their accents, then the same with a number behind it (PROTOCOLS.md, One hub).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const names = addressNames("José M.");
 * assertEquals([names.next().value, names.next().value, names.next().value], ["JoseM", "JoseM2", "JoseM3"]);
 * assertEquals(addressNames("日本").next().value, "guest");
 * ```
 */
export function* addressNames(title: string): Generator<string, never> {
  const letters = title.normalize("NFKD").replace(/[^A-Za-z0-9]/g, "").slice(0, MAX_NAME_LENGTH - SPARE);
  const plain = letters === "" || isReservedName(letters) ? NAMELESS : letters;
  if (isWellFormedName(plain)) yield plain;
  for (let number = 2;; number++) yield `${plain}${number}`;
}
