/**
 * What follows on the time in which users act: answers are waited for, for as long as there are some to come.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";
import { sleep } from "../play/sleep.ts";
import type { Recorder } from "./recorder.ts";
import type { StressedClient } from "./stressed_client.ts";

/** Where nobody says what has arrived, it is over when so long nothing has, in milliseconds. */
const QUIET = 500;
/** A server that still answers behind so many times what an answer may take has more to do than can be waited for. */
const LONGEST = 20;
/** It is looked so often, in milliseconds. */
const LOOKS = 20;

/** How long is waited. */
export interface SettlingOptions {
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** Ends it early. */
  readonly interrupted?: AbortSignal | undefined;
}

/**
 * Waits for answers, or, where there are none, until nothing arrives any more.
 *
 * @returns Whether it is over: what has not come by now does not come. If not, the server has so much to do that it still answers.
 */
export async function settle(
  recorder: Recorder,
  clients: readonly (StressedClient | undefined)[],
  runtime: Runtime,
  { timeout, interrupted }: SettlingOptions,
): Promise<boolean> {
  const started = recorder.elapsed;
  let [arrived, open, quietSince, goingSince] = [-1, -1, started, started];
  while (!interrupted?.aborted) {
    const now = recorder.elapsed;
    if (arrived !== recorder.arrivals.length) quietSince = goingSince = now;
    const left = openOperations(recorder, clients);
    // Whoever has many to answer is not done as soon as others.
    if (left !== open) goingSince = now;
    [arrived, open] = [recorder.arrivals.length, left];
    const isQuiet = recorder.hasAcknowledgements || now - quietSince >= QUIET;
    if (left === 0 && isQuiet && !isNobodyIn(recorder)) return true;
    if (now - goingSince >= 2 * timeout) return true;
    if (now - started >= LONGEST * timeout) return false;
    await sleep(runtime, LOOKS);
  }
  return false;
}

/** What users who are there, or come, wait for. */
function openOperations({ claims, lives }: Recorder, clients: readonly (StressedClient | undefined)[]): number {
  const sent = clients.reduce((sum, client) => sum + (client?.isThere ? client.outstanding : 0), 0);
  return sent + claims.filter(({ end, life }) => end === undefined && lives[life]!.parting === undefined).length;
}

/** Whether somebody is on the way still, and nobody was ever there: whether the server lets anybody in is to be seen. */
function isNobodyIn({ lives }: Recorder): boolean {
  return lives.every(({ held }) => held === undefined) &&
    lives.some(({ parting, gone }) => (parting ?? gone) === undefined);
}
