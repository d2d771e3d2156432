/**
 * The times of the document, and what follows from them.
 *
 * @module
 */

import { isLoopback } from "../../chat/datagrams.ts";

/** How long an acknowledgement is waited for, in milliseconds. */
export const ACK_MS = 500;

/** How often a request to the server is sent before the server counts as gone. */
export const TRIES = 5;

/** How long the same request may be repeated by a client that has missed its answer, in milliseconds. */
export const REPEATS_MS = TRIES * ACK_MS;

/**
 * How much later than a datagram a copy of it can arrive that the network has made, in milliseconds: not quite half of
 * {@linkcode ACK_MS}, in which a datagram and its answer must go there and back, since clocks tick coarsely.
 */
const COPY_MS = 200;

/**
 * How much later than a datagram a copy of it can arrive on the way to or from an address, in milliseconds. This machine's
 * loopback carries everything once.
 */
export function delayOfCopies(hostname: string): number {
  return isLoopback(hostname) ? 0 : COPY_MS;
}

/**
 * How long after a datagram was sent its answer, or a copy of that, can arrive, in milliseconds. Answers carry no number, so
 * whoever waits for one must know that none of the same words can come for something earlier. As the document has it, what
 * is not there after 500 ms does not come.
 */
export function lifetimeOfAnswers(hostname: string): number {
  return isLoopback(hostname) ? 0 : ACK_MS;
}
