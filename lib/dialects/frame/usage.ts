/**
 * What the client of frame tells its user to enter.
 *
 * @module
 */

/** How a message is entered, in a pipe. */
export const USAGE = "<destination> <message>";
