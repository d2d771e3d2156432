/**
 * group servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import type { Start } from "../mutant.ts";
import { replacingText } from "./changes.ts";
import { group, type MakePlainGroup } from "./server.ts";
import { groupServer } from "./serving.ts";

const DEVIATIONS: Readonly<Record<string, MakePlainGroup>> = {
  "one-line-fields": replacingText(/(^|\n)([A-Za-z_]+:)\n/g, "$1$2 "),
  "other-welcome": replacingText("[Welcome, You are registered.]", "You are in."),
  "single-quotes": group(
    "send",
    (plain) => (to, text) => plain(to, /^.*\nupdate\n/.test(text) ? text.replaceAll('"', "'") : text),
  ),
  "other-created": replacingText(/\[Group .* created by Server\.\]/g, "Your group is there."),
  "other-entered": replacingText(/\[Entered group .* successfully\.\]/g, "You are in it."),
  "other-received": replacingText("[Message received by Server.]", "Sent."),
};

/** By the accommodation. */
export const GROUP_DEVIATIONS: Readonly<Record<string, Start>> = Object.fromEntries(
  Object.entries(DEVIATIONS).map(([name, make]) => [name, groupServer(make)]),
);
