/**
 * Bytes and patterns: text to pieces, and back.
 *
 * @module
 */

import { readEscape, spell } from "./escape.ts";
import { mistake, type Place } from "./place.ts";
import type { Piece, SimpleType, WildType } from "./syntax.ts";

/** What stands behind `>` may only be data; behind `<` it may be a pattern. */
export type PieceKind = "data" | "pattern";

const IDENTIFIER = "[A-Za-z][A-Za-z0-9_-]*";
const NAME = new RegExp(`^${IDENTIFIER}$`);
/** Connections have parts divided by dots, and their port is a part of them, too. */
const VALUE = new RegExp(`^${IDENTIFIER}(?:\\.[A-Za-z0-9_-]+)*$`);
const LENGTH = new RegExp(`^length\\s+(${IDENTIFIER})$`);
const WILD = new RegExp(`^(_|${IDENTIFIER})=(.*)$`);
const RANGE = /^(\d{1,15})\.\.(\d{1,15})$/;
const COUNTED = new RegExp(`^(\\d{1,9}|${IDENTIFIER})\\s+bytes$`);
const REPEAT = /^(.*) \* (\d{1,9})$/s;
const CHOICE = new RegExp(`@(${IDENTIFIER})`, "y");
/** What stands for itself. */
const PLAIN = /[^\\{}()|]+/y;
/** The largest repetition, in bytes: a typing error must not fill the memory. */
const MAX_REPEATED = 16 * 1024 * 1024;

const encoder = new TextEncoder();

/** Reads data or a pattern; throws a {@linkcode mistake} where it is not well formed. */
export function parsePieces(text: string, kind: PieceKind, place: Place): Piece[] {
  const reader = new Reader(text, kind, place);
  const pieces = reader.sequence(false);
  if (reader.at < text.length) {
    throw mistake(place, `")" or "|" outside of parentheses: the character itself is \\) or \\|`);
  }
  return pieces;
}

/** Reads bytes without any braces or parentheses; throws a {@linkcode mistake} where they are not well formed. */
export function parseBytes(text: string, place: Place): Uint8Array {
  const pieces = parsePieces(text, "data", place);
  if (pieces.length === 0) return new Uint8Array();
  const [first, ...others] = pieces;
  if (first?.kind !== "bytes" || others.length > 0) throw mistake(place, "only plain bytes can stand here");
  return first.bytes;
}

/** Says whether a word can be defined as a name for braces. */
export function isIdentifier(word: string): boolean {
  return NAME.test(word);
}

class Reader {
  at = 0;

  constructor(readonly text: string, readonly kind: PieceKind, readonly place: Place) {}

  /** Reads up to the end, or to a `|` or `)`, which only a sequence within parentheses may meet. */
  sequence(nested: boolean): Piece[] {
    const pieces: Piece[] = [];
    let literal: number[] = [];
    const flush = () => {
      if (literal.length > 0) pieces.push({ kind: "bytes", bytes: Uint8Array.from(literal) });
      literal = [];
    };
    while (this.at < this.text.length) {
      const character = this.text[this.at]!;
      if (character === ")" || character === "|") {
        if (nested || this.kind === "pattern") break;
        throw mistake(this.place, `what is sent is one thing: the character itself is \\${character}`);
      }
      if (character === "\\") this.#escape((bytes) => literal.push(...bytes));
      else if (character === "{" || character === "(") {
        flush();
        pieces.push(character === "{" ? this.#brace() : this.#either());
      } else if (character === "}") {
        throw mistake(this.place, 'a "}" without its "{": the character itself is \\}');
      } else {
        PLAIN.lastIndex = this.at;
        const [run] = PLAIN.exec(this.text)!;
        for (const byte of encoder.encode(run)) literal.push(byte);
        this.at += run.length;
      }
    }
    flush();
    return pieces;
  }

  #escape(take: (bytes: Uint8Array) => void): void {
    const escape = readEscape(this.text, this.at);
    if (escape === undefined) {
      const shown = this.text.slice(this.at, this.at + 2);
      throw mistake(
        this.place,
        `${shown} is no escape: there are \\n \\r \\t \\s \\0 \\xHH \\\\ \\{ \\} \\( \\) \\| \\# \\$ \\@`,
      );
    }
    take(escape.bytes);
    this.at += escape.length;
  }

  #brace(): Piece {
    const end = this.#closingBrace();
    const inside = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    if (VALUE.test(inside)) return { kind: "value", name: inside };
    const length = LENGTH.exec(inside);
    if (length !== null) return { kind: "length", name: length[1]! };
    const repeat = REPEAT.exec(inside);
    if (repeat !== null) return this.#repeat(repeat[1]!, Number(repeat[2]));
    const wild = WILD.exec(inside);
    if (wild === null) {
      throw mistake(this.place, `{${inside}} is not understood: {name}, {length name}, {bytes * count} or {name=type}`);
    }
    if (this.kind === "data") throw mistake(this.place, `what is sent must be known: {${inside}} is a wildcard`);
    const named = wild[1] === "_" ? {} : { name: wild[1]! };
    return { kind: "wild", ...named, type: this.#type(wild[2]!.trim()), ...this.#choice() };
  }

  #closingBrace(): number {
    for (let at = this.at + 1; at < this.text.length; at++) {
      if (this.text[at] === "\\") at++;
      else if (this.text[at] === "}") return at;
    }
    throw mistake(this.place, 'a "{" without its "}": the character itself is \\{');
  }

  #repeat(text: string, count: number): Piece {
    const bytes = parseBytes(text, this.place);
    if (bytes.length === 0) throw mistake(this.place, `{ * ${count}} repeats nothing`);
    if (bytes.length * count > MAX_REPEATED) throw mistake(this.place, `that are more than ${MAX_REPEATED} bytes`);
    return { kind: "repeat", bytes, count };
  }

  #type(text: string): WildType {
    if (isSimple(text)) return { kind: text };
    const range = RANGE.exec(text);
    if (range !== null) {
      const [low, high] = [Number(range[1]), Number(range[2])];
      if (low > high) throw mistake(this.place, `the range ${text} is empty`);
      return { kind: "range", low, high };
    }
    const counted = COUNTED.exec(text);
    if (counted !== null) return { kind: "bytes", count: /^\d/.test(counted[1]!) ? Number(counted[1]) : counted[1]! };
    throw mistake(this.place, `there is no type "${text}": digits, word, line, text, row, LOW..HIGH, COUNT bytes`);
  }

  #either(): Piece {
    if (this.kind === "data") throw mistake(this.place, "what is sent is one thing: the character itself is \\(");
    this.at++;
    const alternatives = [this.sequence(true)];
    while (this.text[this.at] === "|") {
      this.at++;
      alternatives.push(this.sequence(true));
    }
    if (this.text[this.at] !== ")") throw mistake(this.place, 'a "(" without its ")": the character itself is \\(');
    this.at++;
    return { kind: "either", alternatives, ...this.#choice() };
  }

  #choice(): { readonly choice?: string } {
    if (this.text[this.at] !== "@") return {};
    CHOICE.lastIndex = this.at;
    const match = CHOICE.exec(this.text);
    if (match === null) throw mistake(this.place, "an @ here begins the name of a choice: the character itself is \\@");
    this.at += match[0].length;
    return { choice: match[1]! };
  }
}

/**
 * Spells pieces as a transcript does; reading the result gives the same pieces.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const place = { file: "a.chat", line: 1 };
 * const text = "(SENT|SEND)@success {bob} {_=line}\\n\\n";
 * assertEquals(printPieces(parsePieces(text, "pattern", place)), text);
 * ```
 */
export function printPieces(pieces: readonly Piece[]): string {
  // Blanks at either end would be lost.
  return printAll(pieces).replace(/^ | $/g, "\\s");
}

function printAll(pieces: readonly Piece[]): string {
  return pieces.map((piece, i) => {
    const before = pieces[i - 1];
    const text = printPiece(piece);
    // A letter behind the name of a choice would belong to it.
    const isGlued = before !== undefined && "choice" in before && /^[A-Za-z0-9_-]/.test(text);
    return isGlued ? `\\x${text.charCodeAt(0).toString(16)}${text.slice(1)}` : text;
  }).join("");
}

function printPiece(piece: Piece): string {
  switch (piece.kind) {
    case "bytes":
      return spell(piece.bytes, { special: true });
    case "value":
      return `{${piece.name}}`;
    case "length":
      return `{length ${piece.name}}`;
    case "repeat":
      return `{${spell(piece.bytes, { special: true })} * ${piece.count}}`;
    case "either":
      return `(${piece.alternatives.map(printAll).join("|")})${printChoice(piece.choice)}`;
    case "wild":
      return `{${piece.name ?? "_"}=${printType(piece.type)}}${printChoice(piece.choice)}`;
  }
}

/** Spells a type: `digits`, `2..255`, `n bytes`. */
export function printType(type: WildType): string {
  switch (type.kind) {
    case "range":
      return `${type.low}..${type.high}`;
    case "bytes":
      return `${type.count} bytes`;
    default:
      return type.kind;
  }
}

function isSimple(text: string): text is SimpleType {
  return text === "digits" || text === "letters" || text === "word" || text === "line" || text === "text" ||
    text === "row";
}

function printChoice(choice: string | undefined): string {
  return choice === undefined ? "" : `@${choice}`;
}
