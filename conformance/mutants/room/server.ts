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
  override greet(client: TextClient): void {
    this.say(client, "Greetings from the ChatRoom! Now type your name and press enter!");
  }

  override welcome(client: TextClient): void {
    this.say(client, `Welcome ${client.name}! If you ever want to quit, type #quit to exit.`);
  }

  override joined(client: TextClient): void {
    this.announce(client, `${client.name} from [${this.addressOf(client)}] has joined the chat!`);
  }

  /** What is shown of where a client comes from. */
  addressOf({ link }: TextClient): string {
    return link.remote.hostname;
  }

  override line(client: TextClient, text: string): void {
    if (text === "#quit") this.quit(client);
    else super.line(client, text);
  }

  override audience(_sender: TextClient): TextClient[] {
    return this.users;
  }

  override quit(client: TextClient): void {
    this.say(client, "#quit");
    super.quit(client);
  }

  override left(client: TextClient): void {
    this.announce(client, `${client.name} has left the chat.`);
  }
}

/** Makes such servers with other functions in the place of some methods. */
export const room: PutIn<[PlainSettings], PlainRoomServer> = puttingInto(PlainRoomServer);
