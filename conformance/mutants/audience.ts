/**
 * Changes to who gets a message, that fit any dialect.
 *
 * @module
 */

import type { OutcomeObserver } from "../../lib/hub/delivery.ts";
import type { Presence } from "../../lib/hub/presence.ts";
import { BroadcastOutcome } from "../../lib/hub/broadcast_outcome.ts";
import type { Changing } from "./mutation.ts";
import { inHub, sending } from "./mutations.ts";

/** Nobody hears what became of it. */
export const UNHEARD: OutcomeObserver = { settled: () => {} };

/** Each message to one user goes to everybody. */
export const toEverybody: Changing = sending((send) => (to, body, report) => {
  if (to !== undefined) send(undefined, body, UNHEARD);
  send(to, body, report);
});

/** Chooses the recipient of each message to one user from the names of those who are present, in the order in which they came. */
export function choosing(pick: (to: string, names: readonly string[], sender: string) => string | undefined): Changing {
  return inHub((names) =>
    sending((send, { name }) => (to, body, report) => {
      send(typeof to === "string" ? pick(to, names(), name) ?? to : to, body, report);
    })
  );
}

/** Chooses the recipients of each broadcast from the others who are present, and how their outcomes become one. */
export function broadcasting(
  pick: (others: readonly string[], sender: Presence) => readonly string[],
  collect: (report: OutcomeObserver, recipients: number) => OutcomeObserver = tally,
): Changing {
  return inHub((names) =>
    sending((send, sender) => (to, body, report) => {
      if (to !== undefined) return send(to, body, report);
      const chosen = pick(names().filter((name) => name !== sender.name), sender);
      const collected = collect(report, chosen.length);
      for (const name of chosen) send(name, body, collected);
    })
  );
}

function tally(report: OutcomeObserver, recipients: number): OutcomeObserver {
  const tally = new BroadcastOutcome(report);
  for (let i = 0; i < recipients; i++) tally.expect();
  tally.complete();
  return tally;
}

/** A broadcast becomes what its first outcome is. */
export function firstAnswer(report: OutcomeObserver): OutcomeObserver {
  let isTold = false;
  return {
    settled: (outcome) => {
      if (!isTold) report.settled(outcome);
      isTold = true;
    },
  };
}
