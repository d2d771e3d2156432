/**
 * A history as events in their order, for tables and pictures.
 *
 * @module
 */

import type { End, Finding, Life, OperationHistory } from "../history.ts";

/**
 * What an event is. From the client to the server go `sends` and `acknowledges`; the other way `gets`, `confirmed` and `refused`; a `fault`
 * is done to its connections; `own` is all else.
 */
export type EventKind = "sends" | "acknowledges" | "gets" | "confirmed" | "refused" | "fault" | "own";

/** Something that happened to a client, or that it did. */
export interface HistoryEvent {
  /** When. */
  readonly at: number;
  /** To whom. */
  readonly life: number;
  /** What it is. */
  readonly kind: EventKind;
  /** The message that it is about. */
  readonly sending?: number;
  /** What it was, in a few words. */
  readonly text: string;
}

/** So many events are shown of a finding. */
const SHOWN = 30;
/** What was sent so long before may have to do with it, in milliseconds. */
const SOON = 20;

/** All events of some clients and messages, in any order. */
function* eventsOf(
  history: OperationHistory,
  lives: ReadonlySet<number>,
  sendings: ReadonlySet<number>,
): Generator<HistoryEvent> {
  for (const id of lives) yield* eventsOfLife(history.lives[id]!);
  yield* eventsOfServer(history, lives);
  for (const { life, key, begin, end, outcome } of history.claims) {
    if (!lives.has(life)) continue;
    yield { at: begin, life, kind: "sends", text: `asks for ${key}` };
    if (end === undefined) continue;
    yield { at: end, life, ...answer(outcome), text: `${outcome === "ok" ? "is given" : "is refused"} ${key}` };
  }
  for (const sending of sendings) {
    const { life, to = "all", size, begin, end, outcome, words } = history.sendings[sending]!;
    yield { at: begin, life, kind: "sends", sending, text: `sends message ${sending} to ${to} (${size} bytes)` };
    if (end === undefined) continue;
    const text = `is told that ${sending} was ${outcome === "ok" ? "delivered" : "not"}${words ? `: ${words}` : ""}`;
    yield { at: end, life, ...answer(outcome), sending, text };
  }
  for (const { life, at, sending, garbled, from, acknowledged } of history.arrivals) {
    const isMeant = sending === undefined ? lives.has(life) : sendings.has(sending);
    if (!isMeant) continue;
    const about = sending === undefined ? {} : { sending };
    yield { at, life, kind: "gets", ...about, text: `gets ${garbled ?? `message ${sending} from ${from}`}` };
    if (acknowledged === undefined) continue;
    yield { at: acknowledged, life, kind: "acknowledges", ...about, text: `acknowledges ${sending}` };
  }
  for (const { life, kind, group, begin, end, outcome, members } of history.groupOperations) {
    if (!lives.has(life)) continue;
    yield { at: begin, life, kind: "sends", text: `asks for ${kind} of ${group}` };
    if (end === undefined) continue;
    const who = members === undefined ? "" : `: ${members.join(", ") || "nobody"}`;
    yield { at: end, life, ...answer(outcome), text: `is told ${outcome}${who} (${kind} of ${group})` };
  }
}

/** What was done to the server, beside the client that was there and comes first. */
function* eventsOfServer(
  { lives, freezes = [] }: OperationHistory,
  concerned: ReadonlySet<number>,
): Generator<HistoryEvent> {
  const own = [...concerned].map((id) => lives[id]!).sort((a, b) => a.user - b.user || a.id - b.id);
  for (const { begin, end } of freezes) {
    const life = own.find((one) => one.begin < begin && (one.gone ?? Infinity) > begin)?.id;
    if (life === undefined) continue;
    yield { at: begin, life, kind: "fault", text: "fault: freeze of the server" };
    if (end !== undefined) yield { at: end, life, kind: "fault", text: "end of freeze: the server goes on" };
  }
}

function answer(outcome: End): Pick<HistoryEvent, "kind"> {
  return { kind: outcome === "ok" ? "confirmed" : "refused" };
}

function* eventsOfLife(
  { id: life, begin, held, parting, gone, closedByServer, faults }: Life,
): Generator<HistoryEvent> {
  yield { at: begin, life, kind: "own", text: "connects" };
  if (held !== undefined) yield { at: held, life, kind: "own", text: "is there" };
  if (parting !== undefined) yield { at: parting, life, kind: "own", text: "leaves" };
  if (gone !== undefined) {
    yield {
      at: gone,
      life,
      kind: "own",
      text: closedByServer === undefined ? "is gone" : `is closed: ${closedByServer}`,
    };
  }
  for (const { kind, begin, end } of faults) {
    yield { at: begin, life, kind: "fault", text: `fault: ${kind}` };
    if (end !== undefined) yield { at: end, life, kind: "fault", text: `end of ${kind}` };
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
