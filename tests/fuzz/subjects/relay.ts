/**
 * What reads what peers of relay say, and words of which streams for it are made.
 *
 * @module
 */

import { RelayClient } from "../../../lib/dialects/relay/client.ts";
import { type BodyVerb, MAX_HEADER, RelayDecoder } from "../../../lib/dialects/relay/codec.ts";
import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import { clientSession, MAX_BODY, type Reader, serverSession, telling } from "../readers.ts";
import type { Subject } from "../subject.ts";

/** What clients of ours take from a server: longer bodies than a server takes from a client. */
const BODY_BOUND = 16 * 1024 * 1024;
const RELAY_GREETING = ["REGISTERED TOSEND alice\n\n", "REGISTERED TORECV alice\n\n"];

function relayDecoder(verb: BodyVerb | undefined): () => Reader {
  return telling((told) => {
    const decoder: RelayDecoder = new RelayDecoder(verb, MAX_BODY, {
      message: (header) => told("message", header),
      body: (party, body) => told("body", party, body),
      unreadable: (fault) => {
        told("unreadable", fault);
        // As all sessions do.
        decoder.stop();
      },
    });
    return (bytes) => decoder.push(bytes);
  });
}

/** What relay is made of, and what lies beside that. */
export const WORDS: readonly string[] = [
  "SEND bob\n",
  "FORWARD bob\n",
  "Content-length: ",
  "3\n\n",
  "2001\n\n",
  "\n\n",
  "\n",
  "\r\n",
  " \t\n",
  "\r",
  "jos\u00e9",
  "REGISTER TOSEND a\n\n",
  "REGISTER TORECV a\n\n",
  "RECEIVED a\n\n",
  "SENT a\n\n",
  "ERROR 102 x\n\n",
  "REGISTERED TOSEND a\n\n",
  "UNREGISTER a\n\n",
];

/** Its codec, its server and its client. */
export const SUBJECTS: readonly Subject[] = [
  { name: "relay's decoder, of a server", bound: MAX_HEADER, share: 13, make: relayDecoder("SEND") },
  {
    name: "relay's decoder, of a client",
    bound: MAX_HEADER,
    share: 6,
    make: relayDecoder("FORWARD"),
  },
  {
    name: "relay's decoder, without bodies",
    bound: MAX_HEADER,
    share: 4,
    make: relayDecoder(undefined),
  },
  {
    name: "relay's server",
    bound: MAX_HEADER,
    share: 1,
    make: serverSession((context) => new RelayServer(context, { reply: "SENT" })),
  },
  {
    name: "relay's client, as it sends",
    bound: MAX_HEADER,
    share: 1,
    make: clientSession((events) => new RelayClient("alice", events), RELAY_GREETING, 0),
  },
  {
    // It looks for a message behind a rest at the start of a read alone.
    name: "relay's client, as it receives",
    bound: BODY_BOUND,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new RelayClient("alice", events), RELAY_GREETING, 1),
  },
];
