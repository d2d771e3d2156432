/**
 * frame's exchange: a frame to somebody, and a frame of one byte back. The server confirms nothing by itself.
 *
 * @module
 */

import { encodeFrame } from "../../../lib/dialects/frame/codec.ts";
import { type DialectLoad, oneByOne } from "../dialect_load.ts";
import { bodyOf, type Exchange, type Plan } from "../plan.ts";

/** Our server gives the lowest ID that is free, so that the IDs of those who come one after the other are known. */
const FIRST_ID = 2;

function open(plan: Plan, id: number): number {
  const link = plan.stream();
  plan.expect(String(id));
  return link;
}

/** Two clients, of whom one sends and the other one sends back. */
function openFramePair(plan: Plan, index: number, bodySize: number): Exchange {
  const [from, to] = [FIRST_ID + 2 * index, FIRST_ID + 2 * index + 1];
  const encoder = new TextEncoder();
  const request = encodeFrame(from, to, encoder.encode(bodyOf(bodySize)));
  const answer = encodeFrame(to, from, encoder.encode("r"));
  return {
    sender: open(plan, from),
    receivers: [open(plan, to)],
    request,
    delivered: request,
    answer,
    confirmed: answer,
  };
}

/** How frame is put under load. */
export const LOAD: DialectLoad = {
  what: "50 pairs, a frame of 64 bytes there and one of a byte back, 1 in flight each; frame confirms nothing itself",
  pairs: oneByOne(openFramePair),
};
