/**
 * Patterns as regular expressions of Python.
 *
 * @module
 */

import { CaselessLine } from "../pattern/caseless.ts";
import type { Piece, SimpleType, WildType } from "../transcript/syntax.ts";
import { valueOf } from "./data.ts";
import { rangeExpression } from "./range.ts";

/** A part of an expression: as it stands in a raw literal, or Python that makes it. */
type Part = { readonly raw: string } | { readonly python: string };

/** A piece that may be recorded as a choice. */
export type ChoicePiece = Extract<Piece, { kind: "either" | "wild" }>;

/** A pattern in Python. */
export interface PythonPattern {
  /** An expression whose value is the regular expression, for bytes and `re.DOTALL`. `.{name}` in it is a counted wildcard. */
  readonly expression: string;
  /** The names that get the values of its groups, in their order. A choice has an `@` before its name. */
  readonly names: readonly string[];
  /** The pieces whose choices are among the names. */
  readonly choices: readonly ChoicePiece[];
  /** Whether what it matches could still grow when more arrives; `true` where that is uncertain. */
  readonly isOpenEnded: boolean;
}

/** What each type takes; `text` takes as little as possible where something follows. */
const TAKES: Readonly<Record<SimpleType, string>> = {
  digits: "[0-9]+",
  letters: "[A-Za-z]+",
  word: "[^\\t-\\r ]+",
  line: "[^\\n]*",
  row: "[^{}]*",
  text: ".*?",
};
const ALL_THERE_IS = ".*";
/** What the name of a range of numbers begins with. */
const RANGE = "FROM_";
/** What ends the bytes that a type takes, where it is the next that is expected. */
const ENDS: Readonly<Record<string, (byte: number) => boolean>> = {
  digits: (byte) => byte < 0x30 || byte > 0x39,
  range: (byte) => byte < 0x30 || byte > 0x39,
  letters: (byte) => byte < 0x41 || byte > 0x5a && byte < 0x61 || byte > 0x7a,
  word: (byte) => byte === 0x20 || (byte >= 9 && byte <= 13),
  line: (byte) => byte === 10,
  row: (byte) => byte === 0x7b || byte === 0x7d,
};
const SPELLED = new Map([[9, "\\t"], [10, "\\n"], [13, "\\r"]]);
const SPECIAL = '\\.^$*+?{}[]|()"';

/** Writes the constants that stand for ranges of numbers in what was written. */
export function writeRanges(written: string): string[] {
  const ranges = new Set(Array.from(written.matchAll(new RegExp(`\\b${RANGE}(\\d+)_(\\d+)`, "g")), ([name]) => name));
  return [...ranges].map((name) => {
    const [low, high] = name.slice(RANGE.length).split("_").map(Number);
    return `${name} = rb"${rangeExpression(low!, high!)}"`;
  });
}

/**
 * Writes a pattern. What the server decides is kept for the choices that are `asked` for. A value is known only when the script
 * is played: it is taken to be at least a byte, and no part of what makes a line caseless.
 */
export function writePattern(
  pieces: readonly Piece[],
  caseless?: Uint8Array,
  asked: ReadonlySet<string> = new Set(),
): PythonPattern {
  const writer = new Writer(asked);
  const expression = join(writer.sequence(pieces, true, new CaselessLine(caseless)));
  const { names, choices } = writer;
  return { expression, names, choices, isOpenEnded: canGrow(pieces, undefined) };
}

class Writer {
  readonly names: string[] = [];
  readonly choices: ChoicePiece[] = [];
  readonly #asked: ReadonlySet<string>;

  constructor(asked: ReadonlySet<string>) {
    this.#asked = asked;
  }

  sequence(pieces: readonly Piece[], isLast: boolean, line: CaselessLine): Part[] {
    return pieces.flatMap((piece, i) => this.#piece(piece, isLast && i === pieces.length - 1, line));
  }

  #piece(piece: Piece, isLast: boolean, line: CaselessLine): Part[] {
    switch (piece.kind) {
      case "bytes":
        return line.divide(piece.bytes).map(({ bytes, caseless }) => {
          return { raw: caseless && hasLetters(bytes) ? `(?i:${rawBytes(bytes)})` : rawBytes(bytes) };
        });
      case "value":
        line.skip();
        return [{ python: `escape(${valueOf(piece.name)})` }];
      case "length":
        line.skip();
        return [{ python: `b"%d" % len(${valueOf(piece.name)})` }];
      case "repeat":
        line.skip();
        return [{
          raw: `${piece.bytes.length === 1 ? rawBytes(piece.bytes) : `(?:${rawBytes(piece.bytes)})`}{${piece.count}}`,
        }];
      case "either":
        return this.#either(piece, isLast, line);
      case "wild":
        line.skip();
        return this.#kept(piece, piece.name, () => [takes(piece.type, isLast)]);
    }
  }

  #either(piece: Extract<Piece, { kind: "either" }>, isLast: boolean, line: CaselessLine): Part[] {
    const before = line.copy();
    const write = () =>
      piece.alternatives.flatMap((alternative, i): Part[] => {
        // Behind the alternatives, the last of them counts.
        const own = i === piece.alternatives.length - 1 ? line : before.copy();
        return [{ raw: i === 0 ? "" : "|" }, ...this.sequence(alternative, isLast, own)];
      });
    return this.#kept(piece, undefined, write, "(?:");
  }

  /** Puts a group around what is written if it is kept, and one if it is recorded; else what else opens a group. */
  #kept(piece: ChoicePiece, name: string | undefined, write: () => Part[], otherwise?: string): Part[] {
    const isAsked = piece.choice !== undefined && this.#asked.has(piece.choice);
    if (isAsked) this.choices.push(piece);
    const names = [...name === undefined ? [] : [name], ...isAsked ? [`@${piece.choice}`] : []];
    this.names.push(...names);
    const open = names.length > 0 ? "(".repeat(names.length) : otherwise ?? "";
    const parts = write();
    return [{ raw: open }, ...parts, { raw: open === "" ? "" : ")".repeat(Math.max(names.length, 1)) }];
  }
}

function takes(type: WildType, isLast: boolean): Part {
  switch (type.kind) {
    case "bytes":
      return { raw: `.{${type.count}}` };
    case "range":
      return { python: `${RANGE}${type.low}_${type.high}` };
    case "text":
      return { raw: isLast ? ALL_THERE_IS : TAKES.text };
    default:
      return { raw: TAKES[type.kind] };
  }
}

/** Whether what matches these pieces could be longer when more arrives; `next` follows them. */
function canGrow(pieces: readonly Piece[], next: Piece | undefined): boolean {
  return pieces.some((piece, i) => canPieceGrow(piece, pieces[i + 1] ?? next));
}

function canPieceGrow(piece: Piece, next: Piece | undefined): boolean {
  if (piece.kind === "either") {
    return !areDistinct(piece.alternatives) || piece.alternatives.some((pieces) => canGrow(pieces, next));
  }
  if (piece.kind !== "wild" || piece.type.kind === "bytes") return false;
  if (piece.type.kind === "text") return next === undefined;
  return next?.kind !== "bytes" || !ENDS[piece.type.kind]!(next.bytes[0]!);
}

/** Whether all begin with bytes as they stand, and what begins like one cannot begin like another. */
function areDistinct(alternatives: readonly (readonly Piece[])[]): boolean {
  const beginnings = alternatives.map(([first]) => first?.kind === "bytes" ? rawBytes(first.bytes).toLowerCase() : "");
  return beginnings.every((one, i) => beginnings.every((other, j) => i === j || !other.startsWith(one)));
}

function hasLetters(bytes: Uint8Array): boolean {
  return bytes.some((byte) => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}

/** Bytes that match themselves, within a raw literal. */
function rawBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    if (SPECIAL.includes(character)) return `\\${character}`;
    return byte >= 32 && byte < 127 ? character : SPELLED.get(byte) ?? `\\x${byte.toString(16).padStart(2, "0")}`;
  }).join("");
}

/** Joins raw parts that follow each other into one literal. */
function join(parts: readonly Part[]): string {
  const written: string[] = [];
  let raw = "";
  const flush = () => {
    if (raw !== "") written.push(`rb"${raw}"`);
    raw = "";
  };
  for (const part of parts) {
    if ("raw" in part) raw += part.raw;
    else {
      flush();
      written.push(part.python);
    }
  }
  flush();
  return written.length === 0 ? 'b""' : written.join(" + ");
}
