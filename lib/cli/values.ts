/**
 * The values that options take, read strictly: what is wrong with one is told in a line that says what would be right.
 *
 * @module
 */

import { type Address, addressText, parseAddress } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import { DIALECTS } from "../dialects/registry.ts";

/** A kind of value. */
export interface Kind<T> {
  /** What help calls it: `PORT`. */
  readonly name: string;
  /** Any value of the type. */
  readonly example: T;
  /** Reads a value; throws a {@linkcode ChatError} `bad-value` that says what would be right. */
  read(input: string): T;
  /** Writes a value as it is read. */
  show(value: T): string;
  /** What completion offers: some words, or the folders or files there are. */
  readonly offers?: readonly string[] | "folders" | "files";
}

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 24 * 3_600_000;

/**
 * A length of time with its unit (`500ms`, `5s`, `1.5m`, `1h`), in milliseconds: at least `shortest` and at most 24 h.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(duration().read("1.5s"), 1500);
 * assertEquals(duration().show(1500), "1500ms");
 * ```
 */
export function duration(shortest = 1): Kind<number> {
  const show = (value: number) => {
    const unit = ["h", "m", "s"].find((unit) => value % UNITS[unit]! === 0) ?? "ms";
    return `${value / UNITS[unit]!}${unit}`;
  };
  return {
    name: "TIME",
    example: 1,
    read(input) {
      const match = /^([0-9]+(?:\.[0-9]+)?)(ms|s|m|h)$/.exec(input);
      const value = match === null ? NaN : Math.round(Number(match[1]) * UNITS[match[2]!]!);
      if (value >= shortest && value <= LONGEST_MS) return value;
      throw wrong(input, `no length of time: write a number with ms, s, m or h, from ${show(shortest)} to 24h`);
    },
    show,
  };
}

const SIZES: { readonly [unit: string]: number } = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const LARGEST = 1_024 * SIZES.G!;

/**
 * An amount of memory or of room on a disk with its unit (`512M`, `1.5G`), in bytes: at least 1 MiB and at most 1024 GiB.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(size().read("512M"), 512 * 1024 * 1024);
 * assertEquals(size().show(2 * 1024 ** 3), "2G");
 * ```
 */
export function size(): Kind<number> {
  return {
    name: "SIZE",
    example: SIZES.M!,
    read(input) {
      const match = /^([0-9]+(?:\.[0-9]+)?)([KMG])$/.exec(input);
      const value = match === null ? NaN : Math.round(Number(match[1]) * SIZES[match[2]!]!);
      if (value >= SIZES.M! && value <= LARGEST) return value;
      throw wrong(input, "no size: write a number with K, M or G, from 1M to 1024G");
    },
    show(value) {
      const unit = ["G", "M", "K"].find((unit) => value % SIZES[unit]! === 0) ?? "K";
      return `${value / SIZES[unit]!}${unit}`;
    },
  };
}

/** A whole number from `min` to `max`. `name` is what help calls it. */
export function count(name: string, min: number, max: number): Kind<number> {
  return {
    name,
    example: min,
    read(input) {
      const value = wholeNumber(input);
      if (value >= min && value <= max) return value;
      throw wrong(input, `not possible: write a whole number from ${min} to ${max}`);
    },
    show: String,
  };
}

/**
 * One of a few words. `name` is what help calls it, and `what` what an error does.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const shade = oneOf("SHADE", "shade", ["light", "dark"]);
 * assertThrows(() => shade.read("red"), Error, 'unknown shade "red": choose light or dark');
 * ```
 */
export function oneOf<const T extends string>(
  name: string,
  what: string,
  words: readonly [T, ...T[]],
): Kind<T> {
  return {
    name,
    example: words[0],
    read(input) {
      const word = words.find((word) => word === input);
      if (word !== undefined) return word;
      throw new ChatError("bad-value", `unknown ${what} ${JSON.stringify(input)}: choose ${words.join(" or ")}`);
    },
    show: String,
    offers: words,
  };
}

/** The name of a dialect in the registry. */
export function dialectName(): Kind<string> {
  const [first, ...others] = DIALECTS.map((dialect) => dialect.name);
  return oneOf("DIALECT", "dialect", [first!, ...others]);
}

/** The address of a server, with or without its port. */
export function address(): Kind<Address> {
  return {
    name: "HOST[:PORT]",
    example: { hostname: "localhost", port: undefined },
    read: parseAddress,
    show: ({ hostname, port }) => port === undefined ? hostname : addressText({ hostname, port }),
  };
}

/** A word of any kind, but not an empty one. `name` is what help calls it. */
export function word(name: string): Kind<string> {
  return {
    name,
    example: "word",
    read(input) {
      if (input !== "") return input;
      throw wrong(input, `no ${name}: write at least one character`);
    },
    show: String,
  };
}

/** The path of a folder; whether it exists is for the command to find out. */
export function folder(): Kind<string> {
  return { ...word("DIR"), offers: "folders" };
}

/** The path of a file; whether it can be read is for the command to find out. */
export function file(): Kind<string> {
  return { ...word("FILE"), offers: "files" };
}

/** The number that some digits spell, or `NaN`. */
export function wholeNumber(input: string): number {
  return /^[0-9]{1,15}$/.test(input) ? Number(input) : NaN;
}

/** What is wrong with a value, and what would be right. */
export function wrong(input: string, why: string): ChatError {
  return new ChatError("bad-value", `${JSON.stringify(input)} is ${why}`);
}
