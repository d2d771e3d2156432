/**
 * How a message is sent to a server that may not read lines, as a client of the dialect finds out (PROTOCOLS.md, slash).
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import type { Connection } from "./connection.ts";
import type { RoundTripEstimator } from "../round_trip_estimator.ts";
import { sleep } from "../sleep.ts";

/** How long a server may take for its greeting before it is sent something all the same, in milliseconds. */
const SILENCE = 500;
/** The same, as a share of the deadline of a step. */
const SILENCE_SHARE = 0.1;
/** Between two messages that nothing divides, in milliseconds, so that the server finds them one by one. */
const MESSAGE_GAP = 100;
/** The same, at least, where it has said something since the first: most likely it has read that one. */
const SHORTEST_GAP = 20;

/** What is to be sent, and how long after what was sent before, at least. */
export interface FittedMessage {
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** In milliseconds; `undefined` where nothing but its round trips count. */
  readonly gap?: number;
}

/** How long {@linkcode fitLineEnd} may wait. */
export interface LineEndOptions {
  /** The time. */
  readonly runtime: Runtime;
  /** How fast it is. */
  readonly roundTrips: Pick<RoundTripEstimator, "settlingWindow">;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** Breaks off the waiting. */
  readonly signal: AbortSignal;
}

/**
 * What is to be sent on a connection in place of a message: without the line end behind it if the first that the server says
 * there does not end in one, or if it has said nothing for a while. That is waited for before the first message.
 */
export async function fitLineEnd(
  bytes: Uint8Array,
  lineEnd: number | undefined,
  connection: Connection,
  options: LineEndOptions,
): Promise<FittedMessage> {
  if (lineEnd === undefined) return { bytes };
  if (connection.lastSentAt === undefined) await awaitGreeting(connection, options);
  if (connection.hasSpoken) connection.greetingEnd ??= connection.lastByte;
  if (connection.greetingEnd === lineEnd) return { bytes };
  return { bytes: bytes.at(-1) === lineEnd ? bytes.subarray(0, -1) : bytes, gap: gapOf(connection, options) };
}

/** How long the next message waits: whatever the server says meanwhile may be an answer, or come of what others do. */
function gapOf({ lastSentAt, lastArrivalAt }: Connection, { roundTrips: { settlingWindow } }: LineEndOptions): number {
  const hasAnswered = lastSentAt !== undefined && lastArrivalAt !== undefined && lastArrivalAt >= lastSentAt;
  return hasAnswered ? Math.min(Math.max(settlingWindow, SHORTEST_GAP), MESSAGE_GAP) : MESSAGE_GAP;
}

/** Waits until the server has said something and then nothing for a moment, within bounds. */
async function awaitGreeting(
  connection: Connection,
  { runtime, roundTrips, timeout, signal }: LineEndOptions,
): Promise<void> {
  const until = runtime.now() + Math.min(SILENCE, timeout * SILENCE_SHARE);
  const silent = new AbortController();
  const silence = sleep(runtime, until - runtime.now(), AbortSignal.any([signal, silent.signal]));
  await Promise.race([silence.catch(() => {}), connection.spoken]);
  silent.abort("over");
  signal.throwIfAborted();
  while (connection.state === "open" && runtime.now() < until) {
    const wait = (connection.lastArrivalAt ?? -Infinity) + roundTrips.settlingWindow - runtime.now();
    if (wait <= 0) return;
    await sleep(runtime, wait, signal);
  }
}
