/**
 * Names of users, as every dialect understands them.
 *
 * @module
 */

/** The word that addresses everybody, and that therefore nobody can be called (PROTOCOLS.md, relay). */
export const EVERYONE = "ALL";

/** The longest name the hub takes, in characters; no document sets a limit, but a name must not fill a table. */
export const MAX_NAME_LENGTH = 255;

const WELL_FORMED = /^[A-Za-z0-9]+$/;

/**
 * Says whether a name is well formed: one or more of `A-Z a-z 0-9`, not {@linkcode EVERYONE}, and at most
 * {@linkcode MAX_NAME_LENGTH} characters (clauses `relay/register-malformed` and `relay/register-all`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isWellFormedName("alice"), true);
 * assertEquals(isWellFormedName("al ice"), false);
 * assertEquals(isWellFormedName("ALL"), false);
 * ```
 */
export function isWellFormedName(name: string): boolean {
  return name.length <= MAX_NAME_LENGTH && WELL_FORMED.test(name) && name !== EVERYONE;
}

/** What the server itself may be taken for. */
const RESERVED: ReadonlySet<string> = new Set(["server", "system"]);

/** Characters that look like a letter of those names, by the letter. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  "5": "s",
  "$": "s",
  "\u0455": "s",
  "3": "e",
  "\u0435": "e",
  "\u0454": "e",
  "\u03bd": "v",
  "\u0443": "y",
  "7": "t",
  "\u0442": "t",
  "\u043c": "m",
  "\u0433": "r",
};

/**
 * Says whether a name could be taken for the server's own voice: `server` and `system`, in any case and with digits or
 * punctuation round them or letters that look the same. Nobody may be called that.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["Server", "5ystem", "server1", "observer"].map(isReservedName), [true, true, true, false]);
 * ```
 */
export function isReservedName(name: string): boolean {
  const plain = Array.from(name.normalize("NFKC").toLowerCase());
  const letters = plain.map((character, at) => isMargin(plain, at) ? "" : LOOK_ALIKES[character] ?? character);
  return RESERVED.has(letters.join("").replace(/[^\p{L}]/gu, ""));
}

/** Whether a digit stands behind all letters, where it is a number and not a letter's look-alike. */
function isMargin(characters: readonly string[], at: number): boolean {
  const isLetter = (character: string) => /\p{L}/u.test(character);
  return /\d/.test(characters[at]!) && !characters.slice(at).some(isLetter);
}
