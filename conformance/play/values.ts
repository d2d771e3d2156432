/**
 * What a fixture knows while it is played: what was made up for it, what it has captured, and what the server has chosen.
 *
 * @module
 */

import { bytesOfAll, compile, type PatternContext } from "../pattern/compile.ts";
import type { Match } from "../pattern/matcher.ts";
import type { Program } from "../pattern/program.ts";
import { spell } from "../transcript/escape.ts";
import type { Place } from "../transcript/place.ts";
import type { Distinct, Piece } from "../transcript/syntax.ts";
import type { Chosen } from "./choice.ts";
import { unmet } from "./explain.ts";
import { findSame } from "./names.ts";

const encoder = new TextEncoder();

/** The values and choices of one fixture that is played once. */
export class FixtureValues {
  /** The choices that the server made. */
  readonly chosen: Chosen[] = [];
  /** What patterns are read with. */
  readonly patterns: PatternContext;
  readonly #values = new Map<string, Uint8Array>();

  /** @param ignoreCaseAfter behind what bytes the case of letters does not matter, if anywhere. */
  constructor(ignoreCaseAfter: PatternContext["caseless"]) {
    const value = (name: string) => this.#values.get(name);
    this.patterns = ignoreCaseAfter === undefined ? { value } : { value, caseless: ignoreCaseAfter };
  }

  /** The value of a name. */
  get(name: string): Uint8Array | undefined {
    return this.#values.get(name);
  }

  /** Gives a name a value; text is UTF-8. */
  set(name: string, value: Uint8Array | string): void {
    this.#values.set(name, typeof value === "string" ? encoder.encode(value) : value);
  }

  /** What pieces without wildcards stand for. */
  bytes(pieces: readonly Piece[]): Uint8Array {
    return bytesOfAll(pieces, this.patterns);
  }

  /** A pattern. */
  compile(pieces: readonly Piece[]): Program {
    return compile(pieces, this.patterns);
  }

  /** Keeps what a step has captured, and what was chosen in it. */
  keep(match: Match, place: Place): void {
    for (const [name, value] of match.values) this.#values.set(name, value);
    for (const [choice, value] of match.choices) this.chosen.push({ choice, value, place });
  }

  /**
   * Makes sure that values differ.
   *
   * @throws {Unmet} if two are the same.
   */
  mustDiffer(step: Distinct): void {
    const same = findSame(step.names, this.#values);
    if (same !== undefined) throw unmet("mismatch", step, `${same.names.join(" and ")} are both ${spell(same.value)}`);
  }
}
