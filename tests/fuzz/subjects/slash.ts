/**
 * What reads what peers of slash say, and words of which streams for it are made.
 *
 * @module
 */

import { SlashClient } from "../../../lib/dialects/slash/client.ts";
import { parseSlashCommand } from "../../../lib/dialects/slash/commands.ts";
import { SLASH_INPUT } from "../../../lib/dialects/slash/session.ts";
import { InputDecoder } from "../../../lib/dialects/text/input_decoder.ts";
import { SlashServer } from "../../../lib/dialects/slash/server.ts";
import { GREETING } from "../../../lib/dialects/slash/words.ts";
import { LineDecoder, MAX_LINE } from "../../../lib/dialects/text/line_decoder.ts";
import { clientSession, serverSession, telling } from "../readers.ts";
import type { Subject } from "../subject.ts";

const LINE_BOUND = MAX_LINE + 1;
/** What clients of ours take from a server: longer lines than a server takes from a client. */
const HEARD_BOUND = 64 * 1024 + 1;
const latin1 = new TextDecoder("latin1");

/** What slash is made of, and what lies beside that. */
export const WORDS: readonly string[] = [
  "alice\n",
  "/dm alice ",
  "/bm ",
  "/users\n",
  "/quit\n",
  "/help\n",
  "\r\n",
  "\n",
  "\u001b[2J",
  "“",
  '"',
  "/",
  "é",
  "\u2028",
];

/** Its codec, its server and its client. */
export const SUBJECTS: readonly Subject[] = [
  {
    name: "slash's decoder, by writes",
    bound: MAX_LINE,
    heedsCuts: true,
    share: 6,
    make: telling((told) => {
      const decoder = new InputDecoder({ line: told, tooLong: () => told("too long"), isHeld: false }, SLASH_INPUT);
      decoder.push(new TextEncoder().encode("alice"));
      decoder.push(decoder.settle());
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "slash's lines and commands",
    bound: LINE_BOUND,
    share: 10,
    make: telling((told) => {
      const line = (bytes: Uint8Array) => told(parseSlashCommand(latin1.decode(bytes)));
      const decoder = new LineDecoder(MAX_LINE, { line, tooLong: () => told("too long"), isHeld: false });
      return (bytes) => void decoder.push(bytes);
    }),
  },
  {
    name: "slash's server",
    bound: LINE_BOUND,
    share: 1,
    make: serverSession((context) => new SlashServer(context)),
  },
  {
    name: "slash's client",
    bound: HEARD_BOUND,
    share: 1,
    make: clientSession((events, timer) => new SlashClient("alice", events, timer), [`${GREETING}\n`]),
  },
  {
    // What a server says that is not ours is shown as it comes.
    name: "slash's client, anywhere",
    bound: HEARD_BOUND,
    heedsCuts: true,
    share: 1,
    make: clientSession((events, timer) => new SlashClient("alice", events, timer), [""]),
  },
];
