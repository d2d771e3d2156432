/**
 * What a server of slash or room can do wrong in the same way.
 *
 * @module
 */

import type { PlainTextServer, TextClient } from "./server.ts";

/** Makes a server. */
export type TextServerClass<Server extends PlainTextServer = PlainTextServer> = new () => Server;

/** Changes to one plain server, each of them a server of its own. */
export class TextChanges<Server extends PlainTextServer> {
  readonly #Plain: TextServerClass;

  /** Of this server. */
  constructor(Plain: TextServerClass<Server>) {
    this.#Plain = Plain;
  }

  /** Says what `alter` makes of what it has to say. */
  saying(alter: (text: string) => string): TextServerClass {
    return class extends this.#Plain {
      override say = (client: TextClient, text: string) => super.say(client, alter(text));
    };
  }

  /** Says something else in place of what fits a pattern. */
  rewording(pattern: RegExp, replacement: string): TextServerClass {
    return this.saying((text) => text.replace(pattern, replacement));
  }

  /** Reads something else in what arrives. */
  hearing(alter: (text: string) => string): TextServerClass {
    return class extends this.#Plain {
      override hear = (client: TextClient, text: string) => super.hear(client, alter(text));
    };
  }

  /** Does something else on each line that fits a pattern. */
  onLine(pattern: RegExp, answer: (server: Server, client: TextClient, line: string) => void): TextServerClass {
    return class extends this.#Plain {
      override line(client: TextClient, line: string): void {
        if (pattern.test(line)) answer(this as PlainTextServer as Server, client, line);
        else super.line(client, line);
      }
    };
  }

  /** Understands lines as something else than what they say. */
  understanding(pattern: RegExp, replacement: string): TextServerClass {
    return class extends this.#Plain {
      override line = (client: TextClient, line: string) => super.line(client, line.replace(pattern, replacement));
    };
  }

  /** Passes on something else than what was said. */
  passing(alter: (text: string) => string): TextServerClass {
    return class extends this.#Plain {
      override pass = (to: TextClient, from: TextClient, text: string) => super.pass(to, from, alter(text));
    };
  }

  /** Tells of those alone who leave in one way: they have said so, or not. */
  tellingOf(isTold: (leaver: TextClient) => boolean): TextServerClass {
    return class extends this.#Plain {
      override left = (client: TextClient) => isTold(client) && super.left(client);
    };
  }

  /** Closes everybody when somebody leaves in one way. */
  closingAll(isSo: (leaver: TextClient) => boolean): TextServerClass {
    return class extends this.#Plain {
      override leave(client: TextClient): void {
        super.leave(client);
        if (isSo(client)) { for (const other of this.clients) other.link.abort("done"); }
      }
    };
  }
}
