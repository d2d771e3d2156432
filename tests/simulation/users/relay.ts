/**
 * Somebody who speaks relay.
 *
 * @module
 */

import { Fifo } from "../../../lib/core/fifo.ts";
import type { HalfClosingLink, LinkHandler } from "../../../lib/core/link.ts";
import { encodeMessage, RelayDecoder, writeBody } from "../../../lib/dialects/relay/codec.ts";
import type { Header } from "../../../lib/dialects/relay/header.ts";
import type { Sent } from "../message_tracker.ts";
import { EVERYBODY } from "../message.ts";
import type { SimulatedDialect } from "../simulated_dialect.ts";
import { type Somebody, User } from "../user.ts";

/** The longest body that is taken from the server, in bytes. */
const MAX_BODY = 65_536;
/** How late somebody acknowledges who does so late, in milliseconds: the server waits for 2 s. */
const LATE = [0, 4_000] as const;

/** The share of messages that somebody says not to have been able to read. */
const UNREADABLE = 0.1;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Two connections, acknowledgements, and an answer to each message. */
export class RelayUser extends User {
  override readonly name: string;
  protected override readonly links = 2;
  #sending: HalfClosingLink | undefined;
  #receiving: HalfClosingLink | undefined;
  #waiting = new Fifo<Sent>();
  #registered = 0;
  /** Acknowledgements go out in the order of the messages, whenever that is. */
  #acknowledged = 0;

  constructor(name: string, ...user: ConstructorParameters<typeof User>) {
    super(...user);
    this.name = name;
  }

  protected override get waiting(): number {
    return this.#waiting.size;
  }

  protected override begin([sending, receiving]: readonly HalfClosingLink[]): Pick<LinkHandler, "receive">[] {
    this.#sending = sending;
    this.#receiving = receiving;
    this.#waiting = new Fifo();
    this.#registered = this.#acknowledged = 0;
    sending!.write(encodeMessage(`REGISTER TOSEND ${this.name}`));
    const unreadable = () => this.context.tracker.violated(`${this.name} is sent a header that cannot be read`);
    const answers = new RelayDecoder(undefined, MAX_BODY, {
      message: (header) => this.#answer(header),
      body: unreadable,
      unreadable,
    });
    const forwards = new RelayDecoder("FORWARD", MAX_BODY, {
      message: (header) => this.#register(header),
      body: (from, body) => this.#forwarded(from, decoder.decode(body)),
      unreadable,
    });
    return [{ receive: (bytes) => answers.push(bytes) }, { receive: (bytes) => forwards.push(bytes) }];
  }

  protected override write(to: Somebody | undefined): void {
    const { sent, text } = this.context.tracker.send(this, to?.name ?? EVERYBODY);
    this.#waiting.push(sent);
    writeBody(this.#sending!, "SEND", sent.to, encoder.encode(text));
  }

  protected override goodbye(): void {
    this.#sending?.end("left");
    this.#receiving?.end("left");
  }

  protected override forget(): void {
    for (let sent = this.#waiting.shift(); sent !== undefined; sent = this.#waiting.shift()) {
      this.context.tracker.forgotten(sent);
    }
  }

  #register(header: Header): void {
    if (header.verb !== "REGISTERED") return this.refused();
    if (++this.#registered === 1 && this.behaviour.isHalf) return this.wait();
    if (this.#registered === 1) this.#receiving?.write(encodeMessage(`REGISTER TORECV ${this.name}`));
    else this.ready();
  }

  #answer(header: Header): void {
    if (this.#registered === 0) return this.#register(header);
    const sent = this.#waiting.shift();
    if (sent === undefined) {
      // The server's last words answer nothing.
      if (header.verb === "SENT") {
        this.context.tracker.violated(`${this.name} is told SENT, and has nothing on its way`);
      }
      return;
    }
    if (header.verb !== "SENT") this.context.tracker.refused(sent);
    else if (header.argument !== sent.to) {
      this.context.tracker.violated(
        `${this.name} is told SENT ${header.argument} for message ${sent.id}, to ${sent.to}`,
      );
    } else this.context.tracker.confirmed(sent);
    this.answered();
  }

  #forwarded(from: string, text: string): void {
    const said = this.context.tracker.arrived(this, this.inbox, from, text);
    if (said === undefined) return;
    switch (this.behaviour.acknowledging) {
      case "at once":
        return this.#acknowledge(said.id, from);
      case "late": {
        const delay = Math.max(this.#acknowledged, this.context.runtime.now() + this.chance.between(...LATE));
        this.#acknowledged = delay;
        return this.later(delay - this.context.runtime.now(), () => this.#acknowledge(said.id, from));
      }
      case "now and then not":
        if (!this.chance.happens(UNREADABLE)) return this.#acknowledge(said.id, from);
        return void this.#receiving?.write(encodeMessage("ERROR 103 Header incomplete"));
      case "never":
    }
  }

  #acknowledge(id: number, from: string): void {
    this.context.tracker.acknowledged(id, this);
    this.#receiving?.write(encodeMessage(`RECEIVED ${from}`));
  }
}

/** relay in the simulation. */
export const SIMULATED: SimulatedDialect = {
  users: 110,
  acknowledges: true,
  make: (name, ...user) => new RelayUser(name, ...user),
};
