/**
 * What is sent and comes more than once, where datagrams get lost and doubled on their way.
 *
 * @module
 */

/** How often a request is sent in all, as the document's client does it. */
const TIMES = 5;

const latin1 = new TextDecoder("latin1");

/** The last request of a connection, and what was taken on it. */
export class Repetitions {
  #request: Uint8Array | undefined;
  #times = 0;
  readonly #taken = new Set<string>();

  /** A request was sent. */
  sent(request: Uint8Array): void {
    this.#request = request.slice();
    this.#times = 1;
  }

  /** Whether a request has no answer yet. */
  get isAsking(): boolean {
    return this.#request !== undefined;
  }

  /** Something has come that may be the answer. */
  heard(): void {
    this.#request = undefined;
  }

  /** The request to send once more, if it has no answer and was not sent often enough. */
  next(): Uint8Array | undefined {
    return this.#times++ < TIMES ? this.#request : undefined;
  }

  /** A step has taken this. */
  taken(datagram: Uint8Array): void {
    this.#taken.add(latin1.decode(datagram));
  }

  /** Whether the same was taken already: it was doubled, or is the answer to a request that was sent again. */
  isRepeated(datagram: Uint8Array): boolean {
    return this.#taken.has(latin1.decode(datagram));
  }
}
