/**
 * A fixture: a transcript with its clause, ready to be played.
 *
 * @module
 */

import { type Clause, type Clauses, dialectOf } from "./clauses.ts";
import { everyStep } from "./transcript/blocks.ts";
import { checkSteps } from "./transcript/check.ts";
import { type Entry, readSource, type Source } from "./transcript/lines.ts";
import { expandMacros, type Macros, takeMacros } from "./transcript/macros.ts";
import { parseBytes, parsePieces } from "./transcript/pieces.ts";
import { mistake, type Place } from "./transcript/place.ts";
import { parseList, parseSteps } from "./transcript/steps.ts";
import { substituteLine } from "./transcript/substitute.ts";
import type { Piece, Step } from "./transcript/syntax.ts";

/** A transcript that can be played: one case of one file. */
export interface Fixture {
  /** Unique: dialect, file and case, `relay/register-malformed.tosend-space`. */
  readonly name: string;
  /** The clause that it shows. */
  readonly clause: Clause;
  /** What a server that passes does. */
  readonly title: string;
  /** The file, as it is shown. */
  readonly file: string;
  /** Clauses without which this one means nothing. */
  readonly needs: readonly string[];
  /** Whether its failure leaves its clause standing for those that need it: what it asks for nothing else depends on. */
  readonly blocksNothing?: boolean;
  /** Whether nothing else may be played meanwhile. */
  readonly alone: boolean;
  /** Whether it waits for the server to lose patience. */
  readonly patient: boolean;
  /** A line that begins with these bytes is compared without regard to upper and lower case behind them. */
  readonly caseless?: Uint8Array;
  /** What a message ends in, one byte, if the server's own first words do; see {@linkcode fitLineEnd}. */
  readonly lineEnd?: number;
  /** A pattern: what matches it, between two things that are expected, does not count. */
  readonly aside?: readonly Piece[];
  /** What clients say where the dialect speaks datagrams. */
  readonly datagrams?: DatagramManners;
  /** The clause that a server does not keep if it depends on where what is sent is cut; none if it may depend on that. */
  readonly cut?: Clause;
  /** The same for what is sent as one. */
  readonly join?: Clause;
  /** What is done otherwise than the transcript says, if it is a variant of it: `cut-3`. Its name ends in it, behind a `~`. */
  readonly variation?: string;
  /** What is played. */
  readonly steps: readonly Step[];
}

/** What clients say where the dialect speaks datagrams, so that nobody sees them come and go. */
export interface DatagramManners {
  /** What every server answers; knows `{port}` and `{address}`, our own, and `{name}`, a fresh one. */
  readonly probe: readonly Piece[];
  /** The last word of each port; knows `{port}` and `{address}`. */
  readonly farewell: readonly Piece[];
}

/** What all fixtures of a dialect share. */
export interface Prelude {
  /** What they may call. */
  readonly macros: Macros;
  /** What each of them begins with. */
  readonly steps: readonly Step[];
  /** Whether each of them is played alone. */
  readonly alone: boolean;
  /** A fixture that sends these bytes is played alone. */
  readonly broadcast?: Uint8Array;
  /** See {@linkcode Fixture.caseless}. */
  readonly caseless?: Uint8Array;
  /** See {@linkcode Fixture.lineEnd}. */
  readonly lineEnd?: number;
  /** See {@linkcode Fixture.aside}. */
  readonly aside?: readonly Piece[];
  /** See {@linkcode Fixture.datagrams}. */
  readonly datagrams?: DatagramManners;
  /** The slug of {@linkcode Fixture.cut}. */
  readonly cut?: string;
  /** The slug of {@linkcode Fixture.join}. */
  readonly join?: string;
}

/** The prelude of a dialect that has none. */
export const EMPTY_PRELUDE: Prelude = { macros: new Map(), steps: [], alone: false };

/** Reads a prelude on top of another one; throws a `fixture` error with file and line where it is wrong. */
export function readPrelude(text: string, file: string, base: Prelude = EMPTY_PRELUDE): Prelude {
  const source = readSource(text, file);
  const header = readHeader(source, file, [
    "alone",
    "aside",
    "broadcast",
    "caseless",
    "ending",
    "cut",
    "join",
    "datagrams",
    "probe",
    "farewell",
  ]);
  const { macros, rest } = takeMacros(source.lines, base.macros);
  const steps = parseSteps(expandMacros(rest, macros));
  for (const step of steps) {
    if (step.kind !== "name" && step.kind !== "let") {
      throw mistake(step.place, "outside of a macro a prelude holds only name and let");
    }
  }
  const broadcast = header.get("broadcast");
  const caseless = header.get("caseless");
  const lineEnd = header.get("ending");
  const aside = header.get("aside");
  const datagrams = readManners(header) ?? base.datagrams;
  const cut = header.get("cut");
  const join = header.get("join");
  return {
    ...base,
    macros,
    steps: [...base.steps, ...steps],
    alone: base.alone || readAlone(header.get("alone")),
    ...(broadcast === undefined ? {} : { broadcast: parseBytes(broadcast.value, broadcast.place) }),
    ...(caseless === undefined ? {} : { caseless: parseBytes(caseless.value, caseless.place) }),
    ...(lineEnd === undefined ? {} : { lineEnd: readLineEnd(lineEnd) }),
    ...(aside === undefined ? {} : { aside: readAside(aside) }),
    ...(cut === undefined ? {} : { cut: cut.value }),
    ...(join === undefined ? {} : { join: join.value }),
    ...(datagrams === undefined ? {} : { datagrams }),
  };
}

/**
 * Reads a fixture: one for each of its cases. `stem` is its file's name without the ending. Throws a `fixture` error with
 * file and line where it is wrong.
 */
export function readFixture(text: string, file: string, stem: string, prelude: Prelude, clauses: Clauses): Fixture[] {
  const source = readSource(text, file);
  const header = readHeader(source, file, ["title", "clause", "needs", "blocks", "alone", "aside"]);
  const clause = readClauseOf(header, file, clauses);
  const title = header.get("title");
  if (title === undefined || title.value === "") throw mistake({ file, line: 1 }, "the header has no title:");
  const { macros, rest } = takeMacros(source.lines, prelude.macros);
  const needsEntry = header.get("needs");
  const needs = needsEntry === undefined ? [] : parseList(needsEntry.value);
  const place = needsEntry?.place ?? title.place;
  if (needs.includes(clause.slug)) throw mistake(place, `${clause.slug} cannot need itself`);
  const aside = header.get("aside");
  const asides = [prelude.aside, aside && readAside(aside)].filter((pieces) => pieces !== undefined);
  return readCases(source.header).map(({ slug, args }) => {
    const lines = expandMacros(rest.map((line) => substituteLine(line, args)), macros);
    if (lines.length === 0) throw mistake({ file, line: 1 }, "there are no steps below the header");
    const steps = [...prelude.steps, ...parseSteps(lines)];
    const demands = checkSteps(steps, prelude.datagrams !== undefined);
    return {
      name: `${dialectOf(clause.slug)}/${stem}${slug === undefined ? "" : `.${slug}`}`,
      clause,
      title: title.value,
      file,
      needs: resolveNeeds([...needs, ...demands.needs], clause, clauses, place),
      ...(readBlocks(header.get("blocks")) ? {} : { blocksNothing: true }),
      alone: prelude.alone || readAlone(header.get("alone")) || sends(steps, prelude.broadcast),
      patient: demands.patient,
      ...(prelude.caseless === undefined ? {} : { caseless: prelude.caseless }),
      ...(prelude.lineEnd === undefined ? {} : { lineEnd: prelude.lineEnd }),
      ...(asides.length === 0 ? {} : { aside: oneOf(asides) }),
      ...(prelude.datagrams === undefined ? {} : { datagrams: prelude.datagrams }),
      ...streamClause("cut", prelude, clauses),
      ...streamClause("join", prelude, clauses),
      steps,
    };
  });
}

function streamClause(key: "cut" | "join", prelude: Prelude, clauses: Clauses): Partial<Pick<Fixture, typeof key>> {
  const slug = prelude[key];
  if (slug === undefined) return {};
  const clause = clauses.get(slug);
  if (clause === undefined) {
    throw mistake({ file: "prelude.chat", line: 1 }, `${key}: there is no clause ${slug} in clauses.txt`);
  }
  return { [key]: clause };
}

/** A header's entries by key; only `case` may come several times. */
function readHeader(source: Source, file: string, keys: readonly string[]): Map<string, Entry> {
  const header = new Map<string, Entry>();
  const allowed = keys.includes("title") ? [...keys, "case"] : keys;
  for (const entry of source.header) {
    if (!allowed.includes(entry.key)) {
      throw mistake(entry.place, `the header of this file has no key "${entry.key}": ${allowed.join(", ")}`);
    }
    if (entry.key === "case") continue;
    if (header.has(entry.key)) throw mistake(entry.place, `${entry.key}: is there already`);
    header.set(entry.key, entry);
  }
  if (source.header.length === 0 && keys.includes("title")) {
    throw mistake({ file, line: 1 }, "a fixture begins with a header: title:, clause:, needs:");
  }
  return header;
}

function readClauseOf(header: ReadonlyMap<string, Entry>, file: string, clauses: Clauses): Clause {
  const entry = header.get("clause");
  if (entry === undefined) throw mistake({ file, line: 1 }, "the header has no clause:");
  const clause = clauses.get(entry.value);
  if (clause === undefined) throw mistake(entry.place, `there is no clause ${entry.value} in clauses.txt`);
  return clause;
}

interface Case {
  readonly slug?: string;
  readonly args: ReadonlyMap<string, string>;
}

function readCases(header: readonly Entry[]): Case[] {
  const cases: Case[] = [];
  for (const { key, value, place } of header) {
    if (key !== "case") continue;
    const [, slug, text] = /^([a-z0-9][a-z0-9-]*)\s*=\s*(.*)$/.exec(value) ?? [];
    if (slug === undefined || text === undefined) throw mistake(place, "a case is written: case: SLUG = TEXT");
    if (cases.some((other) => other.slug === slug)) throw mistake(place, `there is a case ${slug} already`);
    cases.push({ slug, args: new Map([["case", text]]) });
  }
  return cases.length === 0 ? [{ args: new Map() }] : cases;
}

function readLineEnd({ value, place }: Entry): number {
  const bytes = parseBytes(value, place);
  if (bytes.length !== 1) throw mistake(place, "ending: is one byte");
  return bytes[0]!;
}

/** Reads the pattern, which knows no values but those that it captures itself. */
function readAside({ value, place }: Entry): readonly Piece[] {
  const pieces = parsePieces(value, "pattern", place);
  if (pieces.length === 0) throw mistake(place, "aside: is a pattern");
  const connection = "aside";
  checkSteps([{ kind: "connect", connection, place }, { kind: "expect", connection, pieces, patient: false, place }]);
  return pieces;
}

/** A pattern that takes what any of these takes. */
function oneOf(patterns: readonly (readonly Piece[])[]): readonly Piece[] {
  return patterns.length === 1 ? patterns[0]! : [{ kind: "either", alternatives: patterns }];
}

function readManners(header: ReadonlyMap<string, Entry>): DatagramManners | undefined {
  const [datagrams, probe, farewell] = ["datagrams", "probe", "farewell"].map((key) => header.get(key));
  const entry = datagrams ?? probe ?? farewell;
  if (entry === undefined) return undefined;
  if (datagrams?.value !== "yes") {
    throw mistake(entry.place, "datagrams: is yes, with probe: and farewell:, or none is there");
  }
  if (probe === undefined || farewell === undefined) {
    throw mistake(entry.place, "datagrams: needs probe: and farewell:");
  }
  return { probe: readWord(probe, ["port", "address", "name"]), farewell: readWord(farewell, ["port", "address"]) };
}

function readWord({ value, place }: Entry, known: readonly string[]): readonly Piece[] {
  const pieces = parsePieces(value, "data", place);
  for (const piece of pieces) {
    if ("name" in piece && piece.name !== undefined && !known.includes(piece.name)) {
      throw mistake(place, `{${piece.name}} is not known here: ${known.map((name) => `{${name}}`).join(", ")}`);
    }
  }
  return pieces;
}

function readAlone(entry: Entry | undefined): boolean {
  if (entry === undefined) return false;
  if (entry.value !== "yes") throw mistake(entry.place, "alone: is yes, or not there");
  return true;
}

/** Whether a fixture's failure keeps those from being played that need its clause. */
function readBlocks(entry: Entry | undefined): boolean {
  if (entry === undefined) return true;
  if (entry.value !== "nothing") throw mistake(entry.place, "blocks: is nothing, or not there");
  return false;
}

function resolveNeeds(needs: readonly string[], own: Clause, clauses: Clauses, place: Place): string[] {
  for (const slug of needs) {
    if (!clauses.has(slug)) throw mistake(place, `this needs the clause ${slug}, which is not in clauses.txt`);
  }
  return [...new Set(needs)].filter((slug) => slug !== own.slug);
}

/** Whether one of the steps, or of those below them, sends these bytes. */
function sends(steps: readonly Step[], bytes: Uint8Array | undefined): boolean {
  if (bytes === undefined) return false;
  const written = [...everyStep(steps)].filter((step) => step.kind === "send" || step.kind === "let");
  return written.some(({ pieces }) => pieces.some((piece) => holds(piece, bytes)));
}

function holds(piece: Piece, bytes: Uint8Array): boolean {
  if (piece.kind !== "bytes" && piece.kind !== "repeat") return false;
  for (let at = piece.bytes.indexOf(bytes[0]!); at >= 0; at = piece.bytes.indexOf(bytes[0]!, at + 1)) {
    if (bytes.every((byte, i) => piece.bytes[at + i] === byte)) return true;
  }
  return false;
}
