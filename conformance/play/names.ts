/**
 * Fresh names, and values that are to differ.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";
import { namesLike } from "../transcript/check.ts";
import { spell } from "../transcript/escape.ts";

/** How much of the written name is kept, so that a person recognises it. */
const KEPT = 4;
/** How many random characters follow: few enough for servers that take eight, enough not to meet a name of an earlier run. */
const RANDOM = 4;
const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Makes names of lower-case letters and digits, which every dialect takes, each only once. */
export class FreshNames {
  readonly #chance: Pick<Runtime, "random">;
  readonly #given = new Set<string>();

  constructor(chance: Pick<Runtime, "random">) {
    this.#chance = chance;
  }

  /** Makes a name that begins like the written one. */
  next(written: string): string {
    const begin = written.toLowerCase().replace(/[^a-z0-9]/g, "").slice(0, KEPT);
    for (;;) {
      let name = begin;
      for (let i = 0; i < RANDOM; i++) name += ALPHABET[Math.floor(this.#chance.random() * ALPHABET.length)];
      if (this.#given.has(name)) continue;
      this.#given.add(name);
      return name;
    }
  }
}

/** Two values that are the same. */
export interface Same {
  /** Their names. */
  readonly names: readonly [string, string];
  /** What both are. */
  readonly value: Uint8Array;
}

/** The first value that is the same as one before it, among those whose names are given, in which a `*` stands for anything. */
export function findSame(names: readonly string[], values: ReadonlyMap<string, Uint8Array>): Same | undefined {
  const holders = new Map<string, string>();
  for (const name of namesLike(names, values.keys())) {
    const value = values.get(name)!;
    const other = holders.get(spell(value));
    if (other !== undefined) return { names: [other, name], value };
    holders.set(spell(value), name);
  }
  return undefined;
}
