/**
 * A list of expected failures: with it a run fails for a new failure, and for a listed one that is none any more.
 *
 * The file has a line for each fixture, `fail` or `blocked` and its name, in any order; what follows a `#` is a comment. What fails now
 * and then is `flaky`, with how often, and may fail or not:
 *
 * ```
 * # What our server still gets wrong.
 * fail     relay/body-exact            # counts characters, issue 12
 * blocked  relay/broadcast
 * flaky    relay/register-taken  2 of 20
 * ```
 *
 * Which variants of its fixtures a run plays is left to chance, and after a few failures it plays no more of them: those of a
 * clause are one line, `fail relay/stream-split~*`.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import { mistake, type Place } from "../transcript/place.ts";
import { countsAgainst, type Result, type Rounds, type Verdict, worst } from "./verdict.ts";

/** What a fixture can be expected to do: `flaky`, to fail now and then. */
export type Expected = "fail" | "blocked" | "flaky";

/** How a verdict compares with the list. `unexpected pass`: it is listed, and should be no more. */
export type Compared = "as-listed" | "unexpected pass" | "unlisted";

interface Entry {
  readonly expected: Expected;
  readonly place: Place;
}

/** Behind a clause, all variants of its fixtures. */
export const VARIANTS = "~*";

const NOTHING = /^\s*(?:#.*)?$/;
const LINE = /^\s*(?:(fail|blocked)\s+(\S.*?)|(flaky)\s+(\S.*?)\s+(\d{1,6}) of (\d{1,6}))\s*(?:\s#.*)?$/;
const WIDTH = "blocked".length;
const HEADER =
  `# Expected failures, for chat conform --expect FILE. A new failure fails the run, and so does a listed one that is
# none any more. Made by --write-expect, which keeps what stands here behind a # as it is.
`;

/** The name under which a list has a fixture. */
export function listedName({ name, clause, variation }: Pick<Fixture, "name" | "clause" | "variation">): string {
  return variation === undefined ? name : `${clause.slug}${VARIANTS}`;
}

/** The results that a list has under each name. */
export function listedResults(results: readonly Result[]): Map<string, Result[]> {
  return Map.groupBy(results, ({ fixture }) => listedName(fixture));
}

/** The expected failures of a server. */
export class Baseline {
  /** The file, as it is shown. */
  readonly file: string;
  readonly #entries = new Map<string, Entry>();

  /** Reads the text of a file; throws a `fixture` error with file and line where it is wrong. */
  constructor(text: string, file: string) {
    this.file = file;
    for (const [i, line] of linesOf(text).entries()) {
      const place = { file, line: i + 1 };
      const entry = readLine(line, place);
      if (entry === undefined) continue;
      const before = this.#entries.get(entry.name);
      if (before !== undefined) throw mistake(place, `${entry.name} is in line ${before.place.line} already`);
      this.#entries.set(entry.name, { expected: entry.expected, place });
    }
  }

  /** Compares what became of what has this name with what was expected. A failure that something else now blocks may be there still. */
  compare(name: string, verdict: Verdict): Compared {
    const entry = this.#entries.get(name);
    if (entry === undefined || verdict === "error") return "unlisted";
    // That it passes is nothing new, nor that it fails.
    if (entry.expected === "flaky") return verdict === "fail" || verdict === "blocked" ? "as-listed" : "unlisted";
    if (verdict === "pass" || verdict === "unsupported") return "unexpected pass";
    return verdict === "fail" && entry.expected === "blocked" ? "unlisted" : "as-listed";
  }

  /** Whether what has this name is expected to fail now and then. */
  isFlaky(name: string): boolean {
    return this.#entries.get(name)?.expected === "flaky";
  }

  /** Throws a `fixture` error for a name of one of these dialects that is none of these. */
  check(dialects: ReadonlySet<string>, names: ReadonlySet<string>): void {
    for (const [name, { place }] of this.#entries) {
      if (!dialects.has(name.slice(0, name.indexOf("/"))) || names.has(name)) continue;
      const help = name.includes("~")
        ? `the variants of a clause's fixtures are one line: fail CLAUSE${VARIANTS}`
        : "chat conform --list shows those there are";
      throw mistake(place, `there is no fixture ${name}; ${help}`);
    }
  }
}

/**
 * The text of a list, brought up to date: what fails or is blocked now and counts is listed, what was played and is
 * neither is not. Other lines, and all comments, stay as they are; so does what is listed as flaky, unless it was played at least as often
 * as was measured then.
 */
export function updateBaseline(text: string, results: readonly Result[], strict: boolean): string {
  const all = listedResults(results);
  const now = new Map([...all].map(([name, own]) => [name, measure(own, strict)] as const));
  const lines: string[] = [];
  for (const line of linesOf(text === "" ? HEADER : text)) {
    const before = parse(line);
    const after = before === undefined ? undefined : now.get(before.name);
    if (before !== undefined) now.delete(before.name);
    if (before === undefined || after === undefined || isBetterKnown(before, after)) lines.push(line);
    else if (after.expected !== undefined) lines.push(rewritten(line, before, after));
  }
  for (const [name, { expected, times }] of now) {
    if (expected !== undefined) lines.push(`${expected.padEnd(WIDTH)}  ${name}${timesText(times)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** What a run has shown of a fixture, or of the variants of a clause's: nothing is expected where it does not fail. */
interface Measured {
  readonly expected?: Expected;
  /** How often it fails, if that is not always. */
  readonly times?: Rounds;
  /** How often it was played. */
  readonly played: number;
}

function measure(results: readonly Result[], strict: boolean): Measured {
  const counted = results.filter((result) => countsAgainst(result, strict));
  const played = Math.max(...results.map(({ rounds }) => rounds?.played ?? 1));
  const verdict = worst(counted);
  if (verdict !== "fail" && verdict !== "blocked") return { played };
  const often = counted.map(timesOf);
  // One that fails always is enough.
  if (often.some((times) => times === undefined)) return { expected: verdict, played };
  const times = often.reduce((most, one) => one!.failed / one!.played > most!.failed / most!.played ? one : most)!;
  return { expected: "flaky", times, played };
}

/** How often a result has failed, if it has not always: in several rounds, or when it was played again at once. */
function timesOf({ rounds, recurrence }: Result): Rounds | undefined {
  if (rounds !== undefined) return rounds.failed < rounds.played ? rounds : undefined;
  if (recurrence?.when !== "sometimes") return undefined;
  const { failed, played } = recurrence;
  return { failed, played };
}

/** Whether what is listed was measured more often than now. */
function isBetterKnown({ expected, times }: Listed, { played }: Measured): boolean {
  return expected === "flaky" && played < times!.played;
}

function rewritten(line: string, before: Listed, { expected, times }: Measured): string {
  if (before.expected === expected && timesText(before.times) === timesText(times)) return line;
  const place = line.indexOf(before.name);
  const ending = line.slice(place + before.name.length).replace(/^\s+\d+ of \d+/, "");
  return `${line.slice(0, place).replace(before.expected, expected!)}${before.name}${timesText(times)}${ending}`;
}

function timesText(times: Rounds | undefined): string {
  return times === undefined ? "" : `  ${times.failed} of ${times.played}`;
}

/** A line that lists something. */
interface Listed {
  readonly name: string;
  readonly expected: Expected;
  readonly times?: Rounds;
}

function readLine(line: string, place: Place): Listed | undefined {
  if (NOTHING.test(line)) return undefined;
  const listed = parse(line);
  if (listed === undefined) {
    throw mistake(
      place,
      "a line is: fail FIXTURE, or: blocked FIXTURE, or: flaky FIXTURE 2 of 20, or a # with a comment",
    );
  }
  const { times } = listed;
  if (times !== undefined && (times.failed === 0 || times.failed > times.played)) {
    throw mistake(place, `flaky is what fails now and then: ${times.failed} of ${times.played} is not`);
  }
  return listed;
}

function parse(line: string): Listed | undefined {
  const [, expected, name, flaky, flakyName, failed, played] = LINE.exec(line) ?? [];
  if (flaky !== undefined) {
    return { name: flakyName!, expected: "flaky", times: { failed: Number(failed), played: Number(played) } };
  }
  return name === undefined ? undefined : { name, expected: expected as Expected };
}

/** Without the empty one behind the last line's end. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
