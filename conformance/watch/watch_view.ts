/**
 * What is shown while files are watched: the rows of a screen, or a block of text for each run.
 *
 * @module
 */

import { visibleText } from "../../lib/core/visible.ts";
import { wrapLine } from "../../lib/terminal/wrap.ts";
import { firstSentenceOf, type TargetReport, targetText } from "../reports/report_data.ts";
import { showDetails } from "../reports/text/failures.ts";
import { type Paint, paint } from "../reports/text/paint.ts";
import { countText } from "../reports/words.ts";
import { DECISIVE_FIRST, type Result } from "../results/verdict.ts";
import { type ClauseProgress, knownClauses, type LastRun, meant, type WatchState } from "./watch_state.ts";

/** A row before it is fitted: its text, and how it is painted. */
interface Line {
  readonly text: string;
  readonly kind?: keyof Paint;
}

/** A screen. */
export interface Room {
  /** Whether nobody can press keys. */
  readonly hasNoKeys?: boolean;
  /** How many cells there are in a row. */
  readonly columns: number;
  /** How many rows. */
  readonly rows: number;
}

const PLAIN = paint(false);
/** Narrower than this, nothing is fitted: it is cut off. */
const LEAST_COLUMNS = 20;
/** The rows above and below what is to be read. */
const FRAME = 5;

/** Where a clause stands: `open` as long as it may still be kept. */
export type Standing = "kept" | "failed" | "blocked" | "open";

const SIGNS: Readonly<Record<Standing, string>> = { kept: "#", failed: "x", blocked: "-", open: "." };
const PAINTS: Readonly<Record<Standing, keyof Paint>> = { kept: "good", failed: "bad", blocked: "odd", open: "dim" };

function standingOf({ left, verdicts }: ClauseProgress): Standing {
  const worst = DECISIVE_FIRST.find((verdict) => verdicts.includes(verdict));
  if (worst === "fail" || worst === "error") return "failed";
  if (left > 0 || worst === undefined) return "open";
  return worst === "pass" ? "kept" : "blocked";
}

/**
 * The bar: a cell a clause, or for several where there are more of them than cells, with the worst of them.
 *
 * @returns Its cells from the left, in pieces of one kind.
 */
export function barOf(clauses: readonly ClauseProgress[], cells: number): { standing: Standing; length: number }[] {
  const standings = clauses.map(standingOf);
  const share = Math.max(Math.ceil(standings.length / Math.max(cells, 1)), 1);
  const worstFirst: readonly Standing[] = ["failed", "open", "blocked", "kept"];
  const pieces: { standing: Standing; length: number }[] = [];
  for (let i = 0; i < standings.length; i += share) {
    const some = standings.slice(i, i + share);
    const standing = worstFirst.find((one) => some.includes(one))!;
    const last = pieces.at(-1);
    if (last?.standing === standing) last.length++;
    else pieces.push({ standing, length: 1 });
  }
  return pieces;
}

/** `12 of 51 clauses kept, 3 failed`. */
export function countsOf(clauses: readonly ClauseProgress[]): string {
  const number = (wanted: Standing) => clauses.filter((clause) => standingOf(clause) === wanted).length;
  const rest = (["failed", "blocked"] as const).filter((one) => number(one) > 0).map((one) => `${number(one)} ${one}`);
  return [`${number("kept")} of ${countText(clauses.length, "clause")} kept`, ...rest].join(", ");
}

/** All rows of a screen, none wider than it is, and no more than there are. */
export function screenOf(state: WatchState, { columns, rows, hasNoKeys }: Room, colors: Paint): string[] {
  const width = Math.max(columns, LEAST_COLUMNS);
  const head = fit([headOf(state)], width, PLAIN).slice(0, 1).map(colors.strong);
  const bar = barOf(state.clauses, width).map(({ standing, length }) =>
    colors[PAINTS[standing]](SIGNS[standing].repeat(length))
  ).join("");
  const foot = footOf(state, hasNoKeys === true);
  const body = fit(bodyOf(state), width, colors);
  const room = Math.max(rows - FRAME - foot.length, 1);
  const top = Math.min(state.scrolled, Math.max(body.length - room, 0));
  const below = body.length - top - room;
  const seen = below > 0
    ? [
      ...body.slice(top, top + room - 1),
      colors.dim(cut(`${countText(below + 1, "more row")}${hasNoKeys ? "" : ": key j or down"}`, width)),
    ]
    : body.slice(top, top + room);
  const filled = [...seen, ...Array<string>(Math.max(room - seen.length, 0)).fill("")];
  const all = [
    ...head,
    bar,
    state.clauses.length === 0 ? "" : cut(countsOf(state.clauses), width),
    "",
    ...filled,
    "",
    ...foot.map(({ text, kind }) => paintOf(colors, kind)(cut(text, width))),
  ];
  // Where there is no room for all of it, what is asked for at the bottom goes first.
  return all.slice(0, rows);
}

/** What is told of a run where there is no screen. */
export function blockOf(state: WatchState, last: LastRun, time: string): string {
  const head = `run ${state.runs}, ${time}: ${last.request.why}`;
  const bar = barOf(state.clauses, Infinity).map(({ standing, length }) => SIGNS[standing].repeat(length)).join("");
  const progress = last.error !== undefined || state.clauses.length === 0 ? [] : [`${countsOf(state.clauses)}  ${bar}`];
  const lines = resultOf(last).map(({ text }) => visibleText(text));
  return [visibleText(head), ...progress, ...lines].map((line) => `${line}\n`).join("");
}

function headOf({ runs, request, phase, isBuilding, tried }: WatchState): Line {
  const doing = isBuilding ? "building, " : phase === "waiting" ? "" : phase === "playing" ? "playing, " : "ending, ";
  const first = tried === undefined ? "" : ` (${tried.clause.slug} fails: finding out how to play the rest)`;
  return { text: `run ${runs}: ${doing}${request.why}${first}` };
}

function footOf(state: WatchState, hasNoKeys: boolean): Line[] {
  const { typed, note, phase } = state;
  if (typed !== undefined) {
    const those = meant(typed, knownClauses(state));
    const found = those.length === 0 ? "no such clause" : those.slice(0, 6).join("  ");
    return [{ text: found, kind: "dim" }, { text: `clause: ${typed}_   (Enter plays, Esc leaves)`, kind: "strong" }];
  }
  const doing = phase === "waiting" ? "waiting for a change" : "a change begins anew";
  return [
    ...note === undefined ? [] : [{ text: note, kind: "odd" } as const],
    { text: `${hasNoKeys ? "Ctrl-C quits" : "a all   c one clause   q quit"}   (${doing})`, kind: "dim" },
  ];
}

/** What is to be read: of the run before as long as nothing is known of this one. */
function bodyOf({ phase, first, last, request, failure }: WatchState): Line[] {
  if (phase !== "waiting" && first !== undefined) {
    const lines = reportOf(first);
    return lines.length > 0 ? lines : [{ text: "What failed passes now. The others are being played.", kind: "good" }];
  }
  // What kept the last run from being played is mended.
  if (last?.error !== undefined && phase !== "waiting" && failure !== undefined) return soFar(failure);
  if (last === undefined) return failure === undefined ? [] : soFar(failure);
  if (phase === "waiting") return resultOf(last);
  const failed = request.failed.size;
  const doing = failed === 0 ? "" : ` What failed is played first: ${countText(failed, "fixture")}.`;
  return [{ text: `As it was before.${doing}`, kind: "dim" }, { text: "" }, ...resultOf(last)];
}

/** What came of a run. */
function resultOf({ reports, error, lastOutput, duration }: LastRun): Line[] {
  if (error !== undefined) {
    return [
      { text: error.message, kind: "bad" },
      ...lastOutput.map((text) => ({ text: `  ${text}` })),
    ];
  }
  const time = `(${(duration / 1000).toFixed(1)} s)`;
  return reports.flatMap((report, i) => {
    const { conclusion: { kind, text }, run } = report;
    const conclusion: Line = {
      text: `${targetText(run.target)}: ${text} ${time}`,
      kind: kind === "good" ? "good" : "bad",
    };
    const lines = reportOf(report);
    return [...i > 0 ? [{ text: "" }] : [], conclusion, ...lines.length > 0 ? [{ text: "" }, ...lines] : []];
  });
}

/** What to do first: the stage that is not done, the fault that explains most, and how it looks. */
function reportOf(report: TargetReport): Line[] {
  const { run: { stages, results }, causes } = report;
  const lines: Line[] = [];
  if (stages !== undefined) {
    const done = stages.filter(({ outcome }) => outcome === "done").length;
    const stage = stages.find(({ outcome }) => outcome === "failed")?.stage;
    lines.push({ text: `${done} of ${countText(stages.length, "stage")} done` });
    if (stage !== undefined) {
      lines.push({ text: `Stage ${done + 1}: ${stage.title}`, kind: "strong" });
      // As wide as the screen is, and not the file.
      lines.push({ text: stage.text.replaceAll("\n", " ") });
    }
  }
  const sentence = firstSentenceOf(report);
  const result = causes[0]?.explains[0] ?? results.find(({ verdict }) => verdict === "error");
  if (lines.length > 0 && (sentence ?? result) !== undefined) lines.push({ text: "" });
  if (sentence !== undefined) lines.push({ text: sentence, kind: "strong" });
  for (const { text, explains } of causes.slice(1)) {
    lines.push({ text: `Then: it ${text} (${countText(explains.length, "failure")}).` });
  }
  return result === undefined ? lines : [...lines, ...failureOf(result)];
}

function soFar(failure: Result): Line[] {
  return [{ text: "So far:", kind: "dim" }, ...failureOf(failure)];
}

function failureOf(result: Result): Line[] {
  const { name, clause, title } = result.fixture;
  return [
    { text: "" },
    { text: `${name} (${clause.slug}, ${clause.level}): ${title}`, kind: "bad" },
    ...showDetails(result, PLAIN).map((text) => ({ text: `  ${text}` })),
  ];
}

/** In rows, each painted for itself: whatever a program has written is seen, and does nothing. */
function fit(lines: readonly Line[], columns: number, colors: Paint): string[] {
  return lines.flatMap(({ text, kind }) =>
    text.split("\n").flatMap((line) => wrapLine(visibleText(line, { keep: "\t" }), columns)).map(paintOf(colors, kind))
  );
}

function cut(text: string, columns: number): string {
  return wrapLine(visibleText(text), columns)[0]!;
}

function paintOf(colors: Paint, kind: keyof Paint | undefined): (text: string) => string {
  return kind === undefined ? (text) => text : colors[kind];
}
