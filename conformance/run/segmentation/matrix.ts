/**
 * The segmentation matrix: what passes when it is sent whole must pass however it is divided into segments.
 *
 * @module
 */

import type { Clause } from "../../fixtures/clauses.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import type { Cut } from "../../play/connection/segments.ts";
import type { FixtureRunner } from "../scheduler.ts";
import { showPlace } from "../../transcript/place.ts";
import type { Result } from "../../results/verdict.ts";
import { whereIs } from "./places.ts";
import { randomBelow, shuffled } from "./random.ts";
import { reduce } from "./reduce.ts";
import { cutting, type Deviation, join, type Sent, type Variation, variationsOf } from "./variation.ts";

/** How a fixture is played otherwise than usual. */
export interface PlayOptions {
  /** Where what it sends is cut. */
  readonly cut?: Cut;
  /** The deadline of a step, in milliseconds. */
  readonly timeout?: number;
  /** Whether nothing else is played on the same server meanwhile. */
  readonly isAlone?: boolean;
  /** Whether it was played before, so that nothing more is learnt of the server. */
  readonly isAgain?: boolean;
  /** Whether all of that deadline is waited for, whatever is known of the server. */
  readonly isPatient?: boolean;
}

/** Plays fixtures with options. */
export interface VariantRunner {
  /** Plays one. Never throws. */
  playWith(fixture: Fixture, options: PlayOptions): Promise<Result>;
  /** Called with each result. Returns whether the run goes on. */
  done(result: Result): boolean;
}

/** So many variants there are of the fixtures that are played together, and of those that are played alone. */
const VARIANTS = { together: 520, alone: 24 };
/** After so many failures of a clause there is nothing more to learn. */
const ENOUGH_FAILURES = 4;
/** How often a failing variant is played again, to find the smallest that fails. */
const TRIES = 24;
/** A fixture with more steps than this, or one that waits for a server to lose patience, is played once more and no oftener. */
const LONG = 200;
/** In a try, a step may take so many times what the whole fixture took, but at least so many milliseconds. */
const SLOWER = 10;
const SHORTEST_TIMEOUT = 300;

/** A fixture in another variation. */
interface Variant {
  readonly fixture: Fixture;
  readonly original: Result;
  readonly variation: Variation;
}

/** Plays all variants of what has passed. */
export class Matrix implements FixtureRunner {
  readonly #variants: ReadonlyMap<Fixture, Variant>;
  readonly #sent: ReadonlyMap<Fixture, Sent>;
  readonly #runner: VariantRunner;
  readonly #timeout: number;
  readonly #failures = new Map<Clause, number>();

  /** Chooses the variants, at random from a seed, from the results of all fixtures when they were sent whole and what each has sent. */
  constructor(
    results: readonly Result[],
    sent: ReadonlyMap<Fixture, Sent>,
    seed: number,
    runner: VariantRunner,
    timeout: number,
  ) {
    const variants = results.filter(({ verdict }) => verdict === "pass").flatMap((result) => {
      return variantsOf(result, sent.get(result.fixture) ?? new Map(), seed);
    });
    this.#variants = new Map(choose(variants).map((variant) => [variant.fixture, variant]));
    this.#sent = sent;
    this.#runner = runner;
    this.#timeout = timeout;
  }

  /** The variants, as fixtures of the clause that a server which fails them does not keep. */
  get fixtures(): readonly Fixture[] {
    return [...this.#variants.keys()];
  }

  /** See {@linkcode FixtureRunner.play}. What fails is reduced to the smallest that does. */
  async play(fixture: Fixture): Promise<Result> {
    const { clause } = fixture;
    if (this.#failuresOf(clause) >= ENOUGH_FAILURES) {
      const reason = `other variants have failed already, ${ENOUGH_FAILURES} or more`;
      return { fixture, verdict: "blocked", reason, chosen: [], duration: 0 };
    }
    const variant = this.#variants.get(fixture)!;
    const { variation: { deviations } } = variant;
    const result = await this.#try(variant, deviations, this.#timeout);
    if (result.verdict !== "fail") return result;
    this.#failures.set(clause, this.#failuresOf(clause) + 1);
    return await this.#reduce(variant, result);
  }

  /** See {@linkcode FixtureRunner.done}. */
  done(result: Result): boolean {
    return this.#runner.done(result);
  }

  #failuresOf(clause: Clause): number {
    return this.#failures.get(clause) ?? 0;
  }

  async #reduce(variant: Variant, result: Result): Promise<Result> {
    const { original, variation } = variant;
    const timeout = Math.min(Math.max(SLOWER * original.duration, SHORTEST_TIMEOUT), this.#timeout);
    const { items, failure = result } = await reduce(variation.deviations, async (deviations) => {
      const again = await this.#try(variant, deviations, timeout);
      return again.verdict === "fail" ? again : undefined;
    }, TRIES);
    const hint = `it passes when it is sent whole, and fails only when ${this.#describe(items, original.fixture)}`;
    return { ...failure, failure: { ...failure.failure!, hint } };
  }

  async #try({ fixture, original }: Variant, deviations: readonly Deviation[], timeout: number): Promise<Result> {
    const steps = join(original.fixture.steps, deviations);
    const result = await this.#runner.playWith({ ...fixture, steps }, { cut: cutting(deviations), timeout });
    return { ...result, fixture, deviations };
  }

  #describe(deviations: readonly Deviation[], original: Fixture): string {
    const [first] = deviations;
    if (first === undefined || deviations.length > 1) return `what it sends is cut in ${deviations.length} places`;
    const line = showPlace(first.step.place);
    if (first.kind === "join") return `${line} arrives together with the line before it`;
    return `${line} is cut after byte ${first.at}, ${whereIs(this.#sent.get(original)!.get(first.step)!, first.at)}`;
  }
}

function variantsOf(original: Result, sent: Sent, seed: number): Variant[] {
  const { fixture } = original;
  const { splitClause, joinClause } = fixture;
  if (splitClause === undefined) return [];
  const own = seed + [...fixture.name].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 0);
  const [first, ...others] = variationsOf(fixture.steps, sent, joinClause !== undefined, own);
  if (first === undefined) return [];
  const isJoined = ({ name }: Variation) => name === "joined";
  const ordered = [
    first,
    ...others.filter(isJoined),
    ...shuffled(others.filter((o) => !isJoined(o)), randomBelow(own)),
  ];
  const isLong = fixture.patient || fixture.steps.length > LONG;
  return ordered.slice(0, isLong ? 1 : undefined).map((variation) => ({
    original,
    variation,
    fixture: {
      ...fixture,
      name: `${fixture.name}~${variation.name}`,
      variation: variation.name,
      title: `${fixture.title} (sent in other segments: ${variation.name})`,
      clause: isJoined(variation) ? joinClause! : splitClause,
      needs: [],
    },
  }));
}

/** Some of the variants: first one of each fixture, then another one of each, and so on. */
function choose(variants: readonly Variant[]): Variant[] {
  const left = { ...VARIANTS };
  const queues = [...Map.groupBy(variants, ({ original }) => original.fixture.name).values()];
  const chosen: Variant[] = [];
  for (let round = 0; queues.some(({ length }) => length > round); round++) {
    for (const variant of queues.flatMap((queue) => queue.slice(round, round + 1))) {
      if (left[variant.fixture.exclusive ? "alone" : "together"]-- > 0) chosen.push(variant);
    }
  }
  return chosen;
}
