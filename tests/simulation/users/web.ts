/**
 * Somebody who speaks web.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../../lib/core/link.ts";
import { encodeClientMessage } from "../../../lib/dialects/web/client_messages.ts";
import { upgradeQuestion } from "../../../lib/dialects/web/opening.ts";
import { type HeardMessage, readServerMessage } from "../../../lib/dialects/web/server_messages.ts";
import { HeadCollector } from "../../../lib/transport/web/http_head.ts";
import { WebSocketLink } from "../../../lib/transport/web/web_socket_link.ts";
import { EVERYBODY } from "../message.ts";
import type { Sent } from "../message_tracker.ts";
import type { SimulatedDialect } from "../simulated_dialect.ts";
import { type Somebody, User } from "../user.ts";

/** The longest message that is taken from the server, in bytes. */
const MAX_MESSAGE = 65_536;
/** How late somebody acknowledges who does so late, in milliseconds: the server waits for 2 s. */
const LATE = [0, 4_000] as const;
/** The share of messages that somebody overlooks. */
const OVERLOOKED = 0.1;

const NO_MASK = new Uint8Array(4);
const decoder = new TextDecoder();

/** One WebSocket, numbers to acknowledge, and an outcome for each message. */
export class WebUser extends User {
  override readonly name: string;
  protected override readonly links = 1;
  #socket: WebSocketLink | undefined;
  readonly #waiting = new Map<number, Sent>();
  #lastId = 0;

  constructor(name: string, ...user: ConstructorParameters<typeof User>) {
    super(...user);
    this.name = name;
  }

  protected override get waiting(): number {
    return this.#waiting.size;
  }

  protected override begin([link]: readonly HalfClosingLink[]): Pick<LinkHandler, "receive">[] {
    const collector = new HeadCollector();
    const socket = new WebSocketLink(link!, { maxMessage: MAX_MESSAGE, mask: () => NO_MASK });
    let isOpen = false;
    this.#socket = socket;
    socket.start({
      receive: (bytes) => this.#receive(bytes),
      ended: () => link!.end("left"),
      closed: () => {},
    });
    link!.write(new TextEncoder().encode(upgradeQuestion("192.0.2.1")));
    return [{
      receive: (bytes) => {
        if (isOpen) return socket.receive(bytes);
        const found = collector.push(bytes);
        if (found === undefined) return;
        isOpen = found.head.startsWith("HTTP/1.1 101 ");
        if (!isOpen) return this.refused();
        if (found.rest.length > 0) socket.receive(found.rest);
      },
    }];
  }

  protected override write(to: Somebody | undefined): void {
    const { sent, text } = this.context.tracker.send(this, to?.name ?? EVERYBODY);
    const id = ++this.#lastId;
    this.#waiting.set(id, sent);
    this.#socket?.write(encodeClientMessage({ type: "send", id, ...to !== undefined && { to: to.name }, text }));
  }

  protected override goodbye(): void {
    this.#socket?.write(encodeClientMessage({ type: "leave" }));
  }

  protected override forget(): void {
    for (const sent of this.#waiting.values()) this.context.tracker.forgotten(sent);
    this.#waiting.clear();
  }

  #receive(bytes: Uint8Array): void {
    const message = readServerMessage(bytes);
    if (message === undefined) {
      return this.context.tracker.violated(`${this.name} is sent ${JSON.stringify(decoder.decode(bytes))}`);
    }
    this.#heard(message);
  }

  #heard(message: HeardMessage): void {
    const { tracker } = this.context;
    switch (message.type) {
      case "hello":
        if (this.behaviour.isHalf) return this.wait();
        return this.#socket?.write(encodeClientMessage({ type: "join", name: this.name }));
      case "joined":
        return this.ready();
      case "refused":
        return this.refused();
      case "message":
        return this.#told(message.number, message.from, decoder.decode(message.body));
      case "outcome": {
        const sent = this.#waiting.get(message.id);
        if (sent === undefined) return tracker.violated(`${this.name} is told an outcome of message ${message.id}`);
        this.#waiting.delete(message.id);
        if (message.outcome.kind === "delivered") tracker.confirmed(sent);
        else tracker.refused(sent, message.outcome.kind === "unknown");
        return this.answered();
      }
      case "error":
        return tracker.violated(`${this.name} is told an error: ${message.code}`);
      default:
    }
  }

  #told(number: number, from: string, text: string): void {
    const said = this.context.tracker.arrived(this, this.inbox, from, text);
    if (said === undefined) return;
    switch (this.behaviour.acknowledging) {
      case "at once":
        return this.#acknowledge(said.id, number);
      case "late":
        return this.later(this.chance.between(...LATE), () => this.#acknowledge(said.id, number));
      case "now and then not":
        if (!this.chance.happens(OVERLOOKED)) this.#acknowledge(said.id, number);
        return;
      case "never":
    }
  }

  #acknowledge(id: number, number: number): void {
    this.context.tracker.acknowledged(id, this);
    this.#socket?.write(encodeClientMessage({ type: "received", number }));
  }
}

/** web in the simulation. */
export const SIMULATED: SimulatedDialect = {
  users: 30,
  acknowledges: true,
  make: (name, ...user) => new WebUser(name, ...user),
};
