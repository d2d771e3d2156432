/**
 * A list of expected failures: with it a run fails for a new failure, and for a listed one that is none any more.
 *
 * The file has a line for each fixture, `fail` or `blocked` and its name, in any order; what follows a `#` is a comment:
 *
 * ```
 * # What our server still gets wrong.
 * fail     relay/body-exact            # counts characters, issue 12
 * blocked  relay/broadcast
 * ```
 *
 * Which variants of its fixtures a run plays is left to chance, and after a few failures it plays no more of them: those of a
 * clause are one line, `fail relay/stream-split~*`.
 *
 * @module
 */

import type { Fixture } from "../fixtures/fixture.ts";
import { mistake, type Place } from "../transcript/place.ts";
import { countsAgainst, type Result, type Verdict, worst } from "./verdict.ts";

/** What a fixture can be expected to do. */
export type Expected = "fail" | "blocked";

/** How a verdict compares with the list. `unexpected pass`: it is listed, and should be no more. */
export type Compared = "as-listed" | "unexpected pass" | "unlisted";

interface Entry {
  readonly expected: Expected;
  readonly place: Place;
}

/** Behind a clause, all variants of its fixtures. */
export const VARIANTS = "~*";

const NOTHING = /^\s*(?:#.*)?$/;
const LINE = /^\s*(fail|blocked)\s+(\S.*?)\s*(?:\s#.*)?$/;
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
    if (verdict === "pass" || verdict === "unsupported") return "unexpected pass";
    return verdict === "fail" && entry.expected === "blocked" ? "unlisted" : "as-listed";
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
 * neither is not. Other lines, and all comments, stay as they are.
 */
export function updateBaseline(text: string, results: readonly Result[], strict: boolean): string {
  const now = new Map([...listedResults(results)].map(([name, all]) => [name, expectedOf(all, strict)] as const));
  const lines: string[] = [];
  for (const line of linesOf(text === "" ? HEADER : text)) {
    const [, before, name] = LINE.exec(line) ?? [];
    const after = name === undefined || !now.has(name) ? before : now.get(name);
    if (name !== undefined) now.delete(name);
    if (before === after) lines.push(line);
    else if (after !== undefined) lines.push(line.replace(before!, after));
  }
  for (const [name, expected] of now) {
    if (expected !== undefined) lines.push(`${expected.padEnd(WIDTH)}  ${name}`);
  }
  return `${lines.join("\n")}\n`;
}

function expectedOf(results: readonly Result[], strict: boolean): Expected | undefined {
  const verdict = worst(results.filter((result) => countsAgainst(result, strict)));
  return verdict === "fail" || verdict === "blocked" ? verdict : undefined;
}

function readLine(line: string, place: Place): { readonly name: string; readonly expected: Expected } | undefined {
  if (NOTHING.test(line)) return undefined;
  const [, expected, name] = LINE.exec(line) ?? [];
  if (name === undefined) throw mistake(place, "a line is: fail FIXTURE, or: blocked FIXTURE, or a # with a comment");
  return { name, expected: expected as Expected };
}

/** Without the empty one behind the last line's end. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
