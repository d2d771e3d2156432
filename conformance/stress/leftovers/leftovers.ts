/**
 * What a server keeps when all have left: threads, descriptors, processes; and whether it spins.
 *
 * @module
 */

import type { Runtime } from "../../../lib/core/runtime.ts";
import { sleep } from "../../play/sleep.ts";
import type { ProcessFigures } from "../../run/server/process_figures.ts";

/** A server may take so long to clean up, in milliseconds. */
const CLEANING = 3_000;
/** It is asked so often meanwhile, in milliseconds. */
const LOOKS = 250;
/** Its processor time is watched for so long, in milliseconds. */
const WATCHED = 1_500;
/** Who takes this share of a processor while nobody is there spins. */
const SPINS = 0.3;
/** A pool of threads, or of connections, may stay, as large as there were connections at a time, and so many more. */
const SPARE = 16;
/** The connections of a user, and those of one who goes while it comes back. */
const CONNECTIONS = 4;

/** A server before many clients came, and when all had left. */
export interface Leftovers {
  /** Before. */
  readonly before: ProcessFigures;
  /** Afterwards. */
  readonly after: ProcessFigures;
  /** The share of a processor that it took while nobody was there. */
  readonly idle: number;
}

/** Watches a server that all have left. Gives nothing where the system does not tell, or the server is gone. */
export async function watchLeftovers(
  before: ProcessFigures | undefined,
  users: number,
  runtime: Runtime,
  figures: () => Promise<ProcessFigures | undefined>,
): Promise<Leftovers | undefined> {
  const first = await figures();
  if (before === undefined || first === undefined) return undefined;
  const until = runtime.now() + CLEANING;
  let after: ProcessFigures = first;
  while (keptText({ before, after, idle: 0 }, users) !== undefined && runtime.now() < until) {
    await sleep(runtime, LOOKS);
    const next = await figures();
    if (next === undefined) return undefined;
    after = next;
  }
  const since = runtime.now();
  await sleep(runtime, WATCHED);
  const last = await figures();
  if (last === undefined) return undefined;
  const taken = last.processorTime - after.processorTime;
  return { before, after: last, idle: taken / ((runtime.now() - since) / 1000) };
}

/** What is wrong, with figures; nothing if a pool that stays is all that it may be. */
export function keptText({ before, after, idle }: Leftovers, users: number): string | undefined {
  const most = CONNECTIONS * users + SPARE;
  const kept = (["threads", "descriptors", "processes"] as const).filter((what) => after[what] - before[what] > most);
  const parts = kept.map((what) => `${after[what]} ${what}, ${before[what]} before`);
  if (idle > SPINS) parts.push(`${Math.round(idle * 100)}% of a processor, though nobody is there`);
  return parts.length === 0 ? undefined : `when all have left, the server still takes ${parts.join("; ")}`;
}

/** All figures, a line each. */
export function figuresText({ before, after, idle }: Leftovers): string[] {
  const line = (what: keyof ProcessFigures, name: string = what, unit = "") =>
    `${name}: ${before[what]}${unit} before, ${after[what]}${unit} after`;
  return [
    line("threads"),
    line("descriptors"),
    line("processes"),
    line("memory", "resident memory", " KiB"),
    `processor time while idle: ${Math.round(idle * 100)}% of one processor`,
  ];
}
