/**
 * Drives pairs of connections: keeps so many messages in flight on each, and counts what was confirmed.
 *
 * @module
 */

import { Counter } from "./counter.ts";
import { type Pair, writeAll } from "./exchange.ts";
import { Latencies } from "./latencies.ts";

/** How long to drive, in milliseconds, and how many messages to keep in flight on each pair. */
export interface Drive {
  /** Driven before anything is counted. */
  readonly warmup: number;
  /** Counted. */
  readonly duration: number;
  /** Messages in flight on each pair. */
  readonly inFlight: number;
  /** The server's process, whose processor time is measured. */
  readonly server?: number | undefined;
}

const READ_SIZE = 64 * 1024;

/** The same bytes several times over. */
export function repeat(bytes: Uint8Array, times: number): Uint8Array {
  if (times === 1) return bytes;
  const all = new Uint8Array(bytes.length * times);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.length);
  return all;
}

/** Answers whatever is delivered on a connection until it closes; a failure counts unless `isOver`. */
export async function answerAll(
  pair: Pick<Pair, "receiver" | "delivered" | "answer" | "aside">,
  isOver: () => boolean,
): Promise<void> {
  const counter = new Counter(pair.delivered, pair.aside);
  const buffer = new Uint8Array(READ_SIZE);
  try {
    for (;;) {
      const count = await pair.receiver.read(buffer);
      if (count === null) throw new Error("the server closed a receiver");
      const complete = counter.count(buffer.subarray(0, count));
      if (complete > 0 && pair.answer.length > 0) await writeAll(pair.receiver, repeat(pair.answer, complete));
      for (; counter.asides > 0; counter.asides--) await writeAll(pair.receiver, pair.aside!.answer);
    }
  } catch (error) {
    if (!isOver()) throw error;
  }
}

/** Keeps messages in flight on one pair until `isOver`, then waits for the last of them. */
export async function sendAll(
  pair: Pick<Pair, "sender" | "request" | "confirmed" | "aside">,
  inFlight: number,
  latencies: Latencies,
  isOver: () => boolean,
): Promise<void> {
  const counter = new Counter(pair.confirmed, pair.aside);
  const buffer = new Uint8Array(READ_SIZE);
  const sentAt: number[] = new Array(inFlight).fill(performance.now());
  let oldest = 0;
  let owed = inFlight;
  await writeAll(pair.sender, repeat(pair.request, inFlight));
  while (owed > 0) {
    const count = await pair.sender.read(buffer);
    if (count === null) throw new Error("the server closed a sender");
    const complete = counter.count(buffer.subarray(0, count));
    const now = performance.now();
    for (let i = 0; i < complete; i++) {
      latencies.add(now - sentAt[oldest]!, now);
      sentAt[oldest] = now;
      oldest = (oldest + 1) % inFlight;
    }
    for (; counter.asides > 0; counter.asides--) await writeAll(pair.sender, pair.aside!.answer);
    if (isOver()) owed -= complete;
    else if (complete > 0) await writeAll(pair.sender, repeat(pair.request, complete));
  }
}

/** The time that counts, from now on. */
export function timeThatCounts({ warmup, duration }: Drive): { start: number; end: number; latencies: Latencies } {
  const start = performance.now() + warmup;
  const end = start + duration;
  return { start, end, latencies: new Latencies(start, end) };
}

/** Drives all pairs at once until `end`, counts what is confirmed, and closes them. */
export async function drivePairs(
  pairs: readonly Pair[],
  inFlight: number,
  { end, latencies }: { readonly end: number; readonly latencies: Latencies },
): Promise<void> {
  let isClosed = false;
  const answering = Promise.all(pairs.map((pair) => answerAll(pair, () => isClosed)));
  const sending = Promise.all(
    pairs.map((pair) => sendAll(pair, inFlight, latencies, () => performance.now() >= end)),
  );
  // A receiver that fails leaves its sender waiting for ever: whoever fails first is heard.
  await Promise.race([sending, answering]);
  await sending;
  isClosed = true;
  for (const { sender, receiver, others } of pairs) for (const link of [sender, receiver, ...others]) link.close();
  await answering;
}
