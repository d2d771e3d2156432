/**
 * How somebody behaves, and how their connection does: drawn anew for each life.
 *
 * @module
 */

import type { Chance } from "../../lib/simulation/chance.ts";
import { CALM_WIRE, type DatagramConditions, type WireConditions } from "../../lib/simulation/conditions.ts";

/** How somebody leaves. */
export type Leaving =
  /** With the dialect's word for it, or the end of the stream. */
  | "politely"
  /** Says that this was all, and listens on. */
  | "half-closed"
  /** As a process that is killed. */
  | "broken off"
  /** As a cable that is cut. */
  | "cut";

/** One life's behaviour. */
export interface Behaviour {
  /** How many messages they send, at most. */
  readonly messages: number;
  /** How many of them may wait for an answer. */
  readonly window: number;
  /** How long they think before the next, at most, in milliseconds. */
  readonly thinking: number;
  /** How often the next message is for the same recipient as the last. */
  readonly faithfulness: number;
  /** The share of their messages that is for everybody. */
  readonly toAll: number;
  /** When they acknowledge, where the dialect asks for it. */
  readonly acknowledging: "at once" | "late" | "never" | "now and then not";
  /** How they read: some stop for a while, some for good. */
  readonly reading: "always" | "in bursts" | "not any more";
  /** Whether they never finish registering, and wait to be thrown out, where the dialect lets them. */
  readonly isHalf: boolean;
  /** How they leave. */
  readonly leaving: Leaving;
}

const PLAIN: Behaviour = {
  messages: 200,
  window: 1,
  faithfulness: 0,
  thinking: 10,
  toAll: 0,
  acknowledging: "at once",
  reading: "always",
  isHalf: false,
  leaving: "politely",
};

const LEAVINGS: readonly Leaving[] = ["politely", "politely", "half-closed", "broken off", "broken off", "cut"];

/** Draws a behaviour; in a calm phase, one of somebody who does nothing wrong. */
export function drawBehaviour(chance: Chance, isCalm: boolean): Behaviour {
  const plain: Behaviour = {
    ...PLAIN,
    messages: 5 + chance.below(100),
    window: chance.pick([1, 1, 2, 4, 8, 16]),
    faithfulness: chance.pick([0, 0.5, 0.9]),
    thinking: chance.pick([0, 2, 10, 50]),
    toAll: isCalm ? 0.005 : 0.001,
    leaving: chance.pick(LEAVINGS),
  };
  if (isCalm) return plain;
  switch (chance.below(14)) {
    case 0:
      return { ...plain, acknowledging: "never", messages: 50 };
    case 1:
    case 2:
      return { ...plain, acknowledging: "late" };
    case 3:
      return { ...plain, acknowledging: "now and then not" };
    case 4:
    case 5:
      return { ...plain, reading: "in bursts" };
    case 6:
      return { ...plain, reading: "not any more", messages: 50 };
    case 7:
    case 8:
      return { ...plain, window: 500, thinking: 0, messages: 600 };
    case 9:
      return { ...plain, isHalf: true };
    default:
      return plain;
  }
}

/** Draws what happens to the bytes of one connection; to one that `isWhole`, nothing that cuts them. */
export function drawWire(chance: Chance, isCalm: boolean, isWhole: boolean): WireConditions {
  const drawn = draw(chance, isCalm);
  return isWhole ? { ...drawn, cutting: CALM_WIRE.cutting } : drawn;
}

function draw(chance: Chance, isCalm: boolean): WireConditions {
  const calm: WireConditions = { ...CALM_WIRE, latency: 0.1, jitter: 0.5, coalescing: 1, capacity: 8_192 };
  if (isCalm) return calm;
  const near = { ...calm, capacity: chance.pick([200, 2_000, 8_192]) };
  switch (chance.below(10)) {
    case 0:
      return { ...near, cutting: { share: 1, sizes: [1, 7] }, coalescing: 0.2 };
    case 1:
      return { ...calm, latency: 20, jitter: 60, coalescing: 0.8, cutting: { share: 0.2, sizes: [1, 500] } };
    case 2:
      return { ...near, bandwidth: 100 };
    case 3:
      return { ...calm, stalling: { share: 0.01, longest: 500 } };
    case 4:
      return { ...near, resetting: 0.001 };
    default:
      return { ...near, jitter: 5 };
  }
}

/** What happens to datagrams. */
export function datagramsIn(isCalm: boolean): DatagramConditions {
  return isCalm ? { loss: 0, duplication: 0, delay: [0.1, 1] } : { loss: 0.02, duplication: 0.05, delay: [0.5, 40] };
}
