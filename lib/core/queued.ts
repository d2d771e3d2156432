/**
 * All that waits to be written, to whomever: bounded for all together.
 *
 * @module
 */

/** What is counted for each thing that waits, besides its bytes: what keeps it, and who is told of it. */
export const QUEUED_OVERHEAD = 256;

/**
 * Counts the memory of all queues, in whatever layer they are. When it is more than the limit, the fullest queue's owner is
 * told to give up, until it is not; so one who does not read never costs those who do.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const all = new TotalQueued(100);
 * const closed: string[] = [];
 * const slow = all.open({ giveUp: () => closed.push("slow") });
 * const slower = all.open({ giveUp: () => closed.push("slower") });
 * slow.set(40);
 * slower.set(60);
 * assertEquals(closed, []);
 * slow.set(50);
 * assertEquals([closed, all.bytes], [["slower"], 50]);
 * ```
 */
export class TotalQueued {
  /** How many bytes may wait in all; less than before counts from the next that waits. */
  limit: number;
  readonly #filled = new Set<Queued>();
  #bytes = 0;

  /** @param limit how many bytes may wait in all. */
  constructor(limit: number = Infinity) {
    this.limit = limit;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Counts one more queue. One without an owner is counted and never given up. */
  open(owner?: QueueOwner): Queued {
    return new Queued(this, owner);
  }

  /** A queue holds more or less than before; {@linkcode Queued} calls this. */
  changed(queue: Queued, before: number): void {
    this.#bytes += queue.bytes - before;
    if (queue.owner === undefined) return;
    if (queue.bytes === 0) this.#filled.delete(queue);
    else if (before === 0) this.#filled.add(queue);
    while (queue.bytes > before && this.#bytes > this.limit && this.#giveUpFullest());
  }

  #giveUpFullest(): boolean {
    let fullest: Queued | undefined;
    for (const queue of this.#filled) if (queue.bytes > (fullest?.bytes ?? 0)) fullest = queue;
    if (fullest === undefined) return false;
    fullest.close();
    fullest.owner?.giveUp();
    return true;
  }
}

/** Who fills a queue. */
export interface QueueOwner {
  /**
   * Its queue is the fullest, and there is too much: what is in it counts no more and is to be given up. Called at any time,
   * also while the queue is being filled.
   */
  giveUp(): void;
}

/** One queue of {@linkcode TotalQueued}. */
export class Queued {
  readonly #all: TotalQueued;
  #bytes = 0;
  #isClosed = false;

  /** Only {@linkcode TotalQueued.open} makes these. */
  constructor(
    all: TotalQueued,
    /** Who fills it. */
    readonly owner: QueueOwner | undefined,
  ) {
    this.#all = all;
  }

  /** How many bytes it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** It holds so many bytes now. */
  set(bytes: number): void {
    if (this.#isClosed || bytes === this.#bytes) return;
    const before = this.#bytes;
    this.#bytes = bytes;
    this.#all.changed(this, before);
  }

  /** Nothing that is in it will be written: it counts no more. */
  close(): void {
    this.set(0);
    this.#isClosed = true;
  }
}
