/**
 * Requests that take a while, of many peers: those of one peer are handled one after the other.
 *
 * @module
 */

/** How many requests of one peer may wait; what is beyond that is dropped, as a network would. */
const MAX_WAITING = 64;

interface Waiting {
  readonly key: string;
  readonly handle: (done: () => void) => void;
}

/**
 * Keeps the requests of each peer in order.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const turns = new Turns<string>();
 * const handled: string[] = [];
 * let first = () => {};
 * turns.take("alice", "join", (done) => (handled.push("join"), first = done));
 * turns.take("alice", "leave", (done) => (handled.push("leave"), done()));
 * turns.take("bob", "join", (done) => (handled.push("bob's"), done()));
 * assertEquals(handled, ["join", "bob's"]);
 * first();
 * assertEquals(handled, ["join", "bob's", "leave"]);
 * ```
 */
export class Turns<Peer> {
  /** The requests of each peer that are not done, the one that is being handled first. */
  readonly #waiting = new Map<Peer, Waiting[]>();

  /**
   * Has a request handled when those before it are done, unless the same one waits already.
   *
   * @param key tells it from others of the same peer.
   * @param handle calls `done` once, at once or later.
   */
  take(peer: Peer, key: string, handle: (done: () => void) => void): void {
    const waiting = this.#waiting.get(peer) ?? [];
    if (waiting.length >= MAX_WAITING || waiting.some((other) => other.key === key)) return;
    waiting.push({ key, handle });
    if (waiting.length > 1) return;
    this.#waiting.set(peer, waiting);
    this.#next(peer, waiting);
  }

  #next(peer: Peer, waiting: Waiting[]): void {
    const [first] = waiting;
    if (first === undefined) return void this.#waiting.delete(peer);
    first.handle(() => {
      waiting.shift();
      this.#next(peer, waiting);
    });
  }
}
