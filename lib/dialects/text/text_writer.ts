/**
 * What is said to a client, on its way to the link.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Link } from "../../core/link.ts";
import { type Queued, QUEUED_OVERHEAD, type QueueOwner, type TotalQueued } from "../../core/queued.ts";
import type { CloseReason } from "../../core/close_reason.ts";

/**
 * How much of one message is handed over at a time, in bytes: what is longer is a view of what all recipients of a broadcast
 * share, and only so much of it is copied for each of them.
 */
const PIECE = 32 * 1024;

/** Something to say, and who is told when it is handed over. */
interface Saying {
  readonly bytes: Uint8Array;
  readonly flushed: ((isHandedOver: boolean) => void) | undefined;
}

/**
 * Counts what waits to be written. Where nothing divides messages on the wire, each is handed over by itself: whoever
 * takes what it reads at once for one message should find them one by one, as far as that is for us to say.
 */
export class TextWriter implements QueueOwner {
  readonly #link: Link;
  readonly #maxQueue: number;
  readonly #isDivided: () => boolean;
  readonly #moved: () => void;
  readonly #unwritten = new Fifo<Saying>();
  #unwrittenBytes = 0;
  /** What memory all that takes, which the link knows nothing of. */
  readonly #memory: Queued | undefined;
  #underway = 0;
  /** How much of a long message is still to be handed over. */
  #rest = 0;
  #waiting = 0;
  #ending: CloseReason | undefined;

  /**
   * @param maxQueue how many bytes may wait here before the client counts as a slow reader: as many as on its link.
   * @param isDivided whether messages are handed over one by one.
   * @param moved told when less waits.
   * @param queued what waits for all clients together.
   */
  constructor(link: Link, maxQueue: number, isDivided: () => boolean, moved: () => void, queued?: TotalQueued) {
    this.#memory = queued?.open(this);
    this.#link = link;
    this.#maxQueue = maxQueue;
    this.#isDivided = isDivided;
    this.#moved = moved;
  }

  /** How many bytes wait to be handed over. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Says something. `flushed` is told whether it was handed over, never during this call. */
  write(bytes: Uint8Array, flushed?: (isHandedOver: boolean) => void): void {
    const saying = { bytes, flushed };
    this.#waiting += bytes.length;
    if (this.#underway === 0 || !this.#isAmidMessage && !this.#isDivided()) return this.#hand(saying);
    this.#unwritten.push(saying);
    this.#count(bytes.length);
    if (this.#waiting > this.#maxQueue) this.#link.abort("slow-reader");
  }

  /** Ends the link behind all that waits. */
  end(reason: CloseReason): void {
    if (this.#unwritten.size === 0 && !this.#isAmidMessage) this.#link.end(reason);
    else this.#ending = reason;
  }

  /** Too much waits for all clients together, and the most for this one. */
  giveUp(): void {
    this.#link.abort("slow-reader");
  }

  /** The link is closed: whoever still waits is told. */
  closed(): void {
    this.#memory?.close();
    for (let left = this.#unwritten.shift(); left !== undefined; left = this.#unwritten.shift()) left.flushed?.(false);
  }

  get #isAmidMessage(): boolean {
    return this.#rest > 0;
  }

  /** The rest of a message counts once something waits behind it: until then, all who get a broadcast share its bytes. */
  #count(bytes: number): void {
    const { size } = this.#unwritten;
    this.#unwrittenBytes += bytes;
    this.#memory?.set(size === 0 ? 0 : this.#unwrittenBytes + this.#rest + size * QUEUED_OVERHEAD);
  }

  #hand({ bytes, flushed }: Saying): void {
    this.#underway++;
    this.#handPiece(bytes, 0, flushed);
  }

  #handPiece(bytes: Uint8Array, start: number, flushed: Saying["flushed"]): void {
    const end = Math.min(bytes.length, start + PIECE);
    this.#rest = bytes.length - end;
    this.#link.write(bytes.subarray(start, end));
    this.#link.flushed((isHandedOver) => {
      this.#waiting -= end - start;
      if (isHandedOver && end < bytes.length) return this.#handPiece(bytes, end, flushed);
      this.#underway--;
      if (isHandedOver && this.#underway === 0) this.#handNext();
      flushed?.(isHandedOver);
      this.#moved();
    });
  }

  #handNext(): void {
    do {
      const next = this.#unwritten.shift();
      if (next === undefined) break;
      this.#count(-next.bytes.length);
      this.#hand(next);
    } while (!this.#isAmidMessage && !this.#isDivided());
    if (this.#ending !== undefined && this.#unwritten.size === 0 && !this.#isAmidMessage) this.#link.end(this.#ending);
  }
}
