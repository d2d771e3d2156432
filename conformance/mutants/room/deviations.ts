/**
 * room servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import type { MakePlain } from "../mutant.ts";
import { room } from "./server.ts";

/** Says something else. */
function saying(alter: (text: string) => string): MakePlain {
  return room("say", (plain) => (client, text) => plain(client, alter(text)));
}

/** By the accommodation. */
export const ROOM_DEVIATIONS: Readonly<Record<string, MakePlain>> = {
  newlines: saying((text) => `${text}\n`),
  returns: saying((text) => `${text}\r\n`),
  "other-greeting": saying((text) => text.replace(/^Greetings from .*/, "Hello! What is your name?")),
  "other-welcome": saying((text) => text.replace(/^Welcome (.*)! If you ever .*/, "You are in, $1.")),
};
