/**
 * What relay's fixtures are tested with.
 *
 * @module
 */

import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import { RELAY_DEVIATIONS } from "./deviations.ts";
import { readMutants } from "../mutant.ts";
import { together } from "../put_in.ts";
import { deviating, LATE, late, type MutantSet, ours, plain, thatSayNothing, uselessIn } from "../mutant_set.ts";
import type { MakeServer } from "../serving.ts";
import { DELIVERY } from "./delivery.ts";
import { REGISTRATION } from "./registration.ts";
import { relay } from "./server.ts";
import { STREAM } from "./stream.ts";

const makeRelay: MakeServer = (context) => new RelayServer(context, { reply: "SENT" });

/** Does nothing for those who have both sockets. */
const registeringOnly = relay("handle", (plain, server) => (socket, message) => {
  if (!server.isRegistered(socket)) plain(socket, message);
});

/** Reads a newline before a message as part of it: then that is unknown, and what its recipient was to acknowledge is not delivered. */
const takingNewlines = relay((plain, server) => ({
  next: (socket) => {
    const newlines = /^\n+/.exec(socket.unread)?.[0] ?? "";
    if (newlines === "\n" && socket.unread.length === 1) return undefined;
    const message = plain.next(socket);
    if (newlines === "" || message === undefined) return message;
    return { ...message, verb: `${newlines}${message.verb}` };
  },
  unknown: (socket) => {
    if (socket.side === "TORECV") server.gone(socket.user!.unanswered.splice(0, 1));
    else server.say(socket, "ERROR 105 Unknown command");
  },
}));

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeRelay) },
    { words: "answers late", start: late(makeRelay, LATE) },
    { words: "does what the document says", start: plain(relay()) },
    { words: "takes a newline for the beginning of a message", start: plain(takingNewlines) },
  ],
  useless: [
    ...thatSayNothing(makeRelay),
    {
      words: "registers everybody and does nothing else",
      start: plain(registeringOnly),
      keeps: [
        "relay/register-tosend",
        "relay/register-torecv",
        "relay/register-malformed",
        "relay/register-all",
        "relay/register-long",
        "relay/unregistered-send",
        "relay/unregistered-garbage",
        "relay/unregistered-half*",
        "relay/stream-split-*register*",
        "relay/stream-joined-register",
      ],
    },
  ],
  mutants: [
    ...uselessIn("relay/register-tosend"),
    ...readMutants({ ...REGISTRATION, ...DELIVERY, ...STREAM }, plain, together),
  ],
  deviations: deviating(RELAY_DEVIATIONS),
  excuses: {},
};
