/**
 * relay servers that deviate in what every fixture needs, and are right in all else: one for each accommodation.
 *
 * @module
 */

import { latin1Bytes } from "../latin1.ts";
import type { MakePlain } from "../mutant.ts";
import { relay } from "./server.ts";

/** Writes its messages otherwise, but for those with a body. */
function writing(alter: (text: string) => string): MakePlain {
  return writingAll((text) => text.startsWith("FORWARD") ? text : alter(text));
}

/** Writes its messages otherwise, and the headers of those with a body. */
function writingAll(alter: (text: string) => string): MakePlain {
  return relay("put", (plain) => (socket, text) => plain(socket, alter(text)));
}

/** Writes the headers of forwarded messages otherwise. */
function forwarding(alter: (text: string) => string): MakePlain {
  return writingAll((text) => text.startsWith("FORWARD") ? alter(text) : text);
}

const ending = (end: string) => writing((text) => text.replace(/\n\n$/, end));

/** By the accommodation. */
export const RELAY_DEVIATIONS: Readonly<Record<string, MakePlain>> = {
  "one-newline": writingAll((text) => text.replace(/\n\n$/, "\n")),
  "blank-line": ending("\n \n"),
  returns: writingAll((text) => text.replaceAll("\n", "\r\n")),
  "one-return": ending("\r\n"),
  "three-newlines": ending("\n\n\n"),
  "no-newline": ending(""),
  "no-name": writing((text) => text.replace(/^(REGISTERED \w+) \w+/, "$1")),
  "other-word": writing((text) => text.replace(/^REGISTERED \w+/, "Welcome")),
  "other-success": writing((text) => text.replace(/^SENT /, "DELIVERED ")),
  greeting: relay("accept", (plain) => (link) => {
    const handler = plain(link);
    link.write(latin1Bytes("Welcome to the chat!\n"));
    return handler;
  }),
  prompt: ending("\n\n> "),
  "prompt-before": writing((text) => `> ${text}`),
  "torecv-first": relay("register", (plain, server) => (socket, side, name) => {
    if (side === "TORECV" || server.users.get(name)?.sockets.has("TORECV")) plain(socket, side, name);
    else server.say(socket, "ERROR 101 No user registered");
  }),
  "both-first": relay((plain) => {
    const held = new Map<string, () => void>();
    return {
      say: (socket, words) => {
        const [, name] = /^REGISTERED \w+ (\w+)$/.exec(words) ?? [];
        if (name === undefined) return plain.say(socket, words);
        const other = held.get(name);
        if (other === undefined) return void held.set(name, () => plain.say(socket, words));
        held.delete(name);
        other();
        plain.say(socket, words);
      },
    };
  }),
  "length-spelled": forwarding((text) => text.replace("Content-length", "Content-Length")),
  "no-length": forwarding((text) => text.replace(/\nContent-length: \d+/, "")),
  "other-sender": relay("forward", (plain) => (to, _from, body) => plain(to, to.name, body)),
  "forward-on-tosend": relay("forward", (_plain, server) => (to, from, body) => {
    const socket = to.sockets.get("TOSEND")!;
    server.put(socket, `FORWARD ${from}\nContent-length: ${body.length}\n\n`);
    server.putBody(socket, body);
  }),
  "other-number": writing((text) => text.replace(/^ERROR 102 .*/, "ERROR 404 Not found")),
  "no-number": writing((text) => text.replace(/^ERROR \d+ /, "ERROR ")),
};
