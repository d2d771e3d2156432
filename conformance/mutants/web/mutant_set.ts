/**
 * What web's fixtures are tested with.
 *
 * @module
 */

import { WebServer } from "../../../lib/dialects/web/server.ts";
import { readMutants } from "../mutant.ts";
import { LATE, late, type MutantSet, ours, plain, thatSayNothing, uselessIn } from "../mutant_set.ts";
import { together } from "../put_in.ts";
import { carried } from "./over_web_socket.ts";
import { MESSAGES } from "./messages.ts";
import { READING } from "./reading.ts";
import { web } from "./server.ts";
import { USERS } from "./users.ts";
import { WIRE } from "./wire.ts";

const makeWeb = carried((context) => new WebServer(context));

/** Lets everybody in, and does nothing else. */
const joiningOnly = web("handle", (plain) => (peer, message) => {
  if (peer.name === undefined) plain(peer, message);
});

/** Refuses what its sender would say to itself, and what is empty; says more than it has to. */
const inOtherWays = web((plain, server) => ({
  find: (to, from) => plain.find(to, from),
  deliver: (peer, to, body, report) => plain.deliver(peer, to, body, report),
  send: (peer, id, to, body) => {
    if (to === peer.name) server.notTaken(peer, id, "not-allowed");
    else if (body.text === "") server.notTaken(peer, id, "empty");
    else plain.send(peer, id, to, body);
  },
  say: (peer, message) => plain.say(peer, { at: 12, ...message, more: { of: ["it"] } }),
}));

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeWeb) },
    { words: "answers late", start: late(makeWeb, LATE) },
    { words: "does what the document says", start: plain(web()) },
    { words: "says more than it has to, and refuses what it may", start: plain(inOtherWays) },
  ],
  useless: [
    ...thatSayNothing(makeWeb),
    {
      words: "lets everybody in and does nothing else",
      start: plain(joiningOnly),
      keeps: [
        "web/hello*",
        "web/join",
        "web/join-case",
        "web/joined-present",
        "web/refused-malformed*",
        "web/refused-retry",
        "web/release-vanish",
        "web/not-joined*",
        "web/present",
        "web/leave-unjoined",
        "web/close",
        // Of what is no message somebody is told, whoever they are.
        "web/bad-json*",
        "web/binary",
        "web/too-big",
      ],
    },
  ],
  mutants: [...uselessIn("web/hello"), ...readMutants({ ...USERS, ...MESSAGES, ...READING, ...WIRE }, plain, together)],
  excuses: {},
};
