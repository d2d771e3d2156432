/**
 * frame servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import type { MakePlain } from "../mutant.ts";
import { frame } from "./server.ts";

/** Tells a client its ID in other words. */
function greeting(words: (id: number) => string): MakePlain {
  return frame("greet", (_plain, server) => (client) => server.say(client, words(client.id)));
}

/** Counts IDs from 1, and has room for no more than others. */
const countingFromOne: MakePlain = frame("assign", (_plain, server) => () => {
  for (let id = 1; id <= 254; id++) if (!server.clients.has(id)) return id;
  return undefined;
});

/** By the accommodation. */
export const FRAME_DEVIATIONS: Readonly<Record<string, MakePlain>> = {
  "id-too-low": countingFromOne,
  "id-padded": greeting((id) => String(id).padStart(3, "0")),
  "id-line": greeting((id) => `${id}\n`),
  "frame-line": frame("forward", (_plain, server) => (to, frame) => server.say(to, `${frame.bytes}\n`)),
  "tells-who-comes": frame("greet", (plain, server) => (client) => {
    for (const other of server.clients.values()) {
      if (other !== client) server.say(other, `Client ${client.id} has joined\n`);
    }
    plain(client);
  }),
  "tells-who-left": frame("leave", (plain, server) => (client) => {
    plain(client);
    for (const other of server.clients.values()) server.say(other, `Client ${client.id} left`);
  }),
  "id-in-words": greeting((id) => `Welcome! Your ID is ${id}.\n`),
};
