/**
 * What is told of a finding: how it was come by, and what led to it, as data for tables and pictures.
 *
 * @module
 */

import { type Finding, type FoundAgain, lifeText, type OperationHistory } from "../history.ts";
import { type EventKind, eventsBefore, eventsSince, type HistoryEvent } from "./history_events.ts";

/** Something that happened to a client. */
export interface ToldEvent {
  /** When, in milliseconds since the run began. */
  readonly at: number;
  /** Whose it is: its place among the clients. */
  readonly client: number;
  /** What it is. */
  readonly kind: EventKind;
  /** The number of the message that it is about. */
  readonly message?: number;
  /** What it was, in a few words. */
  readonly text: string;
}

/** What led to a finding. All texts are fit for a terminal. */
export interface ToldHistory {
  /** The run in which it was found: `16 users, --seed 1, --faults none`. */
  readonly run: string;
  /** The smallest run in which it was found: `2 users, 2 messages, found in 7 of 10 runs`; none if it was not found again. */
  readonly smallest?: string;
  /** What was wrong in the run that is told. */
  readonly text: string;
  /** Clients, by their users and names. */
  readonly clients: readonly string[];
  /** What happened, in its order, up to what was wrong: the last of it if that is much. */
  readonly events: readonly ToldEvent[];
  /** Which transcript shows the same, or why there is none, if one was asked for. */
  readonly fixture?: string;
}

/** The smallest run in which something was found. */
export interface Smallest extends FoundAgain {
  /** What is done in it, and how often it was found. */
  readonly told: string;
}

/** Tells what led to a finding: in the smallest run where there is one, or else in the one in which it was found first. */
export function tellHistory(
  run: string,
  finding: Finding,
  history: OperationHistory,
  smallest: Smallest | undefined,
): ToldHistory {
  if (smallest === undefined) {
    return { run, text: finding.text, ...tell(eventsBefore(finding, history), history) };
  }
  const events = eventsSince(smallest.begun, smallest.finding, smallest.history);
  return { run, smallest: smallest.told, text: smallest.finding.text, ...tell(events, smallest.history) };
}

function tell(events: readonly HistoryEvent[], { lives }: OperationHistory): Pick<ToldHistory, "clients" | "events"> {
  const ids = [...new Set(events.map(({ life }) => life))].sort((a, b) => lives[a]!.user - lives[b]!.user || a - b);
  return {
    clients: ids.map((id) => lifeText(lives[id]!)),
    events: events.map(({ at, life, kind, sending, text }) => {
      return { at, client: ids.indexOf(life), kind, ...sending !== undefined && { message: sending }, text };
    }),
  };
}

/** The same as lines: what was found, and a table of when, who and what. */
export function toldLines({ run, smallest, text, clients, events, fixture }: ToldHistory): string[] {
  const width = Math.max(0, ...events.map(({ client }) => clients[client]!.length));
  return [
    smallest === undefined ? `${run}; what led to it:` : `${run}; smallest: ${smallest}: ${text}`,
    ...events.map(({ at, client, text }) =>
      `${at.toFixed(3).padStart(11)} ms  ${clients[client]!.padEnd(width)}  ${text}`
    ),
    ...fixture === undefined ? [] : [fixture],
  ];
}
