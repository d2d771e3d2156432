/**
 * Results for tests of reports: as many as one says, and arbitrary ones with whatever bytes a server could send.
 *
 * @module
 */

import fc from "fast-check";
import { anyText } from "../../../lib/core/testing/any_text.ts";
import type { Clause, Level } from "../../fixtures/clauses.ts";
import type { Failure } from "../../play/failure.ts";
import type { WireEvent, WireLog } from "../../play/connection/recording.ts";
import type { EventKind } from "../../stress/telling/history_events.ts";
import type { StressSummary } from "../../stress/telling/stress_summary.ts";
import type { ToldHistory } from "../../stress/telling/told_history.ts";
import { spell } from "../../transcript/escape.ts";
import type { Result, TargetRun, Verdict } from "../../results/verdict.ts";

/** What is particular to a result. */
export interface Some {
  /** The fixture's name, with its dialect. */
  readonly name?: string;
  /** See {@linkcode Fixture.variation}; the clause is then `relay/stream-split`. */
  readonly variation?: string;
  /** What became of it; `pass` by default. */
  readonly verdict?: Verdict;
  /** The level of its clause; `must` by default. The clause is called after the fixture, up to its first dot. */
  readonly level?: Level;
  /** What a server that passes does. */
  readonly title?: string;
  /** Why it failed. */
  readonly failure?: Failure;
  /** See {@linkcode Result.reason}. */
  readonly reason?: string;
  /** What went over the wire. */
  readonly wire?: WireLog;
  /** See {@linkcode Result.history}. */
  readonly history?: ToldHistory;
  /** The file that the fixture comes from. */
  readonly file?: string;
}

const encoder = new TextEncoder();

/** A failure in which SEND came instead of SENT. */
export const SOME_FAILURE: Failure = {
  kind: "mismatch",
  place: { file: "fixtures/relay/send-confirmed.chat", line: 7 },
  step: "alice.out < SENT {bob}\\n\\n",
  reason: "something else arrived on alice.out",
  attempts: [{
    connection: "alice.out",
    fits: "SEN",
    wanted: ["T bobk3x9f2\\n\\n"],
    got: "D bobk3x9f2\\n\\n",
    isClosed: false,
  }],
  hint: "the server says SEND",
};

/** Makes something for {@linkcode WireLog.events}. */
export function wireEvent(at: number, connection: string, kind: WireEvent["kind"], text = ""): WireEvent {
  return { at, connection, kind, bytes: encoder.encode(text), cut: 0 };
}

/** What went over the wire until {@linkcode SOME_FAILURE}. */
export const SOME_WIRE: WireLog = {
  events: [
    wireEvent(0.4, "alice.out", "connected"),
    wireEvent(0.6, "alice.out", "sent", "SEND bobk3x9f2\nContent-length: 2\n\nhi"),
    { ...wireEvent(1.25, "alice.out", "received", "SEND bobk3x9f2\n\n"), cut: 3 },
  ],
  omitted: 2,
  names: new Map([["bob", "bobk3x9f2"]]),
};

/** Makes a result. */
export function someResult(some: Some = {}): Result {
  const { name = "relay/send-confirmed", verdict = "pass", level = "must", title = "It works", file } = some;
  const failure = some.failure ?? (verdict === "fail" ? SOME_FAILURE : undefined);
  const { variation } = some;
  const slug = variation === undefined ? name.replace(/\..*/s, "") : "relay/stream-split";
  const clause: Clause = { slug, level, text: `what ${name} says` };
  return {
    fixture: {
      name: variation === undefined ? name : `${name}~${variation}`,
      ...variation !== undefined && { variation },
      clause,
      title,
      file: file ?? `fixtures/${name}.chat`,
      needs: [],
      exclusive: false,
      patient: false,
      steps: [{ kind: "connect", connection: "alice.out", place: { file: `fixtures/${name}.chat`, line: 4 } }],
    },
    verdict,
    ...failure !== undefined && { failure },
    ...some.reason !== undefined && { reason: some.reason },
    chosen: [],
    ...some.wire !== undefined && { wire: some.wire },
    ...some.history !== undefined && { history: some.history },
    duration: 12.5,
  };
}

/** Makes a run of these results. */
export function someRun(results: readonly Result[], more: Partial<TargetRun> = {}): TargetRun {
  const clauses = new Map(results.map(({ fixture: { clause } }) => [clause.slug, clause] as const));
  return {
    target: { dialect: "relay", hostname: "127.0.0.1", port: 4000 },
    library: { dialect: "relay", clauses, fixtures: results.map(({ fixture }) => fixture) },
    results,
    recorded: [{ choice: "success", value: "SENT" }],
    duration: 345,
    ...more,
  };
}

const anyWords = fc.oneof(
  anyText(),
  fc.string(),
  fc.constantFrom("]]>", "<!--", "</script>", "```", "\r\n"),
);
const anyBytes = fc.uint8Array({ maxLength: 40 });
const spelled = anyBytes.map((bytes) => spell(bytes));

const anyFailure: fc.Arbitrary<Failure> = fc.record({
  kind: fc.constantFrom("mismatch", "timeout", "closed", "unexpected", "flood", "unreachable", "inconsistent"),
  place: fc.record({ file: anyWords, line: fc.nat() }),
  step: anyWords,
  reason: anyWords,
  attempts: fc.array(
    fc.record({
      connection: anyWords,
      fits: spelled,
      wanted: fc.oneof(fc.constant("closed" as const), fc.array(spelled, { maxLength: 2 })),
      got: spelled,
      isClosed: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  hint: anyWords,
}, { requiredKeys: ["kind", "place", "step", "reason", "attempts"] });

const anyWire: fc.Arbitrary<WireLog> = fc.record({
  events: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1e6, noNaN: true }),
      connection: anyWords,
      kind: fc.constantFrom(
        "connected",
        "refused",
        "sent",
        "received",
        "ended",
        "closed",
        "reset",
        "server-closed",
        "lost",
      ),
      bytes: anyBytes,
      cut: fc.nat(9),
    }),
    { maxLength: 4 },
  ),
  omitted: fc.nat(2),
  names: fc.constant(new Map()),
});

/** What led to a finding of many clients. */
export const SOME_HISTORY: ToldHistory = {
  run: "16 users, --seed 1, --faults none",
  smallest: "2 users, 1 message, found in 7 of 10 runs",
  text: "user 2 (<bob>) got what nobody has sent",
  clients: ["user 1 (alice)", "user 2 (<bob>)"],
  events: [
    { at: 12.5, client: 0, kind: "sends", message: 0, text: "sends message 0 to <bob> (24 bytes)" },
    { at: 12.75, client: 1, kind: "fault", text: "fault: stall" },
    { at: 13, client: 1, kind: "gets", message: 0, text: "gets message 0 from alice" },
  ],
};

/** A run of many clients in figures. */
export const SOME_STRESS: StressSummary = {
  users: 16,
  slice: 500,
  operations: [{
    kind: "message",
    ends: { ok: [1, 0], fail: [0, 1], info: [0, 1] },
    median: [1.25, null],
    slowest: [2.5, null],
  }],
  faults: [{ kind: "stall", clients: [2, 0] }],
};

const EVENT_KINDS: readonly EventKind[] = ["sends", "acknowledges", "gets", "confirmed", "refused", "fault", "own"];

const anyHistory: fc.Arbitrary<ToldHistory> = fc.record({
  run: anyWords,
  smallest: anyWords,
  text: anyWords,
  clients: fc.tuple(anyWords, anyWords),
  events: fc.array(
    fc.record({
      at: fc.double({ min: 0, max: 1e6, noNaN: true }),
      client: fc.nat(1),
      kind: fc.constantFrom(...EVENT_KINDS),
      message: fc.nat(),
      text: anyWords,
    }, { requiredKeys: ["at", "client", "kind", "text"] }),
    { maxLength: 4 },
  ),
  fixture: anyWords,
}, { requiredKeys: ["run", "text", "clients", "events"] });

const anyResult: fc.Arbitrary<Result> = fc.record({
  name: anyWords.map((text) => `relay/${text}`),
  verdict: fc.constantFrom<Verdict>("pass", "fail", "blocked", "unsupported", "error"),
  level: fc.constantFrom<Level>("must", "should", "may"),
  title: anyWords,
  failure: anyFailure,
  reason: anyWords,
  wire: anyWire,
  history: anyHistory,
  file: anyWords,
}, { requiredKeys: ["name", "verdict", "level", "title"] }).map((some) => someResult(some));

/** A result of each kind. */
export const SOME_RESULTS: readonly Result[] = [
  someResult({ name: "relay/good" }),
  someResult({ name: "relay/bad", verdict: "fail", wire: SOME_WIRE }),
  someResult({ name: "relay/held", verdict: "blocked", reason: "needs relay/bad" }),
  someResult({ name: "relay/soft", verdict: "fail", level: "should" }),
  someResult({ name: "relay/left-open", verdict: "unsupported", level: "may", reason: "no empty bodies" }),
  someResult({ name: "relay/broken", verdict: "error", reason: "a.chat:3: what is this" }),
];

/** Any run, of results with texts and bytes of any kind. */
export const ANY_RUN: fc.Arbitrary<TargetRun> = fc.record({
  results: fc.uniqueArray(anyResult, { maxLength: 4, selector: ({ fixture }) => fixture.name }),
  hostname: anyWords.map((text) => `host${text}`),
  choice: anyWords,
  value: anyWords,
  detected: anyWords,
  unreachable: anyWords,
  isBrokenOff: fc.boolean(),
  stress: fc.constant(SOME_STRESS),
}, { requiredKeys: ["results", "hostname", "choice", "value"] }).map(
  ({ results, hostname, choice, value, detected, ...more }) => {
    const target = { dialect: "relay", hostname, port: 1, ...detected !== undefined && { detected } };
    return someRun(results, { target, recorded: [{ choice, value }], ...more });
  },
);
