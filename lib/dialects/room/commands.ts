/**
 * What users of room can enter.
 *
 * @module
 */

import type { CommandForm } from "../dialect.ts";

/** How a client asks to leave, and the server's answer. */
export const QUIT = "#quit";

/** The lines that a user can enter. */
export const FORMS: readonly CommandForm[] = [
  { form: "<message>", does: "sends to everybody in the room" },
  { form: QUIT, does: "leaves" },
];

/** How a message is entered. */
export const USAGE: string = `what everybody shall read, or ${QUIT}`;
