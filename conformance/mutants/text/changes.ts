/**
 * What a server of slash or room can do wrong in the same way.
 *
 * @module
 */

import type { MakePlain, PlainSettings } from "../mutant.ts";
import { type PutIn, puttingInto } from "../put_in.ts";
import type { PlainTextServer, TextClient } from "./server.ts";

/** Changes to one plain server, each of them a server of its own. */
export class TextChanges {
  readonly #wrong: PutIn<[PlainSettings], PlainTextServer>;

  constructor(Plain: new (settings: PlainSettings) => PlainTextServer) {
    this.#wrong = puttingInto(Plain);
  }

  /** Says what `alter` makes of what it has to say. */
  saying(alter: (text: string) => string): MakePlain {
    return this.#wrong("say", (plain) => (client, text) => plain(client, alter(text)));
  }

  /** Says something else in place of what fits a pattern. */
  rewording(pattern: RegExp, replacement: string): MakePlain {
    return this.saying((text) => text.replace(pattern, replacement));
  }

  /** Reads something else in what arrives. */
  hearing(alter: (text: string) => string): MakePlain {
    return this.#wrong("hear", (plain) => (client, text) => plain(client, alter(text)));
  }

  /** Does something else on each line that fits a pattern. */
  onLine(pattern: RegExp, answer: (server: PlainTextServer, client: TextClient, line: string) => void): MakePlain {
    return this.#wrong("line", (plain, server) => (client, line) => {
      if (pattern.test(line)) answer(server, client, line);
      else plain(client, line);
    });
  }

  /** Understands lines as something else than what they say. */
  understanding(pattern: RegExp, replacement: string): MakePlain {
    return this.#wrong("line", (plain) => (client, line) => plain(client, line.replace(pattern, replacement)));
  }

  /** Passes on something else than what was said. */
  passing(alter: (text: string) => string): MakePlain {
    return this.#wrong("pass", (plain) => (to, from, text) => plain(to, from, alter(text)));
  }

  /** Tells of those alone who leave in one way: they have said so, or not. */
  tellingOf(isTold: (leaver: TextClient) => boolean): MakePlain {
    return this.#wrong("left", (plain) => (client) => isTold(client) && plain(client));
  }

  /** Closes everybody when somebody leaves in one way. */
  closingAll(isSo: (leaver: TextClient) => boolean): MakePlain {
    return this.#wrong("leave", (plain, server) => (client) => {
      plain(client);
      if (isSo(client)) { for (const other of server.clients) other.link.abort("done"); }
    });
  }
}
