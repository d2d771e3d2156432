/**
 * Streams that are nearly what a dialect says.
 *
 * @module
 */

import { concat } from "@std/bytes";
import fc from "fast-check";

/** What is fed to a codec, and where it is cut. */
export interface Fed {
  /** All of it. */
  readonly bytes: Uint8Array;
  /** The same, in pieces. */
  readonly pieces: readonly Uint8Array[];
}

/** Streams made of what is in the corpus, whole or mutated, of words of the dialect, of noise, and of very long runs. */
export function streams(corpus: readonly Uint8Array[], words: readonly string[]): fc.Arbitrary<Fed> {
  const whole = fc.constantFrom(...corpus);
  const word = fc.constantFrom(...words).map((word) => new TextEncoder().encode(word));
  const noise = fc.uint8Array({ maxLength: 12 });
  const run = fc.tuple(fc.nat(255), fc.integer({ min: 1, max: 10_000 }))
    .map(([byte, count]) => new Uint8Array(count).fill(byte));
  const mutated = fc.tuple(whole, fc.array(fc.tuple(fc.constantFrom(...MUTATIONS), fc.nat(), noise), { maxLength: 3 }))
    .map(([bytes, changes]) => changes.reduce((bytes, [mutate, at, some]) => mutate(bytes, at, some), bytes));
  const part = fc.oneof(
    { weight: 6, arbitrary: mutated },
    { weight: 3, arbitrary: whole },
    { weight: 6, arbitrary: word },
    { weight: 2, arbitrary: noise },
    { weight: 1, arbitrary: run },
  );
  return fc.tuple(fc.array(part, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 6 })).map(([parts, cuts]) => {
    const bytes = concat(parts);
    return { bytes, pieces: cut(bytes, cuts) };
  });
}

type Mutation = (bytes: Uint8Array, at: number, some: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  // Some bytes are others, are missing, come twice, come in between; the end is missing.
  (bytes, at, some) => {
    const changed = bytes.slice();
    changed.set(some.subarray(0, Math.max(changed.length - place(bytes, at), 0)), place(bytes, at));
    return changed;
  },
  (bytes, at, some) => concat([bytes.subarray(0, place(bytes, at)), bytes.subarray(place(bytes, at) + some.length)]),
  (bytes, at, some) => concat([bytes.subarray(0, place(bytes, at) + some.length), bytes.subarray(place(bytes, at))]),
  (bytes, at, some) => concat([bytes.subarray(0, place(bytes, at)), some, bytes.subarray(place(bytes, at))]),
  (bytes, at) => bytes.subarray(0, place(bytes, at)),
];

function place(bytes: Uint8Array, at: number): number {
  return at % (bytes.length + 1);
}

/** Without any cuts each byte of a short stream travels alone. */
function cut(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.length === 0 && bytes.length < 200
    ? Array.from(bytes, (_, i) => i)
    : cuts.map((at) => place(bytes, at)).sort((a, b) => a - b);
  return [0, ...places].map((start, i) => bytes.slice(start, places[i] ?? bytes.length));
}
