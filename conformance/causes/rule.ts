/**
 * What a rule is that finds a root cause, and rules of the common kinds.
 *
 * @module
 */

import type { Result } from "../results/verdict.ts";
import type { Evidence } from "./evidence.ts";

/** What a rule has found. */
export interface Found {
  /** See {@linkcode RootCause.text}. */
  readonly text: string;
  /** The failures that it explains. */
  readonly explains: readonly Result[];
}

/** A rule: a pure function of what was seen. */
export interface Rule {
  /** What the fault is called. */
  readonly name: string;
  /** Says whether the fault is there; never for a clause that passes. */
  readonly find: (evidence: Evidence) => Found | undefined;
}

/** What is to be said of a program that takes one recv for one message, by which of its clauses show it: several in a piece, pieces of one. */
export function oneRecvText(isJoined: boolean, isSplit: boolean): string {
  const what = isJoined && isSplit
    ? ""
    : isSplit
    ? ": a message that comes in pieces is lost"
    : ": only the first of several is read";
  return `takes what one recv() returns for one message${what}. TCP carries bytes, not messages. Keep what arrives in a buffer for each ` +
    "connection, and take whole messages from it";
}

/** A fault that the first words of a hint say in each failure already. */
export function byHint(name: string, hint: RegExp, text: (hint: string) => string): Rule {
  return {
    name,
    find: (evidence) => {
      const explains = evidence.where(({ failure }) => hint.test(failure?.hint ?? ""));
      return explains.length === 0 ? undefined : { text: text(explains[0]!.failure!.hint!), explains };
    },
  };
}

/** A fault that shows in failures of some clauses, where others pass. */
export function byClauses(
  name: string,
  clauses: readonly string[],
  text: string,
  holds: (result: Result, evidence: Evidence) => boolean = () => true,
): Rule {
  return {
    name,
    find: (evidence) => {
      const explains = evidence.of(...clauses).filter((result) => holds(result, evidence));
      return explains.length === 0 ? undefined : { text, explains };
    },
  };
}

/** The last line of a traceback of Python's, or an error of Node's or Java's. */
const TRACEBACK = /^(?:\s*(?:[A-Za-z_.]*(?:Error|Exception|Interrupt|Warning)\b.*|panic: .*|Exception in thread .*))$/;
const RAISED_AT = /File "([^"]+)", line (\d+)/;

/** What a program says of the error that ended a thread of it, or the whole: `ValueError: … (line 76 of server.py)`. */
export function errorIn(lines: readonly string[]): string | undefined {
  const at = lines.findLastIndex((line) => TRACEBACK.test(line));
  if (at < 0) return undefined;
  const place = lines.slice(0, at).map((line) => RAISED_AT.exec(line)).findLast((match) => match !== null);
  const error = lines[at]!.trim();
  if (place === undefined || place === null) return error;
  return `${error} (line ${place[2]} of ${place[1]!.split(/[\\/]/).at(-1)})`;
}
