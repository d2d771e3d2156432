/**
 * Sending the segments of one step.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import type { Send } from "../../transcript/syntax.ts";
import type { Connection } from "./connection.ts";
import { closedEarly, unmet } from "../explain.ts";
import type { Unmet } from "../failure.ts";
import type { RoundTripEstimator } from "../round_trip_estimator.ts";
import { sleep, unlessAborted } from "../sleep.ts";

/** How segments are sent. */
export interface SendOptions {
  /** The time. */
  readonly runtime: Runtime;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How long after a segment the next one leaves. */
  readonly roundTrips: Pick<RoundTripEstimator, "gap">;
  /** How long after what was sent before the first one leaves, in milliseconds, where that is no matter of round trips. */
  readonly gap?: number | undefined;
  /** Whether the step is cut into segments otherwise than its transcript says. */
  readonly isCut: boolean;
  /** Breaks the sending off. */
  readonly signal: AbortSignal;
  /** Called when the server does not read what it is sent before the deadline. */
  onStuck(reason: Unmet): void;
}

/**
 * Sends segments, so that they arrive one by one.
 *
 * @throws {Unmet} `closed` if the server has closed the connection; what the signal was aborted with.
 */
export async function sendSegments(
  step: Send,
  connection: Connection,
  segments: readonly Uint8Array[],
  { runtime, timeout, roundTrips, gap, isCut, signal, onStuck }: SendOptions,
): Promise<void> {
  for (const [i, segment] of segments.entries()) {
    const isDivided = gap === undefined || i > 0;
    const wait = (connection.lastSentAt ?? -Infinity) + (isDivided ? roundTrips.gap : gap) - runtime.now();
    if (wait > 0 && !(isDivided && connection.hasAnswered)) await sleep(runtime, wait, signal);
    if (connection.state === "closed" && !connection.isForgotten) {
      // A server may have seen enough; what it should have done with the whole is for the next steps to say.
      if (i > 0 && isCut) return;
      throw closedEarly(step, connection, "so that nothing can be sent on it");
    }
    const timer = runtime.after(timeout, () => {
      onStuck(unmet("timeout", step, `the ${connection.peer} does not read what it is sent on ${connection.name}`));
    });
    try {
      await unlessAborted(connection.send(segment), signal);
    } finally {
      timer.cancel();
    }
  }
}
