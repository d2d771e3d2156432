/**
 * The server's side of slash.
 *
 * @module
 */

import type { ServerContext } from "../dialect.ts";
import { MAX_LINE } from "../text/line_decoder.ts";
import { TextServer } from "../text/text_server.ts";
import { SlashSession } from "./session.ts";
import { closingWords, joinedWords, leftWords } from "./words.ts";

/** slash's server: whoever has an alias is present in the hub. */
export class SlashServer extends TextServer {
  /** For clients whose writes are messages. */
  readonly pieceSize: number = MAX_LINE;

  constructor(context: ServerContext) {
    super(context, {
      name: "slash",
      session: (host, link, broadcasts) => new SlashSession(host, link, broadcasts),
      refusal: (reason) => `${closingWords(reason)}\n`,
      joined: joinedWords,
      left: leftWords,
    });
  }
}
