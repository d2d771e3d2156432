/**
 * Bytes of which all is known, as Python.
 *
 * @module
 */

import { printPieces } from "../transcript/pieces.ts";
import type { Piece } from "../transcript/syntax.ts";
import { bytesLiteral, stringLiteral } from "./python.ts";

/**
 * An expression for the bytes that pieces stand for; `value` writes the value of a name.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parsePieces } from "../transcript/pieces.ts";
 *
 * const pieces = parsePieces("SEND {bob}\\n", "data", { file: "a.chat", line: 1 });
 * assertEquals(writeData(pieces), 'b"SEND " + v["bob"] + b"\\n"');
 * ```
 */
export function writeData(pieces: readonly Piece[], value: (name: string) => string = valueOf): string {
  return pieces.map((piece) => writeKnown(piece, value)).join(" + ") || 'b""';
}

/** Where a script keeps the value of a name. */
export function valueOf(name: string): string {
  return `v[${stringLiteral(name)}]`;
}

function writeKnown(piece: Piece, value: (name: string) => string): string {
  switch (piece.kind) {
    case "bytes":
      return bytesLiteral(piece.bytes);
    case "value":
      return value(piece.name);
    case "length":
      return `b"%d" % len(${value(piece.name)})`;
    case "repeat":
      return `${bytesLiteral(piece.bytes)} * ${piece.count}`;
    default:
      throw new TypeError(`the checks let a pattern pass that is to be sent: ${printPieces([piece])}`);
  }
}
