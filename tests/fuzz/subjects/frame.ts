/**
 * What reads what peers of frame say, and words of which streams for it are made.
 *
 * @module
 */

import { FrameClient } from "../../../lib/dialects/frame/client.ts";
import { FrameDecoder, MAX_MESSAGE } from "../../../lib/dialects/frame/codec.ts";
import { FrameServer } from "../../../lib/dialects/frame/server.ts";
import { clientSession, serverSession, telling } from "../readers.ts";
import type { Subject } from "../subject.ts";

/** What frame is made of, and what lies beside that. */
export const WORDS: readonly string[] = [
  "2",
  "3][",
  "][",
  "]",
  "[",
  "ACK",
  "A",
  "0][",
  "1][",
  "12][",
  "300][",
  "999][1][999][",
  "01",
  "-1][",
  "\n",
  "é",
];

/** Its codec, its server and its client. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "frame's decoder",
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
    name: "frame's server",
    bound: MAX_MESSAGE,
    share: 1,
    make: serverSession((context) => new FrameServer(context)),
  },
  {
    name: "frame's client",
    bound: MAX_MESSAGE,
    share: 1,
    // Behind an ID and a first frame: without them, the next digits may belong to the ID.
    make: clientSession((events) => new FrameClient(events), ["71][7][1][x"]),
  },
  {
    name: "frame's client, at its beginning",
    bound: MAX_MESSAGE,
    heedsCuts: true,
    share: 1,
    make: clientSession((events) => new FrameClient(events), [""]),
  },
];
