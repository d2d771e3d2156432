/**
 * What is played next, and what is known meanwhile, while files are watched: a state that events change, without files, processes
 * and a clock.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import type { TargetReport } from "../reports/report_data.ts";
import type { Result, Verdict } from "../results/verdict.ts";
import type { Key } from "./keys.ts";
import type { PlayedRun } from "./played.ts";

/** What is to be played. */
export interface PlayRequest {
  /** Why, for people: `server.py changed`. */
  readonly why: string;
  /** The names of the fixtures that are played before the others. */
  readonly failed: ReadonlySet<string>;
  /** The clauses, if not all. */
  readonly clauses?: readonly string[];
}

/** A clause in the run that goes on, or was last. */
export interface ClauseProgress {
  /** Its slug. */
  readonly slug: string;
  /** How many of its fixtures are still to be played. */
  readonly left: number;
  /** What became of the others. */
  readonly verdicts: readonly Verdict[];
}

/** What came of the last run that was not broken off. */
export interface LastRun extends PlayedRun {
  /** Which one. */
  readonly request: PlayRequest;
  /** How long it took, in milliseconds. */
  readonly duration: number;
}

/** All that is known. */
export interface WatchState {
  /** `ending`: what is played is to end, because something else is to be played, or nothing more. */
  readonly phase: "playing" | "ending" | "waiting" | "over";
  /** What is played, or was last. */
  readonly request: PlayRequest;
  /** What is played once that has ended; nothing more if that was asked for. */
  readonly next: PlayRequest | "nothing" | undefined;
  /** How many runs have begun. */
  readonly runs: number;
  /** The clauses of this run, in their order. */
  readonly clauses: readonly ClauseProgress[];
  /** What became of each fixture when it was played last. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** The first failure of this run. */
  readonly failure: Result | undefined;
  /** What is known of what had failed, once that has been played again. */
  readonly first: TargetReport | undefined;
  /** The last run that was not broken off. */
  readonly last: LastRun | undefined;
  /** The beginning of a clause that is being typed. */
  readonly typed: string | undefined;
  /** How many rows of what is to be read are above the screen. */
  readonly scrolled: number;
  /** Something to be told once, until something else happens. */
  readonly note: string | undefined;
  /** In how many runs, one after the other, a file has changed while the program ran. */
  readonly restless: ReadonlyMap<string, number>;
  /** The fixture that fails, while it is tried how the others can be played all the same. */
  readonly tried: Fixture | undefined;
  /** Whether the program is being built. */
  readonly isBuilding: boolean;
  /** The files that the first build has written. */
  readonly built: ReadonlySet<string>;
}

/** What happens. */
export type WatchEvent =
  | { readonly kind: "changed"; readonly files: readonly string[] }
  | { readonly kind: "key"; readonly key: Key }
  | { readonly kind: "planned"; readonly fixtures: readonly Fixture[] }
  | { readonly kind: "trying"; readonly gate: Fixture }
  | { readonly kind: "played"; readonly result: Result }
  | { readonly kind: "played first"; readonly report: TargetReport }
  | { readonly kind: "building" | "built" }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "ended"; readonly played: PlayedRun; readonly duration: number }
  | { readonly kind: "stop" };

/** What is to be done for an event. */
export type WatchAction =
  | { readonly kind: "play"; readonly request: PlayRequest }
  | { readonly kind: "break off" }
  | { readonly kind: "tell"; readonly last: LastRun }
  | { readonly kind: "end" };

/** A state, and what is to be done in it. */
export interface WatchStep {
  /** The state. */
  readonly state: WatchState;
  /** In this order. */
  readonly actions: readonly WatchAction[];
}

/** A file that has changed in so many runs is one that the program writes itself: that ends no run any more. */
const OWN_FILE = 3;
/** So many files are named. */
const MOST_FILES = 2;

/** The first step: all is played. */
export function beginWatching(): WatchStep {
  const request: PlayRequest = { why: "the first run", failed: new Set() };
  const state: WatchState = {
    phase: "waiting",
    request,
    next: undefined,
    runs: 0,
    clauses: [],
    verdicts: new Map(),
    failure: undefined,
    first: undefined,
    last: undefined,
    typed: undefined,
    scrolled: 0,
    note: undefined,
    tried: undefined,
    restless: new Map(),
    isBuilding: false,
    built: new Set(),
  };
  return begin(state, request);
}

/** What an event makes of a state. */
export function afterEvent(state: WatchState, event: WatchEvent): WatchStep {
  switch (event.kind) {
    case "changed":
      return changed(state, event.files);
    case "key":
      return state.typed === undefined ? pressed(state, event.key) : typing(state, state.typed, event.key);
    case "planned":
      return stay({ ...state, clauses: clausesOf(event.fixtures) });
    case "played":
      return stay(played({ ...state, tried: undefined }, event.result));
    case "trying":
      return stay({ ...state, tried: event.gate });
    case "played first":
      return stay({ ...state, first: event.report });
    case "building":
    case "built":
      return stay({ ...state, isBuilding: event.kind === "building" });
    case "note":
      return stay({ ...state, note: event.text });
    case "ended":
      return ended(state, event.played, event.duration);
    case "stop":
      return next(state, "nothing");
  }
}

/** The clauses that a text may mean, in their order. */
export function meant(typed: string, slugs: readonly string[]): string[] {
  if (slugs.includes(typed)) return [typed];
  return slugs.filter((slug) => slug.includes(typed));
}

/** The clauses that can be played alone. */
export function knownClauses({ clauses, last }: WatchState): string[] {
  const played = last?.reports.flatMap(({ run: { library } }) => [...library.clauses.keys()]) ?? [];
  return [...new Set([...played, ...clauses.map(({ slug }) => slug)])];
}

/** The clause that is to be mended first. */
export function firstToMend({ last }: WatchState): string | undefined {
  return last?.reports.flatMap(({ causes }) => causes[0]?.explains[0]?.fixture.clause.slug ?? [])[0];
}

function stay(state: WatchState): WatchStep {
  return { state, actions: [] };
}

function changed(state: WatchState, files: readonly string[]): WatchStep {
  if (state.phase === "waiting") {
    const restless = new Map([...state.restless].filter(([file]) => !files.includes(file)));
    return next({ ...state, restless }, afterChange(state, files));
  }
  if (state.isBuilding) return changedByBuild(state, files);
  const restless = new Map(state.restless);
  // Once a run.
  const more = state.phase === "playing" ? 1 : 0;
  for (const file of files) restless.set(file, (restless.get(file) ?? 0) + more);
  const news = files.filter((file) => restless.get(file)! <= OWN_FILE);
  const now = { ...state, restless };
  if (news.length > 0) return next(now, afterChange(state, news));
  const note = `${nameFiles(files)} changes whenever the program runs: that is not waited for`;
  return stay({ ...now, note });
}

/** What the first build writes is what each build writes. */
function changedByBuild(state: WatchState, files: readonly string[]): WatchStep {
  if (state.runs === 1) return stay({ ...state, built: state.built.union(new Set(files)) });
  const news = files.filter((file) => !state.built.has(file));
  return news.length === 0 ? stay(state) : next(state, afterChange(state, news));
}

function afterChange(state: WatchState, files: readonly string[]): PlayRequest {
  const failed = [...state.verdicts].filter(([, verdict]) => verdict === "fail" || verdict === "error");
  return { why: `${nameFiles(files)} changed`, failed: new Set(failed.map(([name]) => name)) };
}

function nameFiles(files: readonly string[]): string {
  const rest = files.length - MOST_FILES;
  return `${files.slice(0, MOST_FILES).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

/** Something is to be played, or nothing more: at once, or when what is played has ended. */
function next(state: WatchState, request: PlayRequest | "nothing"): WatchStep {
  switch (state.phase) {
    case "waiting":
      return request === "nothing" ? over(state) : begin(state, request);
    case "playing":
      return { state: { ...state, phase: "ending", next: request }, actions: [{ kind: "break off" }] };
    case "ending":
      return stay(state.next === "nothing" ? state : { ...state, next: request });
    case "over":
      return stay(state);
  }
}

function over(state: WatchState): WatchStep {
  return { state: { ...state, phase: "over", next: undefined }, actions: [{ kind: "end" }] };
}

function begin(state: WatchState, request: PlayRequest): WatchStep {
  return {
    state: {
      ...state,
      phase: "playing",
      request,
      next: undefined,
      runs: state.runs + 1,
      clauses: [],
      failure: undefined,
      first: undefined,
      note: undefined,
      tried: undefined,
      scrolled: 0,
    },
    actions: [{ kind: "play", request }],
  };
}

function ended(state: WatchState, played: PlayedRun, duration: number): WatchStep {
  state = { ...state, isBuilding: false, tried: undefined };
  if (state.next === "nothing") return over(state);
  if (state.next !== undefined) return begin(state, state.next);
  const last = { ...played, request: state.request, duration };
  const verdicts = new Map(state.verdicts);
  for (const { run } of played.reports) {
    for (const { fixture, verdict } of run.results) verdicts.set(fixture.name, verdict);
  }
  // A file that is still is one that somebody may change.
  const restless = new Map([...state.restless].filter(([, times]) => times > OWN_FILE));
  return {
    state: { ...state, phase: "waiting", verdicts, restless, last, first: undefined, clauses: final(state, played) },
    actions: [{ kind: "tell", last }],
  };
}

/** The clauses as they are in the end: what failed may have passed when it was played again. */
function final({ clauses }: WatchState, { reports }: PlayedRun): ClauseProgress[] {
  const results = Map.groupBy(
    reports.flatMap(({ run }) => run.results),
    ({ fixture }) => fixture.clause.slug,
  );
  return clauses.map((clause) => {
    const own = results.get(clause.slug);
    return own === undefined ? clause : { ...clause, verdicts: own.map(({ verdict }) => verdict) };
  });
}

function clausesOf(fixtures: readonly Fixture[]): ClauseProgress[] {
  const groups = Map.groupBy(fixtures, ({ clause }) => clause.slug);
  return [...groups].map(([slug, { length }]) => ({ slug, left: length, verdicts: [] }));
}

function played(state: WatchState, result: Result): WatchState {
  const { fixture, verdict } = result;
  const { clause: { slug }, name } = fixture;
  const clauses = state.clauses.map((one) =>
    one.slug === slug ? { slug, left: Math.max(one.left - 1, 0), verdicts: [...one.verdicts, verdict] } : one
  );
  const failure = state.failure ?? (verdict === "fail" ? result : undefined);
  return { ...state, clauses, failure, verdicts: new Map(state.verdicts).set(name, verdict) };
}

function pressed(state: WatchState, key: Key): WatchStep {
  switch (key) {
    case "q":
      return next(state, "nothing");
    case "a":
    case "enter":
      return next(state, { why: "asked for", failed: new Set() });
    case "c":
      return stay({ ...state, typed: "", note: undefined });
    case "down":
    case "j":
      return stay({ ...state, scrolled: state.scrolled + 1 });
    case "up":
    case "k":
      return stay({ ...state, scrolled: Math.max(state.scrolled - 1, 0) });
    default:
      return stay(state);
  }
}

function typing(state: WatchState, typed: string, key: Key): WatchStep {
  if (key === "escape") return stay({ ...state, typed: undefined });
  if (key === "backspace") return stay({ ...state, typed: [...typed].slice(0, -1).join("") });
  if (key === "tab") {
    const [only, another] = meant(typed, knownClauses(state));
    return stay(only !== undefined && another === undefined ? { ...state, typed: only } : state);
  }
  if (key !== "enter") return stay(key.length === 1 ? { ...state, typed: typed + key } : state);
  const clauses = typed === "" ? [firstToMend(state) ?? ""] : meant(typed, knownClauses(state));
  const closed = { ...state, typed: undefined };
  if (clauses.length === 0) return stay({ ...closed, note: `there is no clause ${typed}` });
  if (clauses[0] === "") return stay({ ...closed, note: "nothing is to be mended first" });
  return next(closed, { why: "asked for", failed: new Set(), clauses });
}
