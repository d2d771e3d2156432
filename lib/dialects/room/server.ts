/**
 * The server's side of room.
 *
 * @module
 */

import type { ServerContext } from "../dialect.ts";
import { TextServer } from "../text/text_server.ts";
import { ROOM_INPUT } from "./input.ts";
import { RoomSession } from "./session.ts";
import { closingWords, joinedWords, leftWords } from "./words.ts";

/** room's server: whoever has given a name is in the room, and present in the hub. */
export class RoomServer extends TextServer {
  /** For clients whose reads are messages. */
  readonly pieceSize: number = ROOM_INPUT.maxRead;

  constructor(context: ServerContext) {
    super(context, {
      name: "room",
      session: (host, link, broadcasts) => new RoomSession(host, link, broadcasts),
      refusal: closingWords,
      joined: joinedWords,
      left: leftWords,
    });
  }
}
