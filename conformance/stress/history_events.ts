/**
 * A history as events in their order, for tables and pictures.
 *
 * @module
 */

import { type Finding, type Life, lifeText, type OperationHistory } from "./history.ts";

/** Something that happened to a client, or that it did. */
export interface HistoryEvent {
  /** When. */
  readonly at: number;
  /** To whom. */
  readonly life: number;
  /** `sent`: from the client to the server; `told`: the other way round; `own`: neither. */
  readonly direction: "sent" | "told" | "own";
  /** Whether it is a fault of the client's. */
  readonly isFault: boolean;
  /** The message that it is about. */
  readonly sending?: number;
  /** What it was, in a few words. */
  readonly text: string;
}

/** So many events are shown of a finding. */
const SHOWN = 30;
/** What was sent so long before may have to do with it, in milliseconds. */
const SOON = 20;

/** All events of some clients and messages, the earliest first. */
function* eventsOf(
  history: OperationHistory,
  lives: ReadonlySet<number>,
  sendings: ReadonlySet<number>,
): Generator<HistoryEvent> {
  for (const id of lives) yield* eventsOfLife(history.lives[id]!);
  for (const { life, key, begin, end, outcome } of history.claims) {
    if (!lives.has(life)) continue;
    yield { at: begin, life, direction: "sent", isFault: false, text: `asks for ${key}` };
    const answer = outcome === "ok" ? "is given" : "is refused";
    if (end !== undefined) yield { at: end, life, direction: "told", isFault: false, text: `${answer} ${key}` };
  }
  for (const id of sendings) {
    const { life, to = "all", size, begin, end, outcome, words } = history.sendings[id]!;
    yield {
      at: begin,
      life,
      direction: "sent",
      isFault: false,
      sending: id,
      text: `sends message ${id} to ${to} (${size} bytes)`,
    };
    if (end === undefined) continue;
    const text = `is told that ${id} was ${outcome === "ok" ? "delivered" : "not"}${words ? `: ${words}` : ""}`;
    yield { at: end, life, direction: "told", isFault: false, sending: id, text };
  }
  for (const { life, at, sending, garbled, from, acknowledged } of history.arrivals) {
    const isMeant = sending === undefined ? lives.has(life) : sendings.has(sending);
    if (!isMeant) continue;
    const text = `gets ${garbled ?? `message ${sending} from ${from}`}`;
    const about = sending === undefined ? {} : { sending };
    yield { at, life, direction: "told", isFault: false, ...about, text };
    if (acknowledged === undefined) continue;
    yield { at: acknowledged, life, direction: "sent", isFault: false, ...about, text: `acknowledges ${sending}` };
  }
  for (const { life, kind, group, begin, end, outcome, members } of history.groupOperations) {
    if (!lives.has(life)) continue;
    yield { at: begin, life, direction: "sent", isFault: false, text: `asks for ${kind} of ${group}` };
    if (end === undefined) continue;
    const text = `is told ${outcome}${
      members === undefined ? "" : `: ${members.join(", ") || "nobody"}`
    } (${kind} of ${group})`;
    yield { at: end, life, direction: "told", isFault: false, text };
  }
}

function* eventsOfLife(
  { id: life, begin, held, parting, gone, closedByServer, faults }: Life,
): Generator<HistoryEvent> {
  const own = { life, direction: "own", isFault: false } as const;
  yield { ...own, at: begin, text: "connects" };
  if (held !== undefined) yield { ...own, at: held, text: "is there" };
  if (parting !== undefined) yield { ...own, at: parting, text: "leaves" };
  if (gone !== undefined) {
    yield { ...own, at: gone, text: closedByServer === undefined ? "is gone" : `is closed: ${closedByServer}` };
  }
  for (const { kind, begin, end } of faults) {
    yield { ...own, at: begin, isFault: true, text: `fault: ${kind}` };
    if (end !== undefined) yield { ...own, at: end, isFault: true, text: `end of ${kind}` };
  }
}

/** What led to a finding: the past of the clients and messages that it is about, the last of it if that is much. */
export function eventsBefore({ at, lives, sendings }: Finding, history: OperationHistory): HistoryEvent[] {
  const known = sendings.filter((id) => history.sendings[id] !== undefined);
  const concerned = new Set([...lives, ...known.map((id) => history.sendings[id]!.life)]);
  const since = Math.min(at, ...known.map((id) => history.sendings[id]!.begin)) - SOON;
  // What others sent to them at that time may have got in the way.
  const names = new Set([
    ...known.flatMap((id) => history.sendings[id]!.to ?? []),
    ...lives.map((id) => history.lives[id]!.name),
  ]);
  const beside = history.sendings.filter(({ to, begin }) =>
    to !== undefined && names.has(to) && begin >= since && begin <= at
  );
  return inOrder(eventsOf(history, concerned, new Set([...known, ...beside.map(({ id }) => id)])), at);
}

/** All that happened from one moment on until something was found: of a run that was made so small that all of it can be shown. */
export function eventsSince(begun: number, { at, sendings }: Finding, history: OperationHistory): HistoryEvent[] {
  const present = history.lives.filter(({ begin, gone = Infinity }) => begin <= at && gone >= begun);
  const sent = history.sendings.filter(({ id, begin }) => begin >= begun || sendings.includes(id));
  const events = eventsOf(history, new Set(present.map(({ id }) => id)), new Set(sent.map(({ id }) => id)));
  return inOrder(events.filter((event) => event.at >= begun || event.sending !== undefined), at);
}

function inOrder(events: Iterable<HistoryEvent>, until: number): HistoryEvent[] {
  return [...events].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at).slice(-SHOWN);
}

/** The events as a table: when, who, what. */
export function eventTable(events: readonly HistoryEvent[], history: OperationHistory): string[] {
  const who = events.map(({ life }) => lifeText(history.lives[life]!));
  const width = Math.max(0, ...who.map(({ length }) => length));
  return events.map(({ at, text }, i) => `${at.toFixed(3).padStart(11)} ms  ${who[i]!.padEnd(width)}  ${text}`);
}
