/**
 * Values as Python writes them.
 *
 * @module
 */

/**
 * A bytes literal.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(bytesLiteral(new TextEncoder().encode('"hé"\n')), 'b"\\"h\\xc3\\xa9\\"\\n"');
 * ```
 */
export function bytesLiteral(bytes: Uint8Array): string {
  return `b"${Array.from(bytes, spellByte).join("")}"`;
}

/** A string literal. */
export function stringLiteral(text: string): string {
  // What JSON writes, Python reads.
  return JSON.stringify(text);
}

/** `None`, or what `show` makes of a value. */
export function optional<T>(value: T | undefined, show: (value: T) => string): string {
  return value === undefined ? "None" : show(value);
}

/** `True` or `False`. */
export function booleanLiteral(value: boolean): string {
  return value ? "True" : "False";
}

/** A dictionary whose keys are strings; `show` writes its values. */
export function dictionary<T>(entries: Iterable<readonly [string, T]>, show: (value: T) => string): string {
  return `{${[...entries].map(([key, value]) => `${stringLiteral(key)}: ${show(value)}`).join(", ")}}`;
}

function spellByte(byte: number): string {
  if (byte === 10) return "\\n";
  if (byte === 13) return "\\r";
  if (byte === 9) return "\\t";
  const character = String.fromCharCode(byte);
  if (character === '"' || character === "\\") return `\\${character}`;
  return byte >= 32 && byte < 127 ? character : `\\x${byte.toString(16).padStart(2, "0")}`;
}
