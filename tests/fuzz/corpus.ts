/**
 * What clients and servers say in the fixtures, as bytes to be mutated.
 *
 * @module
 */

import { concat } from "@std/bytes";
import { loadLibrary } from "../../conformance/fixtures/library.ts";
import type { Piece } from "../../conformance/transcript/syntax.ts";

const encoder = new TextEncoder();
/** The longest repetition that is written out. */
const MOST_REPEATED = 5_000;

/** Everything that is sent or expected in the fixtures of a dialect, each once. */
export async function corpusOf(dialect: string): Promise<Uint8Array[]> {
  const { fixtures } = await loadLibrary(dialect, { dirs: [], embedded: true });
  const found = new Map<string, Uint8Array>();
  const look = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(look);
    if (typeof node !== "object" || node === null || node instanceof Uint8Array) return;
    if ("pieces" in node && Array.isArray(node.pieces)) {
      const bytes = concat(node.pieces.map(written));
      found.set(String(bytes), bytes);
    } else Object.values(node).forEach(look);
  };
  look(fixtures.map(({ steps }) => steps));
  return [...found.values()];
}

/** Any bytes that the piece may stand for. */
function written(piece: Piece): Uint8Array {
  switch (piece.kind) {
    case "bytes":
      return piece.bytes;
    case "repeat":
      return concat(new Array<Uint8Array>(Math.min(piece.count, MOST_REPEATED)).fill(piece.bytes));
    case "either":
      return concat((piece.alternatives[0] ?? []).map(written));
    case "length":
      return encoder.encode("3");
    case "value":
      return encoder.encode(piece.name);
    case "wild":
      return encoder.encode("2");
  }
}
