/**
 * Which program this is.
 *
 * @module
 */

/**
 * The version, as in `deno.json`. It is not imported from there: a compiled binary that imports JSON never gets to keep
 * its compiled code, and starts a quarter slower.
 */
export const VERSION = "0.2.0";

/**
 * Whether a command line asks for the version and nothing else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([["-V"], ["--version"], ["serve", "--version"], []].map(asksForVersion), [true, true, false, false]);
 * ```
 */
export function asksForVersion(args: readonly string[]): boolean {
  return args.length === 1 && (args[0] === "-V" || args[0] === "--version");
}
