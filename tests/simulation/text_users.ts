/**
 * Somebody who speaks slash, or room.
 *
 * @module
 */

import { Fifo } from "../../lib/core/fifo.ts";
import type { HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import { LineDecoder } from "../../lib/dialects/text/line_decoder.ts";
import { RoomLines } from "../../lib/dialects/room/heard.ts";
import { readWords } from "../../lib/dialects/slash/words.ts";
import type { Sent } from "./message_tracker.ts";
import { EVERYBODY } from "./message.ts";
import { type Somebody, User } from "./user.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The longest line that is taken from the server, in bytes. */
const MAX_HEARD = 256 * 1024;

/** Somebody whose messages are lines. */
abstract class LineUser extends User {
  /** See {@linkcode User.name}. */
  override readonly name: string;
  protected override readonly links = 1;
  #link: HalfClosingLink | undefined;
  /** Messages whose outcome is to come, in order. */
  protected readonly pending: Fifo<Sent> = new Fifo();

  /** Takes what {@linkcode User} takes, and the name. */
  constructor(name: string, ...user: ConstructorParameters<typeof User>) {
    super(...user);
    this.name = name;
  }

  protected override get waiting(): number {
    return this.pending.size;
  }

  protected override begin([link]: readonly HalfClosingLink[]): Pick<LinkHandler, "receive">[] {
    this.#link = link;
    const lines = new LineDecoder(MAX_HEARD, {
      line: (bytes) => this.heard(decoder.decode(bytes)),
      tooLong: () => this.context.tracker.violated(`${this.name} is sent a line without an end`),
      isHeld: false,
    });
    this.greeted();
    return [{ receive: (bytes) => lines.push(bytes) }];
  }

  /** The connection is open. */
  protected abstract greeted(): void;
  /** A line has come. */
  protected abstract heard(line: string): void;

  /** Sends a line. */
  protected say(line: string): void {
    this.#link?.write(encoder.encode(`${line}\n`));
  }

  protected override forget(): void {
    for (let sent = this.pending.shift(); sent !== undefined; sent = this.pending.shift()) {
      this.context.tracker.forgotten(sent);
    }
  }
}

/** One connection, and a line on each message. */
export class SlashUser extends LineUser {
  protected override greeted(): void {}

  protected override write(to: Somebody | undefined): void {
    const { sent, text } = this.context.tracker.send(this, to?.name ?? EVERYBODY);
    this.pending.push(sent);
    this.say(to === undefined ? `/bm ${text}` : `/dm ${to.name} ${text}`);
  }

  protected override goodbye(): void {
    this.say("/quit");
  }

  protected override heard(line: string): void {
    const heard = readWords(line);
    const { tracker } = this.context;
    switch (heard.kind) {
      case "accepted":
        return this.ready();
      case "refused":
        return this.refused();
      case "message":
        return void tracker.arrived(this, this.inbox, heard.from, heard.text);
      case "outcome": {
        const sent = this.pending.shift();
        if (sent === undefined) return tracker.violated(`${this.name} is told an outcome, and has nothing on its way`);
        if (heard.outcome.kind === "delivered") tracker.confirmed(sent);
        else tracker.refused(sent, heard.words?.startsWith("nobody here has that alias"));
        return this.answered();
      }
      case "words":
        if (line.startsWith("* Welcome")) this.say(this.name);
    }
  }
}

/** One connection, on which everything is for everybody and comes back; and only bad news besides. */
export class RoomUser extends LineUser {
  #lines = new RoomLines();
  #isAccepted = false;

  /** Each message is one to everybody, and costs as much as hundreds of others. */
  protected override get talkativeness(): number {
    return 0.005;
  }

  protected override greeted(): void {
    this.#lines = new RoomLines();
    this.#isAccepted = false;
    this.say(this.name);
  }

  protected override write(_to: Somebody | undefined): void {
    const { sent, text } = this.context.tracker.send(this, EVERYBODY);
    this.pending.push(sent);
    this.say(text);
  }

  protected override goodbye(): void {
    this.say("#quit");
  }

  protected override heard(line: string): void {
    const heard = this.#lines.read(line);
    if (heard.kind === "message") return this.#message(heard.from, heard.text);
    if (line.includes(`Welcome ${this.name}!`)) {
      this.#isAccepted = true;
      this.ready();
    } else if (!this.#isAccepted && line.startsWith("* ")) this.refused();
  }

  #message(from: string, text: string): void {
    const { tracker } = this.context;
    if (from !== this.name) return void tracker.arrived(this, this.inbox, from, text);
    const sent = this.pending.shift();
    if (sent === undefined || !text.endsWith(`#${sent.id};`)) {
      return tracker.violated(
        `${this.name} is told ${JSON.stringify(text)} back, and has said ${sent?.id ?? "nothing"}`,
      );
    }
    tracker.forgotten(sent);
    this.answered();
  }
}
