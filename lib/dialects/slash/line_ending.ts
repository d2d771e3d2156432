/**
 * How a client says its lines: as its server does (PROTOCOLS.md, slash).
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Link } from "../../core/link.ts";
import type { SetTimer } from "../dialect.ts";

/** Between two messages that nothing divides on the wire, in milliseconds, so that a server finds them one by one. */
export const MESSAGE_GAP = 100;

const NEWLINE = 10;
const encoder = new TextEncoder();

/** A line, and who is told whether it was handed over. */
interface Utterance {
  readonly line: string;
  readonly flushed: (isHandedOver: boolean) => void;
}

/**
 * Ends lines in a line break if the first that the server said ended in one. Until it has said anything, and if that ended
 * otherwise, each is a write of its own, without one, and they keep a distance. Whoever was told something in that way before it
 * spoke may have taken us for one who goes on so, and is told one at a time in any case.
 */
export class Speech {
  readonly #link: Link;
  readonly #timer: SetTimer;
  readonly #unsaid = new Fifo<Utterance>();
  #lineEnd: "\n" | "" = "";
  #keepsDistance = true;
  #hasSpoken = false;
  /** Calls off what follows the pause, while there is one. */
  #stopPause: (() => void) | undefined;

  constructor(link: Link, timer: SetTimer) {
    this.#link = link;
    this.#timer = timer;
  }

  /** The first that the server has said. */
  heard(first: Uint8Array): void {
    this.#lineEnd = first[first.length - 1] === NEWLINE ? "\n" : "";
    this.#keepsDistance = this.#lineEnd === "" || this.#hasSpoken;
  }

  /** Says a line, as soon as it is time. `flushed` is told whether it was handed over, never during this call. */
  say(line: string, flushed: (isHandedOver: boolean) => void = () => {}): void {
    this.#hasSpoken = true;
    this.#unsaid.push({ line, flushed });
    if (this.#stopPause === undefined) this.#sayNext();
  }

  /** Says nothing more: the link is closed. */
  stop(): void {
    this.#stopPause?.();
    while (this.#unsaid.shift() !== undefined);
  }

  #sayNext(): void {
    this.#stopPause = undefined;
    const next = this.#unsaid.shift();
    if (next === undefined) return;
    this.#link.write(encoder.encode(next.line + this.#lineEnd));
    this.#link.flushed(next.flushed);
    if (this.#keepsDistance) this.#stopPause = this.#timer(MESSAGE_GAP, () => this.#sayNext());
    else this.#sayNext();
  }
}
