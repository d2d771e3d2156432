/**
 * What reads what peers of room say, and words of which streams for it are made.
 *
 * @module
 */

import { RoomClient } from "../../../lib/dialects/room/client.ts";
import { InputDecoder } from "../../../lib/dialects/text/input_decoder.ts";
import { ROOM_INPUT } from "../../../lib/dialects/room/input.ts";
import { RoomServer } from "../../../lib/dialects/room/server.ts";
import { MAX_LINE } from "../../../lib/dialects/text/line_decoder.ts";
import { clientSession, serverSession, telling } from "../readers.ts";
import type { Subject } from "../subject.ts";

const LINE_BOUND = MAX_LINE + 1;
const latin1 = new TextDecoder("latin1");

/** What room is made of, and what lies beside that. */
export const WORDS: readonly string[] = [
  "alice",
  "alice\n",
  "#quit",
  "\n",
  "\r\n",
  "@bob ",
  "é",
  "€",
  "😀",
  "\u001b]0;x\u0007",
];

/** Its codec, its server and its client. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "room's decoder, by lines",
    bound: LINE_BOUND,
    share: 6,
    make: telling((told) => {
      const decoder = new InputDecoder({ line: told, tooLong: () => told("too long"), isHeld: false }, ROOM_INPUT);
      decoder.push(new TextEncoder().encode("alice\n"));
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "room's decoder, by reads",
    bound: LINE_BOUND,
    share: 6,
    make: () => {
      const read: string[] = [];
      const line = (bytes: Uint8Array) => void read.push(latin1.decode(bytes));
      const decoder = new InputDecoder({ line, tooLong: () => {}, isHeld: false }, ROOM_INPUT);
      decoder.push(new TextEncoder().encode("alice"));
      // Where a message ends is where a read ended; but nothing is lost, and nothing comes twice.
      return { push: (bytes) => void decoder.push(bytes), result: () => read.join("") };
    },
  },
  {
    name: "room's server",
    bound: LINE_BOUND,
    heedsCuts: true,
    share: 1,
    make: serverSession((context) => new RoomServer(context)),
  },
  {
    name: "room's client",
    bound: LINE_BOUND,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new RoomClient("alice", events), [""]),
  },
];
