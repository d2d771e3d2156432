/**
 * What the client of relay tells its user to enter.
 *
 * @module
 */

/** How a message is entered. */
export const USAGE = "@<user> <message>, or @ALL <message> for everybody";
