/**
 * What one holder at a time may have, as a history of calls: a name, or an ID.
 *
 * @module
 */

import { type Call, linearize } from "../../conformance/stress/linearizability.ts";
import { CLAIM_TTL } from "../../lib/cluster/testing/simulated_cluster.ts";
import type { NameFault } from "../../lib/hub/names.ts";

/** Something that was broken: a node, or all of them (`undefined`). Times are in milliseconds. */
export interface Break {
  /** The node; `undefined` if it was what carries them all. */
  readonly node: string | undefined;
  /** From when on. */
  readonly from: number;
  /** Until when; `Infinity` if it died. */
  readonly to: number;
}

/** A lease is renewed four times in its time: so long after the last renewal that is sure it may have run out. */
const SOONEST = CLAIM_TTL * 0.7;
/** So long after all is well again everything has been given back, or taken back, also by nodes that were stopped meanwhile. */
const LATEST = CLAIM_TTL * 3;
/** So long it takes at most until what somebody gives up is free, on a node that is well. */
const FREE = 1_000;

interface Held {
  readonly holder: string;
  readonly node: string;
  readonly begin: number;
  readonly end: number;
  gone?: { readonly at: number; readonly why: "left" | "lost" | "died" };
}

interface HolderCall extends Call {
  readonly text: string;
}

interface Refused {
  readonly holder: string;
  readonly begin: number;
  readonly end: number;
  /** Whether somebody else was said to have it. */
  readonly isTaken: boolean;
}

/** Who was told that they have it, and who was not. Holders are called `NUMBER@NODE`. */
export class Register {
  readonly #held = new Map<string, Held>();
  readonly #refused: Refused[] = [];
  readonly #calls: HolderCall[] = [];

  /** Nobody has it. */
  constructor(readonly name: string) {}

  /** How many calls there were. */
  get size(): number {
    return this.#held.size + this.#refused.length;
  }

  /** A claim has ended. */
  claimed(holder: string, begin: number, end: number, outcome: "ok" | NameFault): void {
    if (outcome === "ok") this.#held.set(holder, { holder, node: nodeOf(holder), begin, end });
    else this.#refused.push({ holder, begin, end, isTaken: outcome === "taken" });
  }

  /** A holder does not have it any more, and knows that, or is no more. */
  gone(holder: string, at: number, why: "left" | "lost" | "died"): void {
    const held = this.#held.get(holder);
    if (held !== undefined) held.gone ??= { at, why };
  }

  /** What no order explains, in words for people. */
  violations(breaks: readonly Break[]): string[] {
    this.#calls.length = 0;
    for (const held of this.#held.values()) this.#addHeld(held, breaks);
    for (const refused of this.#refused) this.#addRefused(refused, breaks);
    const found = linearize("", this.#calls);
    return found.kind === "stuck" ? [`no order explains that ${found.call.text}`] : [];
  }

  #addRefused({ holder, begin, end, isTaken }: Refused, breaks: readonly Break[]): void {
    const own = nodeOf(holder);
    const isBroken = breaks.some(({ node, from, to }) =>
      (node === undefined || node === own) && from < end && begin < to + FREE
    );
    if (isTaken && !isBroken) {
      const text = `${holder} was refused ${this.name} at ${Math.round(end)} ms`;
      this.#calls.push({ text, begin, end, isRead: true, apply: (state) => state === "" ? undefined : state });
      return;
    }
    // Nobody knows whether it was claimed for a while; and what is broken only knows what was taken.
    const until = end + LATEST;
    this.#optional(begin, until, (state) => state === "" ? holder : undefined);
    this.#optional(begin, until, (state) => state === holder ? "" : undefined);
  }

  #addHeld(held: Held, breaks: readonly Break[]): void {
    const { holder, begin, end } = held;
    const text = `${holder} was given ${this.name} at ${Math.round(end)} ms`;
    this.#calls.push({ text, begin, end, apply: (state) => state === "" ? holder : undefined });
    this.#addEnds(held, breaks);
  }

  #addEnds({ holder, node, begin, gone }: Held, breaks: readonly Break[]): void {
    const end = gone?.at ?? Infinity;
    const own = breaks.filter((one) => (one.node === undefined || one.node === node) && one.from <= end + FREE);
    const free = (state: string) => state === holder ? "" : undefined;
    // Those that were broken for so long that others may take what they have: it may be theirs again afterwards.
    for (const { from, to } of own) {
      if (to < begin || to - from < SOONEST) continue;
      this.#optional(Math.max(begin, from + SOONEST), to + LATEST, free);
      this.#optional(Math.max(begin, from + SOONEST), to + LATEST, (state) => state === "" ? holder : undefined);
    }
    if (gone === undefined) return;
    if (gone.why === "lost") {
      const text = `${holder} has lost ${this.name} at ${Math.round(gone.at)} ms`;
      const isOthers = (state: string) => state === holder ? undefined : state;
      this.#calls.push({ text, begin: gone.at - CLAIM_TTL, end: gone.at, isRead: true, apply: isOthers });
      return;
    }
    const isWell = gone.why === "left" && !own.some(({ to }) => to >= gone.at - LATEST);
    this.#calls.push({
      text: `${this.name} was not free ${isWell ? "soon" : "a while"} after ${holder} ${gone.why} at ${
        Math.round(gone.at)
      } ms`,
      begin: gone.why === "died" ? gone.at + SOONEST - CLAIM_TTL / 10 : gone.at,
      end: gone.at + (isWell ? FREE : LATEST),
      apply: (state) => state === holder ? "" : state,
    });
  }

  #optional(begin: number, end: number, apply: Call["apply"]): void {
    this.#calls.push({ text: "", begin, end: Math.min(end, begin + 10 * CLAIM_TTL), isOptional: true, apply });
  }
}

function nodeOf(holder: string): string {
  return holder.split("@")[1]!;
}
