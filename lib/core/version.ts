/**
 * Which program this is.
 *
 * @module
 */

/**
 * The version, as in `deno.json`. It is not imported from there: a compiled binary that imports JSON never gets to keep
 * its compiled code, and starts a quarter slower.
 */
export const VERSION = "0.1.0";
