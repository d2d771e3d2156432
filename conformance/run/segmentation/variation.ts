/**
 * Other ways to divide what a fixture sends into segments.
 *
 * @module
 */

import type { Cut } from "../../play/connection/segments.ts";
import { blocksOf, mapBlocks } from "../../transcript/blocks.ts";
import type { Send, Step } from "../../transcript/syntax.ts";
import { placesIn } from "./places.ts";
import { type Below, randomBelow } from "./random.ts";

/** One thing that is done otherwise: bytes are cut in two, or sent together with those before. */
export type Deviation =
  | { readonly kind: "cut"; readonly step: Send; readonly at: number }
  | { readonly kind: "join"; readonly step: Send };

/** What is done otherwise in a variant of a fixture. */
export interface Variation {
  /** Unique among the variations of a fixture: `cut-3`. */
  readonly name: string;
  /** All of it. */
  readonly deviations: readonly Deviation[];
}

/** What each step of a fixture has sent. */
export type Sent = ReadonlyMap<Send, Uint8Array>;

/** A long message is cut at most so often near its beginning, and near its end. */
const FIRST = 48;
const LAST = 16;
/** Cut more often than this, a fixture takes longer than it is worth: then only its last bytes, which no other fixture sends. */
const MOST_CUTS = 48;

/**
 * All variations of a fixture: sent byte by byte; what follows each other on a connection sent together, if its dialect
 * allows that; and cut once in each message, so often that each of the places has its turn.
 */
export function variationsOf(steps: readonly Step[], sent: Sent, canJoin: boolean, seed: number): Variation[] {
  const below = randomBelow(seed);
  const variations: Variation[] = [];
  const bytewise = [...sent].flatMap(([step, bytes]) => cutsAt(step, everywhere(bytes))).slice(-MOST_CUTS);
  if (bytewise.length > 0) variations.push({ name: "bytewise", deviations: bytewise });
  const joins = canJoin ? joinsIn(steps) : [];
  if (joins.length > 0) variations.push({ name: "joined", deviations: joins });
  return [...variations, ...cutOnce(sent, below)];
}

function cutOnce(sent: Sent, below: Below): Variation[] {
  const places = [...sent].map(([step, bytes]) => [step, placesIn(bytes, below).filter(isNearEither)] as const);
  const rounds = Math.max(0, ...places.map(([, { length }]) => length));
  return Array.from({ length: rounds }, (_, round) => ({
    name: `cut-${round + 1}`,
    deviations: places.flatMap(([step, places]) =>
      cutsAt(step, places.slice(round % (places.length || 1)).slice(0, 1))
    ),
  }));
}

function everywhere({ length }: Uint8Array): number[] {
  const all = Array.from({ length: Math.max(length - 1, 0) }, (_, i) => i + 1);
  return all.filter(isNearEither);
}

function isNearEither(_: number, i: number, { length }: readonly number[]): boolean {
  return i < FIRST || i >= length - LAST;
}

function cutsAt(step: Send, places: readonly number[]): Deviation[] {
  return places.map((at) => ({ kind: "cut", step, at }));
}

/** The steps that send more on a connection where nothing happened since the step before sent something. */
function joinsIn(steps: readonly Step[]): Deviation[] {
  const here = steps.flatMap((step, i): Deviation[] => canFollow(step, steps[i - 1]) ? [{ kind: "join", step }] : []);
  return [...here, ...steps.flatMap((step) => blocksOf(step).flatMap(joinsIn))];
}

function canFollow(step: Step, before: Step | undefined): step is Send {
  return step.kind === "send" && before?.kind === "send" && before.connection === step.connection &&
    !step.bytewise && !before.bytewise;
}

/** The steps with what these deviations join joined. */
export function join(steps: readonly Step[], deviations: readonly Deviation[]): readonly Step[] {
  const joined = new Set<Step>(deviations.flatMap(({ kind, step }) => kind === "join" ? [step] : []));
  return joined.size === 0 ? steps : joinAll(steps, joined);
}

function joinAll(steps: readonly Step[], joined: ReadonlySet<Step>): Step[] {
  const result: Step[] = [];
  for (const step of steps) {
    const before = result.at(-1);
    if (joined.has(step) && step.kind === "send" && before?.kind === "send") {
      result[result.length - 1] = { ...before, pieces: [...before.pieces, ...step.pieces] };
    } else result.push(mapBlocks(step, (block) => joinAll(block, joined)));
  }
  return result;
}

/** Where each step is cut, for a {@linkcode Player}. */
export function cutting(deviations: readonly Deviation[]): Cut {
  const places = new Map<Send, number[]>();
  for (const deviation of deviations) {
    if (deviation.kind !== "cut") continue;
    const own = places.get(deviation.step);
    if (own === undefined) places.set(deviation.step, [deviation.at]);
    else own.push(deviation.at);
  }
  return (step, { length }) => (places.get(step) ?? []).filter((at) => at < length);
}
