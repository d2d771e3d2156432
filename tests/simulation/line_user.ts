/**
 * Somebody whose dialect is one of lines.
 *
 * @module
 */

import { Fifo } from "../../lib/core/fifo.ts";
import type { HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import { LineDecoder } from "../../lib/dialects/text/line_decoder.ts";
import type { Sent } from "./message_tracker.ts";
import { User } from "./user.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The longest line that is taken from the server, in bytes. */
const MAX_HEARD = 256 * 1024;

/** Somebody whose messages are lines. */
export abstract class LineUser extends User {
  override readonly name: string;
  protected override readonly links = 1;
  #link: HalfClosingLink | undefined;
  /** Messages whose outcome is to come, in order. */
  protected readonly pending: Fifo<Sent> = new Fifo();

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
