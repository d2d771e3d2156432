/**
 * What relay's fixtures are tested with.
 *
 * @module
 */

import type { RelaySession } from "../../../lib/dialects/relay/session.ts";
import { LATE, late, type MutantSet, ours, thatSayNothing, uselessIn } from "../mutant_set.ts";
import { sessions } from "../mutations.ts";
import { makeRelay, RELAY_MUTANTS } from "./mutants.ts";

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [{ words: "is ours", start: ours(makeRelay) }, { words: "answers late", start: late(makeRelay, LATE) }],
  useless: [
    ...thatSayNothing(makeRelay),
    {
      words: "registers everybody and does nothing else",
      start: ours(makeRelay, sessions(deafOnceRegistered)),
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
  mutants: [...uselessIn("relay/register-tosend"), ...RELAY_MUTANTS],
  excuses: {},
};

function deafOnceRegistered(session: RelaySession): void {
  const [message, body] = [session.message.bind(session), session.body.bind(session)];
  const unreadable = session.unreadable.bind(session);
  session.unreadable = (fault) => session.isRegistered ? undefined : unreadable(fault);
  session.message = (header) => session.isRegistered ? undefined : message(header);
  session.body = (to, bytes) => session.isRegistered ? undefined : body(to, bytes);
}
