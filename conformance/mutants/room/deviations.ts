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

const JOINED = / from \[[^\]]*\] has joined the chat!$/;

/** Tells newcomers of themselves, too. */
function tellingThem(words: string): MakePlain {
  return room("joined", (_plain, server) => (client) => {
    for (const one of server.users) server.say(one, `${client.name} ${words}`);
  });
}

/** By the accommodation. */
export const ROOM_DEVIATIONS: Readonly<Record<string, MakePlain>> = {
  newlines: saying((text) => `${text}\n`),
  returns: saying((text) => `${text}\r\n`),
  "other-greeting": saying((text) => text.replace(/^Greetings from .*/, "Hello! What is your name?")),
  "other-welcome": saying((text) => text.replace(/^Welcome (.*)! If you ever .*/, "You are in, $1.")),
  "told-oneself": tellingThem("from [127.0.0.1] has joined the chat!"),
  "other-joined": saying((text) => text.replace(JOINED, " is here")),
  "other-joined-oneself": tellingThem("has joined the chat!"),
  "no-joined": saying((text) => JOINED.test(text) ? "" : text),
  "other-prefix": room("pass", (_plain, server) => (to, { name }, text) => server.say(to, `<${name}> ${text}`)),
  "no-prefix": room("pass", (_plain, server) => (to, _from, text) => server.say(to, text)),
  "no-echo": room("audience", (_plain, server) => (sender) => server.others(sender)),
};
