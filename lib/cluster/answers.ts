/**
 * What a node answers when others ask it something.
 *
 * @module
 */

import { DELIVERED, GONE, type Outcome, refused } from "../core/outcome.ts";
import type { ClusterHub } from "../hub/cluster.ts";
import type { OutcomeObserver } from "../hub/delivery.ts";
import type { Holding } from "./holding.ts";
import type { Pairs } from "./pairs.ts";
import { decodePassing, encodeOutcome, type Passing } from "./requests.ts";

/** Who is asked in the end. */
export interface AnswerServices {
  /** Who is present here. */
  readonly hub: ClusterHub;
  /** Those of whom only a half is here. */
  readonly pairs: Pairs;
  /** Whether this node's lease is valid. */
  isValid(): boolean;
  /** The claim of somebody here. */
  holdingOf(claim: string): Holding | undefined;
  /** Has the node wait for work before it stops. */
  begin(work: Promise<void>): void;
}

/** Answers a request, once, at once or later. */
export function answerRequest(
  request: Uint8Array,
  answer: (bytes: Uint8Array) => void,
  services: AnswerServices,
): void {
  const report = { settled: (outcome: Outcome) => answer(encodeOutcome(outcome)) };
  const passing = decodePassing(request);
  if (passing === undefined) return report.settled(refused("unreadable"));
  // A node that was stopped for long still has what others have given up on.
  if (!services.isValid()) return report.settled(GONE);
  answerPassing(passing, report, services);
}

function answerPassing({ to, from, body }: Passing, report: OutcomeObserver, services: AnswerServices): void {
  const { hub, pairs, holdingOf, begin } = services;
  if (to === "everyone") return hub.passOnToAll(from, body, report);
  if ("claim" in to) {
    const presence = holdingOf(to.claim)?.presence;
    if (presence?.recipient === undefined || presence.hasLeft) report.settled(GONE);
    else hub.passOn(from, presence, body, report);
    return;
  }
  if ("joins" in to) {
    const holding = holdingOf(to.joins);
    if (holding === undefined) return report.settled(GONE);
    return begin(pairs.joined(holding, from, body.slice()).then((outcome) => report.settled(outcome)));
  }
  if ("leaves" in to) {
    const holding = holdingOf(to.leaves);
    if (holding !== undefined) pairs.departed(holding.presence);
  } else if ("group" in to) hub.tellGroup(to.group, from, body);
  else hub.hearDatagram(to.port, body, from.remote);
  report.settled(DELIVERED);
}
