/**
 * What is to happen, in the order of time.
 *
 * @module
 */

/** Something that is to happen. */
export interface Event {
  /** When, in milliseconds. */
  readonly time: number;
  /** Tells events of one time apart: those that were added first come first. */
  readonly order: number;
  /** What happens; nothing any more once it is cancelled. */
  act: (() => void) | undefined;
}

/** A binary heap. */
export class EventQueue {
  readonly #heap: Event[] = [];
  #added = 0;
  #cancelled = 0;

  /** How many events there are that were not cancelled. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** How many were ever added: the order of the next one. */
  get added(): number {
    return this.#added;
  }

  /** The first one, cancelled ones left out. */
  peek(): Event | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.act !== undefined) return first;
      this.#takeFirst();
      this.#cancelled--;
    }
    return undefined;
  }

  /** Removes the first one. */
  take(): Event | undefined {
    const first = this.peek();
    if (first !== undefined) this.#takeFirst();
    return first;
  }

  /** Adds what is to happen at a time. */
  add(time: number, act: () => void): Event {
    const event: Event = { time, order: this.#added++, act };
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (isBefore(heap[parent]!, event)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = event;
    return event;
  }

  /** Makes sure that one that was added does not happen any more; it must not have happened. */
  cancel(event: Event): void {
    if (event.act === undefined) return;
    event.act = undefined;
    this.#cancelled++;
  }

  #takeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(last, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(a: Event, b: Event): boolean {
  return a.time < b.time || a.time === b.time && a.order < b.order;
}
