/**
 * Colours, where they are wanted.
 *
 * @module
 */

/** Colours a text, or leaves it as it is. */
export interface Paint {
  /** What is as it should be. */
  good(text: string): string;
  /** What is not. */
  bad(text: string): string;
  /** What deserves a look. */
  odd(text: string): string;
  /** What matters less. */
  dim(text: string): string;
  /** What stands out. */
  strong(text: string): string;
}

const code = (before: number, after: number) => (text: string) => `\x1b[${before}m${text}\x1b[${after}m`;
const plain = (text: string) => text;

/** ANSI colours, or none. */
export function paint(color: boolean): Paint {
  if (!color) return { good: plain, bad: plain, odd: plain, dim: plain, strong: plain };
  return { good: code(32, 39), bad: code(31, 39), odd: code(33, 39), dim: code(2, 22), strong: code(1, 22) };
}
