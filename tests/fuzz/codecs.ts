/**
 * All that reads what peers say: codecs, and the sessions that stand behind them.
 *
 * @module
 */

import { FrameClient } from "../../lib/dialects/frame/client.ts";
import { FrameDecoder, MAX_MESSAGE } from "../../lib/dialects/frame/codec.ts";
import { FrameServer } from "../../lib/dialects/frame/server.ts";
import { GroupClient } from "../../lib/dialects/group/client.ts";
import { decodeAnswer, decodeRequest } from "../../lib/dialects/group/messages.ts";
import { GroupServer } from "../../lib/dialects/group/server.ts";
import { LineDecoder, MAX_LINE } from "../../lib/dialects/text/line_decoder.ts";
import { RecordedEvents } from "../../lib/dialects/testing/recorded_events.ts";
import { RelayClient } from "../../lib/dialects/relay/client.ts";
import { type BodyVerb, MAX_HEADER, RelayDecoder } from "../../lib/dialects/relay/codec.ts";
import { RelayServer } from "../../lib/dialects/relay/server.ts";
import { RoomClient } from "../../lib/dialects/room/client.ts";
import { RoomDecoder } from "../../lib/dialects/room/decoder.ts";
import { RoomServer } from "../../lib/dialects/room/server.ts";
import { SlashClient } from "../../lib/dialects/slash/client.ts";
import { parseCommand } from "../../lib/dialects/slash/command.ts";
import { SlashDecoder } from "../../lib/dialects/slash/decoder.ts";
import { SlashServer } from "../../lib/dialects/slash/server.ts";
import { GREETING } from "../../lib/dialects/slash/words.ts";
import { foreignProtocol } from "../../lib/dialects/foreign_protocol.ts";
import { Hub } from "../../lib/hub/hub.ts";
import { frameIds } from "../../lib/dialects/frame/ids.ts";
import { clientSession, datagrams, MAX_BODY, type Reader, serverSession, telling } from "./readers.ts";

/** How one of them is made, and what it must keep. */
export interface Subject {
  /** What reports call it. */
  readonly name: string;
  /** Whose fixtures it is fed. */
  readonly dialect: string;
  /** How many bytes of what is unfinished it may keep. */
  readonly bound: number;
  /** Whether where the stream is cut makes a difference. */
  readonly heedsCuts?: boolean;
  /** How many streams of a hundred are for it. */
  readonly share: number;
  /** Makes one. */
  make(): Reader;
}

const LINE_BOUND = MAX_LINE + 1;
/** What clients of ours take from a server: longer lines, and bodies, than a server takes from a client. */
const HEARD_BOUND = 64 * 1024 + 1;
const BODY_BOUND = 16 * 1024 * 1024;
const latin1 = new TextDecoder("latin1");
const THERE = { hostname: "192.0.2.1", port: 2000 };
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

/** All of them. */
export const SUBJECTS: readonly Subject[] = [
  { name: "relay's decoder, of a server", dialect: "relay", bound: MAX_HEADER, share: 13, make: relayDecoder("SEND") },
  {
    name: "relay's decoder, of a client",
    dialect: "relay",
    bound: MAX_HEADER,
    share: 6,
    make: relayDecoder("FORWARD"),
  },
  {
    name: "relay's decoder, without bodies",
    dialect: "relay",
    bound: MAX_HEADER,
    share: 4,
    make: relayDecoder(undefined),
  },
  {
    name: "frame's decoder",
    dialect: "frame",
    bound: MAX_MESSAGE,
    share: 20,
    make: telling((told) => {
      const decoder = new FrameDecoder({
        message: (from, to, message) => told("message", from, to, message),
        acknowledged: (from, to) => told("acknowledged", from, to),
        tooLong: (from, to, size) => told("too long", from, to, size),
        unreadable: (fault) => told("unreadable", fault),
      });
      return (bytes) => decoder.push(bytes);
    }),
  },
  {
    name: "slash's decoder, by writes",
    dialect: "slash",
    bound: MAX_LINE,
    heedsCuts: true,
    share: 6,
    make: telling((told) => {
      const decoder = new SlashDecoder({ line: (line) => told(line), tooLong: () => told("too long"), isHeld: false });
      decoder.push(new TextEncoder().encode("alice"));
      decoder.push(decoder.settle());
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "slash's lines and commands",
    dialect: "slash",
    bound: LINE_BOUND,
    share: 10,
    make: telling((told) => {
      const line = (bytes: Uint8Array) => told(parseCommand(latin1.decode(bytes)));
      const decoder = new LineDecoder(MAX_LINE, { line, tooLong: () => told("too long"), isHeld: false });
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "room's decoder, by lines",
    dialect: "room",
    bound: LINE_BOUND,
    share: 6,
    make: telling((told) => {
      const decoder = new RoomDecoder({ line: (line) => told(line), tooLong: () => told("too long"), isHeld: false });
      decoder.push(new TextEncoder().encode("alice\n"));
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "room's decoder, by reads",
    dialect: "room",
    bound: LINE_BOUND,
    share: 6,
    make: () => {
      const read: string[] = [];
      const line = (bytes: Uint8Array) => void read.push(latin1.decode(bytes));
      const decoder = new RoomDecoder({ line, tooLong: () => {}, isHeld: false });
      decoder.push(new TextEncoder().encode("alice"));
      // Where a message ends is where a read ended; but nothing is lost, and nothing comes twice.
      return { push: (bytes) => void decoder.push(bytes), result: () => read.join("") };
    },
  },
  {
    name: "group's requests and answers",
    dialect: "group",
    bound: 0,
    heedsCuts: true,
    share: 16,
    make: telling((told) => (bytes) => told(decodeRequest(bytes), decodeAnswer(bytes))),
  },
  {
    name: "the look at whom a port is for",
    dialect: "relay",
    bound: 0,
    heedsCuts: true,
    share: 2,
    make: telling((told) => (bytes) =>
      told(["relay", "frame", "slash", "room"].map((name) => foreignProtocol(name, bytes)))
    ),
  },
  {
    name: "relay's server",
    dialect: "relay",
    bound: MAX_HEADER,
    share: 1,
    make: serverSession((context) => new RelayServer(context, { reply: "SENT" })),
  },
  {
    name: "frame's server",
    dialect: "frame",
    bound: MAX_MESSAGE,
    share: 1,
    make: serverSession((context) => new FrameServer(context)),
  },
  {
    name: "slash's server",
    dialect: "slash",
    bound: LINE_BOUND,
    share: 1,
    make: serverSession((context) => new SlashServer(context)),
  },
  {
    name: "room's server",
    dialect: "room",
    bound: LINE_BOUND,
    heedsCuts: true,
    share: 1,
    make: serverSession((context) => new RoomServer(context)),
  },
  {
    name: "group's server",
    dialect: "group",
    bound: 0,
    heedsCuts: true,
    share: 1,
    make: datagrams((deadlines, port) => {
      const hub = new Hub({ ackTimeout: 5_000, deadlines, wallClock: () => 0, ids: frameIds() });
      const server = new GroupServer({ hub, deadlines, maxMessage: MAX_BODY, log: () => {} }, port);
      port.start(server);
      return (bytes) => port.feed(bytes, THERE);
    }),
  },
  {
    name: "group's client",
    dialect: "group",
    bound: 0,
    heedsCuts: true,
    share: 1,
    make: datagrams((deadlines, port) => {
      const client = new GroupClient("alice", new RecordedEvents(), { port, server: THERE, deadlines });
      client.start();
      port.start(client);
      return (bytes) => port.feed(bytes, THERE);
    }),
  },
  {
    name: "relay's client, as it sends",
    dialect: "relay",
    bound: MAX_HEADER,
    share: 1,
    make: clientSession((events) => new RelayClient("alice", events), RELAY_GREETING, 0),
  },
  {
    // It looks for a message behind a rest at the start of a read alone.
    name: "relay's client, as it receives",
    dialect: "relay",
    bound: BODY_BOUND,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new RelayClient("alice", events), RELAY_GREETING, 1),
  },
  {
    name: "frame's client",
    dialect: "frame",
    bound: MAX_MESSAGE,
    share: 1,
    // Behind an ID and a first frame: without them, the next digits may belong to the ID.
    make: clientSession((events) => new FrameClient(events), ["71][7][1][x"]),
  },
  {
    name: "frame's client, at its beginning",
    dialect: "frame",
    bound: MAX_MESSAGE,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new FrameClient(events), [""]),
  },
  {
    name: "slash's client",
    dialect: "slash",
    bound: HEARD_BOUND,
    share: 1,
    make: clientSession((events, timer) => new SlashClient("alice", events, timer), [`${GREETING}\n`]),
  },
  {
    // What a server says that is not ours is shown as it comes.
    name: "slash's client, anywhere",
    dialect: "slash",
    bound: HEARD_BOUND,
    heedsCuts: true,
    share: 1,
    make: clientSession((events, timer) => new SlashClient("alice", events, timer), [""]),
  },
  {
    name: "room's client",
    dialect: "room",
    bound: LINE_BOUND,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new RoomClient("alice", events), [""]),
  },
];
