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
