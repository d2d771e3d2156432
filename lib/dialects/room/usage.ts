/**
 * What the client of room tells its user to enter.
 *
 * @module
 */

/** How a message is entered. */
export const USAGE = "what everybody shall read, or #quit";
