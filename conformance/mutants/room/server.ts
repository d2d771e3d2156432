/**
 * A room server that shares no code with ours: what arrives in one read is one message, as in the document's own.
 *
 * @module
 */

import { PlainTextServer, type TextClient } from "../text/server.ts";
import type { PlainSettings } from "../mutant.ts";
import { type PutIn, puttingInto } from "../put_in.ts";

/** Says the document's own strings. */
export class PlainRoomServer extends PlainTextServer {
  /** See {@linkcode PlainTextServer.greet}. */
  override greet(client: TextClient): void {
    this.say(client, "Greetings from the ChatRoom! Now type your name and press enter!");
  }

  /** See {@linkcode PlainTextServer.welcome}. */
  override welcome(client: TextClient): void {
    this.say(client, `Welcome ${client.name}! If you ever want to quit, type #quit to exit.`);
  }

  /** See {@linkcode PlainTextServer.joined}. */
  override joined(client: TextClient): void {
    this.announce(client, `${client.name} from [${this.addressOf(client)}] has joined the chat!`);
  }

  /** What is shown of where a client comes from. */
  addressOf({ link }: TextClient): string {
    return link.remote.hostname;
  }

  /** See {@linkcode PlainTextServer.line}. */
  override line(client: TextClient, text: string): void {
    if (text === "#quit") this.quit(client);
    else super.line(client, text);
  }

  /** See {@linkcode PlainTextServer.audience}. */
  override audience(_sender: TextClient): TextClient[] {
    return this.users;
  }

  /** See {@linkcode PlainTextServer.quit}. */
  override quit(client: TextClient): void {
    this.say(client, "#quit");
    super.quit(client);
  }

  /** See {@linkcode PlainTextServer.left}. */
  override left(client: TextClient): void {
    this.announce(client, `${client.name} has left the chat.`);
  }
}

/** Makes such servers with other functions in the place of some methods. */
export const room: PutIn<[PlainSettings], PlainRoomServer> = puttingInto(PlainRoomServer);
