/**
 * Patterns to programs.
 *
 * @module
 */

import { spell } from "../transcript/escape.ts";
import { printPieces, printType } from "../transcript/pieces.ts";
import type { Piece, SimpleType, WildType } from "../transcript/syntax.ts";
import { CaselessLine, type CasePart } from "./caseless.ts";
import { decimal, isDigit } from "./digits.ts";
import type { Count, Instruction, Program, Slot } from "./program.ts";
import { Stands } from "./stands.ts";

/** What a pattern is compiled with. */
export interface Surroundings {
  /** The value of a name that was defined before this pattern. */
  value(name: string): Uint8Array | undefined;
  /** See `Fixture.caseless`. */
  readonly caseless?: Uint8Array;
}

/** The bytes that a piece of data stands for, or `undefined` for a wildcard or an alternative. */
export function bytesOf(piece: Piece, surroundings: Surroundings): Uint8Array | undefined {
  switch (piece.kind) {
    case "bytes":
      return piece.bytes;
    case "value":
      return surroundings.value(piece.name);
    case "length": {
      const value = surroundings.value(piece.name);
      return value === undefined ? undefined : new TextEncoder().encode(String(value.length));
    }
    case "repeat": {
      const all = new Uint8Array(piece.bytes.length * piece.count);
      for (let i = 0; i < piece.count; i++) all.set(piece.bytes, i * piece.bytes.length);
      return all;
    }
    default:
      return undefined;
  }
}

/** The bytes that pieces of data stand for, together. */
export function bytesOfAll(pieces: readonly Piece[], surroundings: Surroundings): Uint8Array {
  const parts = pieces.map((piece) => bytesOf(piece, surroundings) ?? new Uint8Array());
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Compiles a pattern. */
export function compile(pieces: readonly Piece[], surroundings: Surroundings): Program {
  const compiler = new Compiler(surroundings);
  compiler.sequence(pieces, "");
  compiler.instructions.push({ op: "match" });
  const { instructions, slots } = compiler;
  const keeps = slots.length > 0 || instructions.some(({ op }) => KEEPING.has(op));
  return { instructions, slots, stands: keeps ? undefined : { toTheEnd: new Stands(), before: new Stands() } };
}

/** What needs to know more than where it stands. */
const KEEPING: ReadonlySet<Instruction["op"]> = new Set(["begin", "number", "count", "chosen"]);

const NEWLINE = 10;
const BRACES: readonly number[] = [0x7b, 0x7d];

const TAKES = {
  digits: isDigit,
  word: (byte: number) => byte !== 32 && (byte < 9 || byte > 13),
  line: (byte: number) => byte !== NEWLINE,
  text: () => true,
  row: (byte: number) => !BRACES.includes(byte),
};

const MAY_BE_EMPTY: ReadonlySet<SimpleType> = new Set(["line", "row"]);

class Compiler {
  readonly instructions: Instruction[] = [];
  readonly slots: Slot[] = [];
  readonly #surroundings: Surroundings;
  /** The line that is being expected. */
  #line: CaselessLine;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#line = new CaselessLine(surroundings.caseless);
  }

  /** Adds the instructions of these pieces; `after` is how what follows them is shown. */
  sequence(pieces: readonly Piece[], after: string): void {
    const rests = [after];
    for (const piece of pieces.slice(1).reverse()) rests.unshift(this.#show(piece) + rests[0]!);
    for (const [i, piece] of pieces.entries()) this.#piece(piece, rests[i]!);
  }

  #show(piece: Piece): string {
    const bytes = bytesOf(piece, this.#surroundings);
    return bytes === undefined ? printPieces([piece]) : spell(bytes);
  }

  #piece(piece: Piece, rest: string): void {
    if (piece.kind === "either") return this.#either(piece.alternatives, piece.choice, rest);
    if (piece.kind === "wild") return this.#wild(piece.type, piece, rest);
    const bytes = bytesOf(piece, this.#surroundings);
    if (bytes === undefined) throw new TypeError(`the checks let an undefined name pass: ${printPieces([piece])}`);
    const parts = this.#line.divide(bytes);
    // What a name stands for is as it is.
    if (piece.kind === "bytes") this.#literal(parts, rest);
    else if (bytes.length > 0) this.instructions.push({ op: "bytes", bytes, caseless: false, rest });
  }

  #literal(parts: readonly CasePart[], rest: string): void {
    for (const [i, part] of parts.entries()) {
      const others = parts.slice(i + 1).map(({ bytes }) => spell(bytes)).join("");
      this.instructions.push({ op: "bytes", ...part, rest: others + rest });
    }
  }

  #either(alternatives: readonly (readonly Piece[])[], choice: string | undefined, rest: string): void {
    const before = this.#line;
    const jumps: { to: number }[] = [];
    for (const [i, pieces] of alternatives.entries()) {
      this.#line = before.copy();
      const isLast = i === alternatives.length - 1;
      const fork: { op: "split"; preferred: number; other: number } = { op: "split", preferred: 0, other: 0 };
      if (!isLast) {
        this.instructions.push(fork);
        fork.preferred = this.instructions.length;
      }
      this.sequence(pieces, rest);
      if (choice !== undefined) this.instructions.push({ op: "chosen", choice, value: printPieces(pieces) });
      if (!isLast) {
        const jump: { op: "jump"; to: number } = { op: "jump", to: 0 };
        this.instructions.push(jump);
        jumps.push(jump);
        fork.other = this.instructions.length;
      }
    }
    for (const jump of jumps) jump.to = this.instructions.length;
  }

  #wild(type: WildType, { name, choice }: Slot, rest: string): void {
    this.#line.skip();
    const own = `{${name ?? "_"}=${printType(type)}}`;
    const slot = this.slots.length;
    const isKept = name !== undefined || choice !== undefined;
    if (isKept) {
      this.slots.push({ ...(name === undefined ? {} : { name }), ...(choice === undefined ? {} : { choice }) });
      this.instructions.push({ op: "begin", slot });
    }
    switch (type.kind) {
      case "bytes":
        this.instructions.push({ op: "count", count: this.#count(type.count, slot), own, rest });
        break;
      case "range":
        this.instructions.push({ op: "number", range: type, own, rest });
        break;
      case "text":
        this.#text(own, rest);
        break;
      default:
        this.#loop(TAKES[type.kind], MAY_BE_EMPTY.has(type.kind) ? "any" : "one-or-more", own, rest);
    }
    if (isKept) this.instructions.push({ op: "end", slot });
  }

  /** How many bytes there are to be; `own` is the slot of what is counted, if it has one. */
  #count(count: number | string, own: number): Count {
    if (typeof count === "number") return { slots: [], otherwise: count };
    const slots = this.slots.slice(0, own).flatMap(({ name }, slot) => name === count ? slot : []).reverse();
    const value = this.#surroundings.value(count);
    if (value === undefined && slots.length === 0) {
      throw new TypeError(`the checks let an undefined name pass: ${count}`);
    }
    // What is no number can never match, which the matcher finds out.
    return { slots, otherwise: (value && decimal(value)) ?? -1 };
  }

  /** As many bytes as there are. */
  #loop(takes: (byte: number) => boolean, least: "any" | "one-or-more", own: string, rest: string): void {
    const one: Instruction = { op: "one", takes, own, rest };
    if (least === "one-or-more") {
      const start = this.instructions.length;
      this.instructions.push(one, { op: "split", preferred: start, other: start + 2 });
    } else {
      const start = this.instructions.length;
      this.instructions.push({ op: "split", preferred: start + 1, other: start + 3 }, one, { op: "jump", to: start });
    }
  }

  /** As few bytes as possible; at the end of a pattern, where nothing follows, all there are. */
  #text(own: string, rest: string): void {
    if (rest === "") return this.#loop(TAKES.text, "any", own, rest);
    const start = this.instructions.length;
    this.instructions.push(
      { op: "split", preferred: start + 3, other: start + 1 },
      { op: "one", takes: TAKES.text, own, rest },
      { op: "jump", to: start },
    );
  }
}
