/**
 * What the plain servers of slash and room have in common: clients with names, who come, say lines, and leave.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import { latin1Bytes, latin1Text } from "../latin1.ts";

/** One client. All text is bytes, a character each. */
export interface TextClient {
  /** Its connection. */
  readonly link: Link;
  /** Its name, empty until it has one. */
  name: string;
  /** What has arrived and was not read. */
  unread: string;
  /** Whether it has asked to leave. */
  hasQuit: boolean;
}

/** A server that shares no code with ours: small, right, and made to be overridden. */
export class PlainTextServer {
  /** Who is connected, in the order in which they came. */
  readonly clients: Set<TextClient> = new Set();

  /** Somebody connects. */
  accept(link: Link): LinkHandler {
    const client = { link, name: "", unread: "", hasQuit: false };
    this.clients.add(client);
    this.greet(client);
    const leave = () => this.clients.has(client) && this.leave(client);
    return {
      receive: (bytes) => this.clients.has(client) && this.hear(client, latin1Text(bytes)),
      ended: () => {
        leave();
        link.end("left");
      },
      closed: leave,
    };
  }

  /** Those who have a name. */
  get users(): TextClient[] {
    return [...this.clients].filter(({ name }) => name !== "");
  }

  /** All of those but one. */
  others(client: TextClient): TextClient[] {
    return this.users.filter((other) => other !== client);
  }

  /** What a client is told first. */
  greet(_client: TextClient): void {}

  /** Bytes have come: one message, as in room's own server. */
  hear(client: TextClient, text: string): void {
    if (client.name === "") this.enter(client, text);
    else this.line(client, text);
  }

  /** A client asks for a name. */
  enter(client: TextClient, name: string): void {
    client.name = name;
    this.welcome(client);
    this.joined(client);
  }

  /** What a newcomer is told. */
  welcome(_client: TextClient): void {}

  /** What everybody else is told of a newcomer. */
  joined(_client: TextClient): void {}

  /** A client that has a name says something. */
  line(client: TextClient, text: string): void {
    for (const to of this.audience(client)) this.pass(to, client, text);
  }

  /** Who gets what a client says to all. */
  audience(sender: TextClient): TextClient[] {
    return this.others(sender);
  }

  /** Passes a message on. */
  pass(to: TextClient, from: TextClient, text: string): void {
    this.say(to, `${from.name}: ${text}`);
  }

  /** A client asks to leave. */
  quit(client: TextClient): void {
    client.hasQuit = true;
    this.leave(client);
    client.link.end("left");
  }

  /** A client has left. */
  leave(client: TextClient): void {
    this.clients.delete(client);
    if (client.name !== "") this.left(client);
  }

  /** What everybody else is told of who has left. */
  left(_client: TextClient): void {}

  /** Says something to all who have a name, but for one. */
  announce(about: TextClient, text: string): void {
    for (const other of this.others(about)) this.say(other, text);
  }

  /** Writes to a client. */
  say({ link }: TextClient, text: string): void {
    if (text !== "") link.write(latin1Bytes(text));
  }
}
