/**
 * All deadlines of a server in one table, without a timer each. Time is passed in, so that tests need not wait.
 *
 * @module
 */

/** Something that happens at a certain time unless it is cancelled before. */
export interface Deadline {
  /** Makes sure that it does not happen any more. May be called at any time, any number of times. */
  cancel(): void;
}

/** Who is told that time is up. An object and not a function, so that a message can be its own and costs no closure. */
export interface Expiring {
  /** Time is up. */
  expired(): void;
}

/** Where the time comes from when it is not only passed to {@linkcode Deadlines.advance}. */
export interface TimeSource {
  /** The time, in milliseconds, on the clock that `advance` is given. */
  now(): number;
  /** The first deadline was set after none was: time must be moved forward from now on. */
  armed(): void;
}

/** How finely time is divided, in milliseconds: a deadline fires up to this much late, and never early. */
const TICK_MS = 10;
/** Deadlines further away than a whole round of the wheel stay in their slot for another one. */
const SLOTS = 1024;

/**
 * A timing wheel: setting and cancelling a deadline cost the same however many there are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const deadlines = new Deadlines(0);
 * let late = false;
 * deadlines.set(500, { expired: () => late = true });
 * deadlines.advance(499);
 * assertEquals(late, false);
 * deadlines.advance(510);
 * assertEquals(late, true);
 * ```
 */
export class Deadlines {
  #now: number;
  readonly #source: TimeSource | undefined;
  #tick: number;
  readonly #count = { pending: 0 };
  /** Each slot is a ring that begins and ends with an entry that never fires. */
  readonly #slots: Entry[] = [];

  /**
   * Starts at a time in milliseconds, of any origin. With a source, delays count from its time and not from the last
   * `advance`, and nobody needs to move the time forward while no deadline is pending.
   */
  constructor(now: number, source?: TimeSource) {
    this.#now = now;
    this.#source = source;
    this.#tick = Math.floor(now / TICK_MS);
    for (let i = 0; i < SLOTS; i++) this.#slots.push(new Entry(Infinity, NOBODY, this.#count));
  }

  /** The time of the last {@linkcode Deadlines.advance}, in milliseconds. */
  get now(): number {
    return this.#now;
  }

  /** The present time, in milliseconds: the source's, or without one that of the last {@linkcode Deadlines.advance}. */
  get time(): number {
    return this.#source?.now() ?? this.#now;
  }

  /** How many deadlines are set and have neither fired nor been cancelled. */
  get pending(): number {
    return this.#count.pending;
  }

  /** Has `target` told by the first {@linkcode Deadlines.advance} to a time `delay` milliseconds from now or later. */
  set(delay: number, target: Expiring): Deadline {
    if (this.#count.pending === 0) this.#source?.armed();
    const due = Math.ceil((this.time + delay) / TICK_MS);
    const entry = new Entry(Math.max(due, this.#tick + 1), target, this.#count);
    entry.append(this.#slots[entry.tick % SLOTS]!);
    this.#count.pending++;
    return entry;
  }

  /** Moves the time forward and calls everything that is due, earliest first. A time in the past is ignored. */
  advance(now: number): void {
    if (now <= this.#now) return;
    this.#now = now;
    const last = Math.floor(now / TICK_MS);
    const due: Entry[] = [];
    // A gap of a round or more visits each slot once.
    const slots = Math.min(last - this.#tick, SLOTS);
    for (let i = 1; i <= slots; i++) {
      const ring = this.#slots[(this.#tick + i) % SLOTS]!;
      for (let entry = ring.next; entry !== ring; entry = entry.next) if (entry.tick <= last) due.push(entry);
    }
    this.#tick = last;
    due.sort((a, b) => a.tick - b.tick);
    // What fires first may cancel what would fire next.
    for (const entry of due) if (entry.unlink()) entry.target.expired();
  }
}

const NOBODY: Expiring = { expired: () => {} };

/** A deadline's place in the ring of its slot. */
class Entry implements Deadline {
  next: Entry = this;
  #previous: Entry = this;
  readonly #count: { pending: number };

  constructor(readonly tick: number, readonly target: Expiring, count: { pending: number }) {
    this.#count = count;
  }

  cancel(): void {
    this.unlink();
  }

  append(ring: Entry): void {
    this.next = ring;
    this.#previous = ring.#previous;
    ring.#previous.next = this;
    ring.#previous = this;
  }

  /** Says whether it was still linked. */
  unlink(): boolean {
    if (this.next === this) return false;
    this.#previous.next = this.next;
    this.next.#previous = this.#previous;
    this.next = this.#previous = this;
    this.#count.pending--;
    return true;
  }
}
