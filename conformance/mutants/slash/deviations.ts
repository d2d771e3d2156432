/**
 * slash servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import type { MakePlain } from "../mutant.ts";
import { TextChanges } from "../text/changes.ts";
import { PlainSlashServer, slash } from "./server.ts";

const changes = new TextChanges(PlainSlashServer);

/** By the accommodation. */
export const SLASH_DEVIATIONS: Readonly<Record<string, MakePlain>> = {
  "no-users": changes.onLine(/^\/users/, (server, client) => server.say(client, "Unknown command: see /help")),
  "users-to-all": slash("list", (_plain, server) => () => {
    for (const one of server.users) server.say(one, `* Here are: ${server.users.map(({ name }) => name).join(", ")}`);
  }),
  "users-without-asker": slash("listed", (_plain, server) => (asker) => server.others(asker)),
  "dm-to-all": slash("recipients", (plain, server) => (alias, sender) => {
    return plain(alias, sender).length === 0 ? [] : server.others(sender);
  }),
  "dm-without-sender": slash(
    "passDirect",
    (_plain, server) => (to, _from, text) => server.say(to, `* For you: ${text}`),
  ),
};
