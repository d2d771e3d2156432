/**
 * What users of frame can enter: a choice of the menu, or in a pipe a message.
 *
 * @module
 */

import type { CommandForm } from "../dialect.ts";

/** The choices of the document's menu. */
export const FORMS: readonly CommandForm[] = [
  { form: "1", does: "asks for a message and the ID that it goes to, and sends it; an empty ID goes back" },
  { form: "2", does: "disconnects and exits" },
];

/** How a message is entered, in a pipe. */
export const USAGE = "<destination> <message>";
