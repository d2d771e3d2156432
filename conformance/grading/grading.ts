/**
 * What clauses are worth: a file in YAML, read with its mistakes told by where they stand.
 *
 * @module
 */

import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import { ChatError } from "../../lib/core/error.ts";
import { type Clause, type Level, LEVELS } from "../fixtures/clauses.ts";
import { matchesGlob } from "../fixtures/filter.ts";

/** What a student gets to see of a clause: all, its name alone until it is due, or its name alone. */
export type Hidden = "no" | "until-due" | "yes";

/** How a clause is marked. */
export interface ClauseGrading {
  /** What all of it is worth: a whole number. */
  readonly points: number;
  /** What students get to see of it. */
  readonly hidden: Hidden;
  /** From when on it counts, where that is not always: until then it is played, and is worth nothing. */
  readonly due?: Date;
}

/** How a run is marked. */
export interface Grading {
  /** Whether some of a clause's fixtures are worth some of its points, or only all of them anything. */
  readonly partial: "fixtures" | "none";
  /** What a clause is worth at most for which the run had to accommodate the server, in hundredths of its points. */
  readonly accommodated: number;
  /** How a clause is marked. */
  of(clause: Clause): ClauseGrading;
  /** Makes sure that what is said of a dialect is said of these clauses of it; throws like {@linkcode readGrading}. */
  check(dialect: string, clauses: readonly Clause[]): void;
}

type Settings = Partial<{ points: number; hidden: Hidden; due: Date }>;

/** What is said of some clauses, and the error if there are none. */
type Rule = Settings & { readonly glob: string; readonly none: ChatError };

const POINTS: Readonly<Record<Level, number>> = { must: 2, should: 1, may: 0 };
const ACCOMMODATED = 50;

/** How a run is marked where nobody says it otherwise: two points for a must, one for a should, by fixtures. */
export const DEFAULT_GRADING: Grading = gradingOf({});

/**
 * Reads how a run is marked.
 *
 * @param text The file, in YAML.
 * @param file Its name, for messages.
 * @throws {ChatError} `bad-grading` for a mistake, with the line or the names that lead to it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const clause = { slug: "relay/forward", level: "must", text: "…" } as const;
 * const grading = readGrading("clauses:\n  relay/forward: { points: 5 }\n", "grading.yaml");
 * assertEquals(grading.of(clause).points, 5);
 * ```
 */
export function readGrading(text: string, file: string): Grading {
  const reader = new Reader(file);
  const { levels = {}, partial, accommodated, clauses: rules = {} } = reader.record(parse(text, file), [], [
    "levels",
    "partial",
    "accommodated",
    "clauses",
  ]);
  const points = reader.record(levels, ["levels"], LEVELS);
  const settings = Object.entries(reader.record(rules, ["clauses"])).map(([glob, value]) => {
    const path = ["clauses", glob];
    const none = reader.wrong(path, `no clause matches ${glob}: chat conform --list shows what there is`);
    return { glob, none, ...reader.settings(value, path) };
  });
  return gradingOf({
    points: Object.fromEntries(
      Object.entries(points).map(([level, value]) => [level, reader.whole(value, ["levels", level])]),
    ),
    ...partial !== undefined && { partial: reader.oneOf(partial, ["partial"], ["fixtures", "none"] as const) },
    ...accommodated !== undefined && { accommodated: reader.whole(accommodated, ["accommodated"], 100) },
    settings,
  });
}

function parse(text: string, file: string): unknown {
  try {
    // Dates stay words.
    return load(text, { schema: CORE_SCHEMA }) ?? {};
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw cause;
    const line = cause.mark === undefined ? "" : `:${cause.mark.line + 1}`;
    throw new ChatError("bad-grading", `${file}${line}: ${cause.reason}`, { cause });
  }
}

function gradingOf(
  { points = {}, partial = "fixtures", accommodated = ACCOMMODATED, settings = [] }: {
    readonly points?: Partial<Record<Level, number>>;
    readonly partial?: Grading["partial"];
    readonly accommodated?: number;
    readonly settings?: readonly Rule[];
  },
): Grading {
  const worth = { ...POINTS, ...points };
  return {
    partial,
    accommodated,
    check(dialect, clauses) {
      const own = settings.filter(({ glob }) => glob.startsWith(`${dialect}/`));
      const odd = own.find(({ glob }) => !clauses.some(({ slug }) => matchesGlob(glob, slug)));
      if (odd !== undefined) throw odd.none;
    },
    of({ slug, level }) {
      // What is said further down counts.
      const own = settings.filter(({ glob }) => matchesGlob(glob, slug));
      const { points, hidden = "no", due } = Object.assign({}, ...own) as Settings;
      return { points: points ?? worth[level], hidden, ...due !== undefined && { due } };
    },
  };
}

/** Reads values, and says where they are wrong. */
class Reader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  wrong(path: readonly string[], what: string): ChatError {
    return new ChatError("bad-grading", `${[this.#file, ...path].join(": ")}: ${what}`);
  }

  record(value: unknown, path: readonly string[], keys?: readonly string[]): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.wrong(path, "names and values stand here, such as points: 2");
    }
    const unknown = keys && Object.keys(value).find((key) => !keys.includes(key));
    if (unknown !== undefined) {
      throw this.wrong(path, `there is no ${JSON.stringify(unknown)}: what there is is ${keys!.join(", ")}`);
    }
    return { ...value };
  }

  whole(value: unknown, path: readonly string[], most = 1_000_000): number {
    if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= most) return value;
    throw this.wrong(path, `a whole number from 0 to ${most} stands here, and not ${JSON.stringify(value)}`);
  }

  oneOf<Word extends string>(value: unknown, path: readonly string[], words: readonly Word[]): Word {
    const word = words.find((word) => word === value);
    if (word !== undefined) return word;
    throw this.wrong(path, `one of ${words.join(", ")} stands here, and not ${JSON.stringify(value)}`);
  }

  settings(value: unknown, path: readonly string[]): Settings {
    const { points, hidden, due } = this.record(value, path, ["points", "hidden", "due"]);
    // `yes` and `no` are words in YAML 1.2, and truth values in what came before it.
    const word = hidden === true ? "yes" : hidden === false ? "no" : hidden;
    return {
      ...points !== undefined && { points: this.whole(points, [...path, "points"]) },
      ...word !== undefined && { hidden: this.oneOf(word, [...path, "hidden"], ["no", "until-due", "yes"] as const) },
      ...due !== undefined && { due: this.#date(due, [...path, "due"]) },
    };
  }

  #date(value: unknown, path: readonly string[]): Date {
    const date = typeof value === "string" && /^\d{4}-\d\d-\d\d/.test(value) ? new Date(value) : undefined;
    if (date !== undefined && !Number.isNaN(date.getTime())) return date;
    throw this.wrong(
      path,
      `a date stands here, such as 2027-01-31 or 2027-01-31T18:00:00Z, and not ${JSON.stringify(value)}`,
    );
  }
}

/**
 * A file that says of every clause what it is worth, to be changed by hand.
 *
 * @param clauses The clauses.
 * @returns YAML that {@linkcode readGrading} reads, and which marks as {@linkcode DEFAULT_GRADING} does.
 */
export function writeGrading(clauses: readonly Clause[]): string {
  const width = Math.max(...clauses.map(({ slug }) => slug.length)) + 1;
  return [
    "# What a run of `chat conform --grading FILE` is worth. Points are whole numbers; what is left over is rounded down.",
    `levels: { ${LEVELS.map((level) => `${level}: ${POINTS[level]}`).join(", ")} }`,
    "# fixtures: so many of a clause's fixtures, so many of its points; none: all of it or nothing.",
    "partial: fixtures",
    "# A clause for which the run had to accommodate the program gets at most so many hundredths of its points.",
    `accommodated: ${ACCOMMODATED}`,
    "# By clause, or with * for several; what is further down counts. Besides points: hidden (yes, no, until-due: students see its",
    "# name alone) and due (2027-01-31: from when on it counts).",
    "clauses:",
    ...clauses.flatMap(({ slug, level, text }) => [
      `  # ${level}: ${text}`,
      `  ${`${slug}:`.padEnd(width)} { points: ${POINTS[level]} }`,
    ]),
    "",
  ].join("\n");
}
