/**
 * The messages of the simulation: each says whose it is, for whom, and where it ends, so that whoever sees it can tell all that
 * there is to check.
 *
 * @module
 */

/** Whom a message to everybody names. */
export const EVERYBODY = "ALL";

/** What a message says of itself. */
export interface Said {
  /** Its number; they are given in the order in which messages are sent. */
  readonly id: number;
  /** The sender's name. */
  readonly from: string;
  /** The recipient's name, or its frame ID, or {@linkcode EVERYBODY}. */
  readonly to: string;
}

/** How long the fillings are that make some messages long: most are short, as those of people are. */
const LENGTHS = [0, 0, 0, 0, 5, 20, 0, 0, 60, 0, 0, 150, 0, 0, 0, 0, 400, 0, 0, 3_000];

/** What makes up a message's length, from its number alone. */
function filling(id: number, longest: number): string {
  return "x".repeat(Math.min(LENGTHS[id % LENGTHS.length]!, longest));
}

/** A message; its number is the last of it, so that who has that has it all. `longest` bounds what makes up its length. */
export function textOf({ id, from, to }: Said, longest = Infinity): string {
  return `${from}>${to} ${filling(id, longest)}#${id};`;
}

/** What a message says of itself; `undefined` if it is not whole, or was never one. */
export function readText(text: string): Said | undefined {
  const match = /^([A-Za-z0-9]+)>([A-Za-z0-9]+) (x*)#([0-9]+);$/.exec(text);
  if (match === null) return undefined;
  const [, from = "", to = "", filled = "", digits = ""] = match;
  const id = Number(digits);
  return filled.length <= LENGTHS[id % LENGTHS.length]! ? { id, from, to } : undefined;
}

const SIGN = "#".charCodeAt(0);
const END = ";".charCodeAt(0);
const ZERO = "0".charCodeAt(0);

/** Finds the numbers of messages in a stream of bytes, however it is cut. */
export class NumberScanner {
  readonly #found: (id: number) => void;
  /** The digits read so far; -1 outside of a number. */
  #number = -1;

  /** @param found told of each number, once its last byte has come. */
  constructor(found: (id: number) => void) {
    this.#found = found;
  }

  /** Reads the next piece. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#number < 0) {
        at = bytes.indexOf(SIGN, at) + 1;
        if (at === 0) return;
        this.#number = 0;
      } else at = this.#readDigits(bytes, at);
    }
  }

  #readDigits(bytes: Uint8Array, start: number): number {
    for (let at = start; at < bytes.length; at++) {
      const digit = bytes[at]! - ZERO;
      if (digit >= 0 && digit <= 9) this.#number = this.#number * 10 + digit;
      else {
        const id = this.#number;
        this.#number = -1;
        if (bytes[at] === END && id > 0) this.#found(id);
        return at;
      }
    }
    return bytes.length;
  }
}
