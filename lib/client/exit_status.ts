/**
 * The exit statuses of `chat connect`.
 *
 * @module
 */

/** We left, and everything that a script sent was delivered. */
export const LEFT = 0;
/** The server refused or left us, or something was not delivered. */
export const FAILED = 1;
/** The command line cannot be followed. */
export const MISUSED = 2;
/** There is no such server, or it does not speak this dialect. */
export const UNREACHABLE = 3;

/** How `chat connect` ended. */
export type ExitStatus = typeof LEFT | typeof FAILED | typeof MISUSED | typeof UNREACHABLE;
