/**
 * A whole run against a scripted server in memory, in virtual time.
 *
 * @module
 */

import { ChatError } from "../../../lib/core/error.ts";
import type { Runtime } from "../../../lib/core/runtime.ts";
import { linkPair } from "../../../lib/simulation/connection.ts";
import { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { type Clauses, readClauses } from "../../fixtures/clauses.ts";
import { EMPTY_PRELUDE, type Fixture, readFixture } from "../../fixtures/fixture.ts";
import { type Script, serveCaller } from "../../play/testing/scripted_server.ts";
import type { TargetRun } from "../../results/verdict.ts";
import { runTarget } from "../run.ts";
import type { RunOptions } from "../run_options.ts";

/** A run, and what is around it. */
export interface SimulatedRun extends Partial<RunOptions> {
  /** What the server does. */
  readonly script: Script | ((runtime: VirtualTime) => Script);
  /** How many connections this side may have at a time; any number by default. */
  readonly descriptors?: number;
  /** How many times as long as planned this side's timers take; once, unless the machine is busy. */
  readonly slowness?: number;
}

/** Fixtures from their texts, whose clauses they name: each `demo/…` is a must. */
export function fixturesOf(texts: Readonly<Record<string, string>>): { clauses: Clauses; fixtures: Fixture[] } {
  const slugs = new Set(Object.values(texts).map((text) => /^clause: (\S+)$/m.exec(text)![1]!));
  const clauses = readClauses([...slugs].map((slug) => `${slug} must ${slug}`).join("\n"), "clauses.txt");
  const fixtures = Object.entries(texts).flatMap(([name, text]) =>
    readFixture(text, `${name}.chat`, name, EMPTY_PRELUDE, clauses)
  );
  return { clauses, fixtures };
}

/** Plays them, and gives the run. */
export async function simulateRun(
  texts: Readonly<Record<string, string>>,
  { script, descriptors = Infinity, slowness = 1, ...options }: SimulatedRun,
): Promise<TargetRun> {
  const { clauses, fixtures } = fixturesOf(texts);
  const runtime = new VirtualTime(1);
  const does = typeof script === "function" ? script(runtime) : script;
  let [open, callers] = [0, 0];
  const connect = () => {
    if (open >= descriptors) return Promise.reject(new ChatError("shortage", "no file descriptors left"));
    open++;
    const onClosed = () => void open--;
    const [near, far] = linkPair({ lingerTimeout: 100, runtime });
    serveCaller(callers++, far, { ...does, left: (caller) => (onClosed(), does.left?.(caller)) });
    return Promise.resolve(near);
  };
  const openPortTo = () => Promise.reject(new TypeError("this test opens no ports"));
  const library = { dialect: "demo", clauses, fixtures };
  const target = { dialect: "demo", hostname: "127.0.0.1", port: 1 };
  const slow: Runtime = {
    now: () => runtime.now(),
    wallClock: () => runtime.wallClock(),
    after: (delay, callback) => runtime.after(delay * slowness, callback),
    every: (interval, callback) => runtime.every(interval * slowness, callback),
    nextTurn: (callback) => runtime.nextTurn(callback),
    random: () => runtime.random(),
  };
  const surroundings = { runtime: slow, connect, openPortTo, isLossy: () => false };
  return await runtime.run(() =>
    runTarget(target, library, fixtures, { timeout: 5_000, jobs: 8, onResult: () => {}, ...options, surroundings })
  );
}
