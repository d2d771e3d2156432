/**
 * Patterns to programs.
 *
 * @module
 */

import { spell } from "../transcript/escape.ts";
import { printPieces, printType } from "../transcript/pieces.ts";
import type { Piece, SimpleType } from "../transcript/syntax.ts";
import { CaselessLine } from "./caseless.ts";
import { decimal, isDigit } from "./digits.ts";
import type { Node, Program } from "./program.ts";

/** What a pattern is compiled with. */
export interface PatternContext {
  /** The value of a name that was defined before this pattern. */
  value(name: string): Uint8Array | undefined;
  /** See `Fixture.ignoreCaseAfter`. */
  readonly caseless?: Uint8Array;
}

/** The bytes that a piece of data stands for, or `undefined` for a wildcard or an alternative. */
export function bytesOf(piece: Piece, context: PatternContext): Uint8Array | undefined {
  switch (piece.kind) {
    case "bytes":
      return piece.bytes;
    case "value":
      return context.value(piece.name);
    case "length": {
      const value = context.value(piece.name);
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
export function bytesOfAll(pieces: readonly Piece[], context: PatternContext): Uint8Array {
  const parts = pieces.map((piece) => bytesOf(piece, context) ?? new Uint8Array());
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Compiles a pattern. */
export function compile(pieces: readonly Piece[], context: PatternContext): Program {
  return new Compiler(context).sequence(pieces)({ id: 0, op: "match" });
}

/** What could come from here on, spelled with escapes, behind so many bytes of the first node. */
export function showNode(node: Node, offset = 0): string {
  switch (node.op) {
    case "bytes":
      return spell(node.bytes.subarray(offset)) + showNode(node.next);
    case "match":
      return "";
    case "chosen":
      return showNode(node.next);
    default:
      return node.own + showNode(node.next);
  }
}

const labels = new WeakMap<readonly Piece[], string>();

/** What a choice records of an alternative: the same each time that a line is compiled. */
function labelOf(alternative: readonly Piece[]): string {
  const label = labels.get(alternative) ?? printPieces(alternative);
  labels.set(alternative, label);
  return label;
}

function isEnd(node: Node): boolean {
  return node.op === "match" || (node.op === "chosen" && isEnd(node.next));
}

const NEWLINE = 10;
const BRACES: readonly number[] = [0x7b, 0x7d];

const TAKES = {
  digits: isDigit,
  letters: isLetter,
  word: (byte: number) => byte !== 32 && (byte < 9 || byte > 13),
  line: (byte: number) => byte !== NEWLINE,
  text: () => true,
  row: (byte: number) => !BRACES.includes(byte),
};

const NEVER_EMPTY: ReadonlySet<SimpleType> = new Set(["digits", "letters", "word"]);

function isLetter(byte: number): boolean {
  return byte >= 0x41 && byte <= 0x5a || byte >= 0x61 && byte <= 0x7a;
}

/** Puts a node in front of what follows it. */
type Link = (next: Node) => Node;

/** Reads pieces forwards, since what was before says whether case matters, to link them backwards. */
class Compiler {
  readonly #context: PatternContext;
  /** The line that is being expected. */
  #line: CaselessLine;
  #ids = 0;

  constructor(context: PatternContext) {
    this.#context = context;
    this.#line = new CaselessLine(context.caseless);
  }

  #id(): number {
    return ++this.#ids;
  }

  sequence(pieces: readonly Piece[]): Link {
    const links = pieces.map((piece) => this.#piece(piece));
    return (next) => links.reduceRight((behind, link) => link(behind), next);
  }

  #piece(piece: Piece): Link {
    if (piece.kind === "either") return this.#either(piece);
    if (piece.kind === "wild") return this.#wild(piece);
    const bytes = bytesOf(piece, this.#context);
    if (bytes === undefined) throw new TypeError(`the checks let an undefined name pass: ${printPieces([piece])}`);
    const parts = this.#line.divide(bytes);
    if (piece.kind === "bytes") {
      return (next) =>
        parts.reduceRight<Node>((behind, part) => ({ id: this.#id(), op: "bytes", ...part, next: behind }), next);
    }
    // What a name stands for is as it is.
    return (next) => bytes.length === 0 ? next : { id: this.#id(), op: "bytes", bytes, caseless: false, next };
  }

  #either(piece: Extract<Piece, { kind: "either" }>): Link {
    const { alternatives, choice } = piece;
    const before = this.#line;
    const links = alternatives.map((pieces) => {
      this.#line = before.copy();
      return this.sequence(pieces);
    });
    return (next) => ({
      id: this.#id(),
      op: "either",
      // Only a failure shows it.
      get own() {
        return printPieces([piece]);
      },
      ways: links.map((link, i) => {
        return link(
          choice === undefined
            ? next
            : { id: this.#id(), op: "chosen", choice, value: labelOf(alternatives[i]!), next },
        );
      }),
      next,
    });
  }

  #wild({ type, name, choice }: Extract<Piece, { kind: "wild" }>): Link {
    this.#line.skip();
    const wild = { id: this.#id(), own: `{${name ?? "_"}=${printType(type)}}`, name, choice };
    switch (type.kind) {
      case "bytes": {
        const { count } = type;
        const otherwise = typeof count === "number" ? count : this.#number(count);
        return (next) => ({ op: "count", ...wild, count, otherwise, next });
      }
      case "range":
        return (next) => ({ op: "number", ...wild, low: type.low, high: type.high, next });
      default: {
        const run = { op: "run", ...wild, takes: TAKES[type.kind], mayBeEmpty: !NEVER_EMPTY.has(type.kind) } as const;
        // At the end of a pattern, where nothing follows, a text is all there is.
        return (next) => ({ ...run, isLazy: type.kind === "text" && !isEnd(next), next });
      }
    }
  }

  /** The number that a value is; negative where it is none, or not known. */
  #number(name: string): number {
    const value = this.#context.value(name);
    return (value && decimal(value)) ?? -1;
  }
}
