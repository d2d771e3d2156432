/**
 * What the load generator says of a run, and how quiet the machine was.
 *
 * @module
 */

import { middle } from "./figures.ts";

/** What was measured in one run, as the load generator prints it. Times of processors are in seconds. */
export interface Measured {
  /** How long messages were counted. */
  readonly seconds: number;
  /** How many were confirmed meanwhile. */
  readonly messages: number;
  /** Half of the messages were confirmed within this, in microseconds. */
  readonly p50: number;
  /** All but one in a hundred were confirmed within this, in microseconds. */
  readonly p99: number;
  /** Processor time of the server. */
  readonly server: number;
  /** Processor time of the load generator. */
  readonly generator: number;
  /** Processor time of all others on this machine. */
  readonly others: number;
  /** What the machine's host has given to others. */
  readonly stolen: number;
}

/** The share of the machine's processor time that others may have before figures are worth nothing. */
const QUIET = 0.05;

/** How much of the machine others had in some runs. */
export interface Noise {
  /** In words. */
  readonly text: string;
  /** Whether so much that the figures are worth nothing. */
  readonly isBusy: boolean;
}

/** How much of the machine others had: processes besides the server and the load generator, and other machines of the host. */
export function noiseOf(runs: readonly Measured[], cores: number): Noise {
  const percent = (share: number) => `${(share * 100).toFixed(1)}%`;
  const shares = (of: (run: Measured) => number) => runs.map((run) => of(run) / (run.seconds * cores));
  const [others, stolen] = [shares((run) => run.others), shares((run) => run.stolen)];
  const all = shares((run) => run.others + run.stolen);
  const isBusy = middle(all).median > QUIET;
  const words = `other processes had ${percent(middle(others).median)} of the machine's processor time ` +
    `(${percent(Math.max(...others))} at most), other machines on its host ${percent(middle(stolen).median)}`;
  return {
    text: isBusy
      ? `**The machine was busy, these figures are worth nothing**: ${words}.`
      : `A quiet machine: ${words}.`,
    isBusy,
  };
}
