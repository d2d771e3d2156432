/**
 * What users of web can enter, where they have no page.
 *
 * @module
 */

import type { CommandForm } from "../dialect.ts";

/** The lines that a user can enter. */
export const FORMS: readonly CommandForm[] = [
  { form: "@<user> <message>", does: "sends to one user" },
  { form: "@ALL <message>", does: "sends to everybody" },
];

/** How a message is entered. */
export const USAGE = "@<user> <message>, or @ALL <message> for everybody";
