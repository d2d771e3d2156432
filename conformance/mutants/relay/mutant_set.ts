/**
 * What relay's fixtures are tested with.
 *
 * @module
 */

import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import { readMutants } from "../mutant.ts";
import { LATE, late, type MutantSet, ours, plain, thatSayNothing, uselessIn } from "../mutant_set.ts";
import type { MakeServer } from "../serving.ts";
import { DELIVERY } from "./delivery.ts";
import { REGISTRATION } from "./registration.ts";
import { type PlainMessage, PlainRelayServer, type RelaySocket } from "./server.ts";
import { STREAM } from "./stream.ts";

const makeRelay: MakeServer = (context) => new RelayServer(context, { reply: "SENT" });

/** Does nothing for those who have both sockets. */
class RegisteringOnly extends PlainRelayServer {
  override handle(socket: RelaySocket, message: PlainMessage): void {
    if (!this.isRegistered(socket)) super.handle(socket, message);
  }
}

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeRelay) },
    { words: "answers late", start: late(makeRelay, LATE) },
    { words: "does what the document says", start: plain(PlainRelayServer) },
  ],
  useless: [
    ...thatSayNothing(makeRelay),
    {
      words: "registers everybody and does nothing else",
      start: plain(RegisteringOnly),
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
  excuses: {},
};
