/**
 * slash servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import type { MakePlain } from "../mutant.ts";
import { TextChanges } from "../text/changes.ts";
import { PlainSlashServer } from "./server.ts";

const changes = new TextChanges(PlainSlashServer);

/** By the accommodation. */
export const SLASH_DEVIATIONS: Readonly<Record<string, MakePlain>> = {
  "no-users": changes.onLine(/^\/users/, (server, client) => server.say(client, "Unknown command: see /help")),
};
