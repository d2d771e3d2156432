/**
 * The keys that somebody presses, from the bytes of a terminal.
 *
 * @module
 */

/** A key: its name, or the character that it types. */
export type Key = "enter" | "backspace" | "tab" | "escape" | "up" | "down" | "interrupt" | string;

const NAMES: Readonly<Record<string, Key>> = {
  "\r": "enter",
  "\n": "enter",
  "\x7f": "backspace",
  "\b": "backspace",
  "\t": "tab",
  "\x1b": "escape",
  "\x03": "interrupt",
  "\x04": "q",
  "\x1b[A": "up",
  "\x1b[B": "down",
  "\x1bOA": "up",
  "\x1bOB": "down",
};

/** A sequence of a key that is no character, the key Escape alone, or one character. */
const KEY = /\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[A-Za-z]|\x1b|[^]/gu;

/**
 * The keys in what a terminal has sent at once. Those that mean nothing here are left out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readKeys("q\x1b[A\x1b[5~\r\x1b"), ["q", "up", "enter", "escape"]);
 * ```
 */
export function readKeys(text: string): Key[] {
  return [...text.matchAll(KEY)].flatMap(([sequence]) => {
    const name = NAMES[sequence];
    if (name !== undefined) return [name];
    return /^[ -~]$/.test(sequence) ? [sequence] : [];
  });
}
