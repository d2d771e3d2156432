/**
 * The exit statuses of `chat conform`.
 *
 * @module
 */

/** See DESIGN.md, Conformance. */
export const STATUS = { conforms: 0, fails: 1, misused: 2, unreachable: 3, nothing: 4 } as const;
