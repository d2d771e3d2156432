/**
 * Somebody who speaks frame.
 *
 * @module
 */

import type { HalfClosingLink, LinkHandler } from "../../../lib/core/link.ts";
import { Assignment } from "../../../lib/dialects/frame/assignment.ts";
import { encodeFrame, FrameDecoder } from "../../../lib/dialects/frame/codec.ts";
import { NO_ID, SERVER_ID } from "../../../lib/dialects/frame/header.ts";
import { readPassedOn } from "../../../lib/dialects/frame/notices.ts";
import { NAMELESS, type Sent } from "../message_tracker.ts";
import type { SimulatedDialect } from "../simulated_dialect.ts";
import { type Somebody, User } from "../user.ts";

/** How many bytes a message has room for besides what every message says. */
const FILLING = 200;
/** How long a frame that was not complained about waits until it counts as passed on, in milliseconds. */
const SETTLING = 500;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One connection, numbers for names, and only bad news: who hears nothing believes that all is well. */
export class FrameUser extends User {
  protected override readonly links = 1;
  #link: HalfClosingLink | undefined;
  #id = NO_ID;
  #assignment = new Assignment();
  #isAssigned = false;
  #isNamed = false;
  readonly #waiting = new Set<Sent>();
  /** How many messages to an ID were refused of which is not known yet which ones: notices do not say, and overtake each other. */
  readonly #refusals = new Map<string, number>();

  /** See {@linkcode User.name}. Nobody knows it before it is whole: more digits may come. */
  override get name(): string {
    return this.#isNamed ? `id${this.#id}` : NAMELESS;
  }

  protected override get waiting(): number {
    return this.#waiting.size;
  }

  protected override begin([link]: readonly HalfClosingLink[]): Pick<LinkHandler, "receive">[] {
    this.#link = link;
    this.#id = NO_ID;
    this.#assignment = new Assignment();
    this.#isAssigned = this.#isNamed = false;
    const frames = new FrameDecoder({
      message: (source, destination, message) => this.#frame(source, destination, decoder.decode(message)),
      acknowledged: () => this.context.tracker.violated(`${this.name} is sent an empty frame`),
      tooLong: () => this.context.tracker.violated(`${this.name} is sent a frame that is too long`),
      unreadable: (fault) =>
        this.context.tracker.violated(`${this.name} is sent a frame that cannot be read: ${fault}`),
    });
    return [{ receive: (bytes) => this.#receive(bytes, frames) }];
  }

  protected override write(to: Somebody | undefined): void {
    if (to?.frameId === undefined || to.frameId === this.#id) return;
    const { sent, text } = this.context.tracker.send(this, String(to.frameId), FILLING);
    this.#waiting.add(sent);
    this.#link!.write(encodeFrame(this.#id, to.frameId, encoder.encode(text)));
    this.later(SETTLING, () => this.#settle(sent));
  }

  protected override goodbye(): void {
    this.#link?.end("left");
  }

  protected override forget(): void {
    for (const sent of this.#waiting) this.context.tracker.forgotten(sent);
    this.#waiting.clear();
    this.#refusals.clear();
    this.#isNamed = false;
  }

  /** Nobody has complained: by now it was handed to somebody, or it waits for somebody who is slow. */
  #settle(sent: Sent): void {
    if (!this.#waiting.has(sent)) return;
    if (sent.haveIt.size === 0 && this.disturbance === undefined) return this.later(SETTLING, () => this.#settle(sent));
    this.#waiting.delete(sent);
    if (sent.haveIt.size > 0) this.context.tracker.confirmed(sent);
    else this.context.tracker.forgotten(sent);
    this.#attributeRefusals(sent.to);
    this.answered();
  }

  #receive(bytes: Uint8Array, frames: FrameDecoder): void {
    if (this.#isAssigned) return frames.push(bytes);
    const rest = this.#assignment.push(bytes);
    if (this.#assignment.id !== NO_ID && this.#assignment.id !== this.#id) this.#assign(this.#assignment.id);
    if (rest === undefined) return;
    this.#isAssigned = this.#isNamed = true;
    frames.push(rest);
  }

  #assign(id: number): void {
    this.#id = id;
    // More digits may come in the next piece.
    this.later(1_000, () => {
      if (this.#id !== id) return;
      this.#isNamed = true;
      this.ready();
    });
  }

  #frame(source: number, destination: number, text: string): void {
    const { tracker } = this.context;
    if (destination !== this.#id) return tracker.violated(`${this.name} is sent a frame for ${destination}`);
    if (source !== SERVER_ID) return void tracker.arrived(this, this.inbox, this.#nameOf(source, text), text);
    const passedOn = readPassedOn(text);
    if (passedOn !== undefined) return void tracker.arrived(this, this.inbox, passedOn.from, passedOn.text);
    const refused = /^not delivered to ([0-9]+): (.*)$/.exec(text);
    if (refused !== null) this.#refused(refused[1]!);
  }

  /** A frame says its sender's ID alone; the message has the name. */
  #nameOf(_source: number, text: string): string {
    return text.slice(0, Math.max(0, text.indexOf(">")));
  }

  /** One of the messages to that ID that nobody has was not delivered. */
  #refused(to: string): void {
    this.#refusals.set(to, (this.#refusals.get(to) ?? 0) + 1);
    this.#attributeRefusals(to);
  }

  /** Once as many were refused as nobody has, it is these. */
  #attributeRefusals(to: string): void {
    const undelivered = [...this.#waiting].filter((sent) => sent.to === to && sent.haveIt.size === 0);
    if ((this.#refusals.get(to) ?? 0) < undelivered.length) return;
    this.#refusals.delete(to);
    for (const sent of undelivered) {
      this.#waiting.delete(sent);
      this.context.tracker.refused(sent);
      this.answered();
    }
  }
}

/** frame in the simulation. */
export const SIMULATED: SimulatedDialect = {
  users: 60,
  make: (_name, ...user) => new FrameUser(...user),
};
