/**
 * A recorded session as steps of a transcript.
 *
 * @module
 */

import type { SessionEvent } from "./history.ts";
import type { BeginReading, DialectReading, WrittenMessage } from "./reading.ts";
import { type MessagePart, recordedParts } from "./session_messages.ts";
import type { SessionValues } from "./session_values.ts";
import { sliceSnippets, type Snippet } from "./snippet.ts";
import { VERBS } from "../transcript/macros.ts";

/** A step that was recorded. */
export type RecordedStep =
  /** Written as it is: `connect alice.out`, `let text = hello`. */
  | { readonly kind: "line"; readonly text: string }
  /** A remark for whoever reads it. */
  | { readonly kind: "remark"; readonly text: string }
  /** What a client sends. */
  | { readonly kind: "send"; readonly connection: string; readonly snippets: readonly Snippet[] }
  | ExpectedMessage
  /** The server closes, soon or when it has lost patience. */
  | { readonly kind: "closed"; readonly connection: string; readonly isPatient: boolean }
  /** Nothing comes. */
  | { readonly kind: "silent"; readonly connection: string }
  /** What shows that nothing comes. */
  | { readonly kind: "fence"; readonly connection: string; readonly lines: readonly string[] }
  /** Messages of one connection, in any order; each with what follows it. */
  | { readonly kind: "any-order"; readonly items: readonly (readonly [ExpectedMessage, ...RecordedStep[]])[] };

/** What a server sends. */
export interface ExpectedMessage {
  /** Tells the steps apart. */
  readonly kind: "expect";
  /** The connection. */
  readonly connection: string;
  /** What comes. */
  readonly snippets: readonly Snippet[];
  /** Whether it comes only when the server has lost patience. */
  readonly isPatient: boolean;
}

/** After so long, in milliseconds, somebody's silence was meant. */
const QUIET = 1_000;
/** What comes so long after the last that a client did comes because the server has lost patience. */
const PATIENT = 2_500;

const NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/**
 * Writes what happened as steps: all that clients did, and all that they heard, in that order; who heard nothing of what others did is
 * asked for silence.
 *
 * @param reserved words that no connection can be called, because macros are.
 */
export function recordedSteps(
  events: readonly SessionEvent[],
  begin: BeginReading,
  values: SessionValues,
  reserved: ReadonlySet<string> = new Set(),
): RecordedStep[] {
  const names = new Map<number, string>();
  const called = (connection: number) => names.get(connection) ?? `connection-${connection + 1}`;
  const reading = begin(values, called);
  const parts = recordedParts(events, reading);
  for (const { message, range } of parts) if (range[0] === 0) reading.learn(message);
  for (const { connection, kind } of events) {
    if (kind === "opened") {
      names.set(connection, connectionName(connection, reading, new Set([...reserved, ...names.values()])));
    }
  }
  const steps = new StepWriter(reading, called, values, events);
  if (values.names.length > 0) steps.line(`name ${values.names.join(" ")}`);
  const next = parts.values();
  let part = next.next();
  for (const [at, event] of events.entries()) {
    steps.event(event, at);
    for (; !part.done && part.value.at === at; part = next.next()) steps.message(part.value, event);
  }
  return steps.finish();
}

function connectionName(connection: number, reading: DialectReading, taken: ReadonlySet<string>): string {
  const number = NUMBERS[connection] ?? `c${connection + 1}`;
  const wish = reading.nameOf(connection) ?? number;
  const stem = VERBS.has(wish) ? number : wish;
  let name = stem;
  for (let i = 2; taken.has(name); i++) name = `${stem}-${i}`;
  return name;
}

/** The connections whose clients have only half-closed them: they went on to read. */
function heardBehindTheirEnd(events: readonly SessionEvent[]): ReadonlySet<number> {
  const ended = new Set<number>();
  const heard = new Set<number>();
  for (const { connection, kind } of events) {
    if (kind === "client-ended") ended.add(connection);
    if (kind === "received" && ended.has(connection)) heard.add(connection);
  }
  return heard;
}

/** From which event on a connection cannot hear of anything that another client says, because none does until its own client ends it. */
function lastChances(events: readonly SessionEvent[]): ReadonlyMap<number, number> {
  const chances = new Map<number, number>();
  const [said, open] = [new Map<number, number>(), new Set<number>()];
  for (const [at, { connection, kind }] of events.entries()) {
    if (kind === "opened") open.add(connection);
    else if (kind === "sent") { for (const other of open) if (other !== connection) said.set(other, at); }
    else if (kind === "received") said.set(connection, at);
    else open.delete(connection);
    if (kind !== "opened" && kind !== "sent") chances.set(connection, said.get(connection) ?? -1);
  }
  for (const connection of open) chances.set(connection, said.get(connection) ?? -1);
  return chances;
}

/** A connection, as far as the transcript has come. */
interface Open {
  /** Whether a client has said anything elsewhere since it heard anything, or said something itself. */
  mayHear: boolean;
  /** Whether the last thing on it was sent, and nothing divides it from what is sent next. */
  isUndivided: boolean;
  /** Whether its client has ended it. */
  hasEnded: boolean;
}

class StepWriter {
  readonly #reading: DialectReading;
  readonly #called: (connection: number) => string;
  readonly #values: SessionValues;
  readonly #steps: RecordedStep[] = [];
  readonly #open = new Map<number, Open>();
  readonly #written = new Map<object, WrittenMessage>();
  readonly #fenced = new Set<number>();
  readonly #halfClosed: ReadonlySet<number>;
  readonly #lastChances: ReadonlyMap<number, number>;
  /** What was sent last, and with which event. */
  #lastSend: { readonly index: number; readonly step: Extract<RecordedStep, { kind: "send" }> } | undefined;
  /** When a client last did anything, or anything came. */
  #lastAct = 0;
  #lastEvent = 0;

  constructor(
    reading: DialectReading,
    called: (connection: number) => string,
    values: SessionValues,
    events: readonly SessionEvent[],
  ) {
    this.#halfClosed = heardBehindTheirEnd(events);
    this.#lastChances = lastChances(events);
    this.#reading = reading;
    this.#called = called;
    this.#values = values;
  }

  line(text: string): void {
    this.#steps.push({ kind: "line", text });
  }

  /** All that is no message. */
  event({ at, connection, kind }: SessionEvent, index: number): void {
    // Who leaves may be told to others: that they have heard nothing before is asked first.
    if (kind === "client-ended" || kind === "client-reset") this.#silences(index);
    const name = this.#called(connection);
    const open = this.#open.get(connection);
    if (kind === "opened") {
      this.#open.set(connection, { mayHear: false, isUndivided: false, hasEnded: false });
      this.line(`connect ${name}`);
    } else if (open !== undefined && kind !== "sent" && kind !== "received") this.#end(connection, open, kind, at);
    if (kind !== "received" && kind !== "server-closed") this.#lastAct = at;
    if (kind !== "received") this.#lastEvent = at;
  }

  #end(connection: number, open: Open, kind: SessionEvent["kind"], at: number): void {
    const name = this.#called(connection);
    if (kind === "server-closed") {
      this.#steps.push({ kind: "closed", connection: name, isPatient: this.#isLate(at) });
      this.#open.delete(connection);
      return;
    }
    if (kind === "client-ended" && this.#halfClosed.has(connection)) {
      open.hasEnded = true;
      this.line(`end ${name}`);
      return;
    }
    this.line(`${kind === "client-reset" ? "reset" : "close"} ${name}`);
    this.#open.delete(connection);
  }

  /** A message, or a part of it. */
  message({ at: index, message, range }: MessagePart, { at }: SessionEvent): void {
    const { connection, from } = message;
    const open = this.#open.get(connection);
    if (open === undefined) return;
    const written = this.#written.get(message) ?? this.#reading.write(message);
    this.#written.set(message, written);
    for (const line of this.#values.takeLines()) this.line(line);
    const name = this.#called(connection);
    if (from === "client") this.#send(name, open, written, range, index);
    else this.#expect(name, open, written, range, at);
    for (const [other, state] of this.#open) if (from === "client" && other !== connection) state.mayHear = true;
    open.mayHear = false;
    this.#lastEvent = at;
  }

  #send(name: string, open: Open, written: WrittenMessage, range: MessagePart["range"], index: number): void {
    if (!("snippets" in written)) return;
    const snippets = sliceSnippets(written.snippets, range, "behind");
    if (snippets.length === 0) return;
    const before = this.#lastSend;
    if (before?.index === index) {
      // What was written at once is sent at once.
      this.#steps.splice(this.#steps.indexOf(before.step), 1);
      snippets.unshift(...before.step.snippets);
    } else if (open.isUndivided) {
      // A server may take what it reads at once for one message, where nothing divides it.
      this.#steps.push({ kind: "silent", connection: name });
    }
    const step = { kind: "send", connection: name, snippets } as const;
    this.#steps.push(step);
    this.#lastSend = { index, step };
    open.isUndivided = this.#reading.isDividedByTime === true && snippets.at(-1)!.bytes.at(-1) !== 0x0a;
  }

  #expect(name: string, open: Open, written: WrittenMessage, range: MessagePart["range"], at: number): void {
    open.isUndivided = false;
    if ("aside" in written) {
      if (range[0] === 0) {
        this.#steps.push({ kind: "remark", text: `${name} was told, and need not be: ${written.aside}` });
      }
      return;
    }
    if ("macro" in written) {
      if (range[0] === 0) this.line(written.macro);
      return;
    }
    const snippets = sliceSnippets(written.snippets, range, "before");
    if (snippets.length === 0) return;
    const isPatient = this.#isLate(at);
    if (at - Math.max(this.#lastAct, this.#lastEvent) >= QUIET) this.#steps.push({ kind: "silent", connection: name });
    this.#steps.push({ kind: "expect", connection: name, snippets, isPatient });
  }

  /** Nobody left open may have anything to hear. */
  finish(): RecordedStep[] {
    this.#silences(Infinity);
    return this.#steps;
  }

  /** Asks for silence on all connections that have no reason any more to hear anything. */
  #silences(from: number): void {
    for (const [connection, open] of this.#open) {
      if (!open.hasEnded && (this.#lastChances.get(connection) ?? -1) < from) this.#silence(connection, open);
    }
  }

  #isLate(at: number): boolean {
    return at - this.#lastAct >= PATIENT;
  }

  /** Asks for silence where somebody might have heard something, behind what proves it if there is anything. */
  #silence(connection: number, open: Open): void {
    if (!open.mayHear) return;
    open.mayHear = false;
    const name = this.#called(connection);
    const isOpen = (other: number) => this.#open.get(other)?.hasEnded === false;
    const lines = this.#reading.fence?.(connection, isOpen);
    if (lines !== undefined && !this.#fenced.has(connection)) {
      this.#fenced.add(connection);
      this.#steps.push({ kind: "fence", connection: name, lines });
    }
    this.#steps.push({ kind: "silent", connection: name });
  }
}
