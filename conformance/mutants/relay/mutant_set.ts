/**
 * What relay's fixtures are tested with.
 *
 * @module
 */

import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import { RELAY_DEVIATIONS } from "./deviations.ts";
import { readMutants } from "../mutant.ts";
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

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeRelay) },
    { words: "answers late", start: late(makeRelay, LATE) },
    { words: "does what the document says", start: plain(relay()) },
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
    ...readMutants({ ...REGISTRATION, ...DELIVERY, ...STREAM }, plain),
  ],
  deviations: deviating(RELAY_DEVIATIONS),
  excuses: {},
};
