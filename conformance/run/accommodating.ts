/**
 * Finds out whether a server deviates in what every fixture needs, and with which accommodations the others can be played.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";
import type { Accommodation } from "../fixtures/accommodation.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import { TERMINAL } from "../play/client/program_wait.ts";
import type { Accommodated, Result } from "../results/verdict.ts";

/** An accommodation is tried for so long, in milliseconds, or for the deadline of a step if that is shorter. */
const TRYING = 1_000;

/** All accommodations of a gate are tried for so long, in milliseconds. */
const LONGEST = 15_000;

/** Plays a fixture with a deadline of its own for each step; once more, if `isAgain`, as if it had not been played. */
export type PlayGate = (fixture: Fixture, timeout: number, isAgain?: boolean) => Promise<Result>;

/**
 * Plays each gate, and where it fails, with one accommodation after the other, then with two of them, until it passes. Ends
 * where no accommodation opens the first gate: what needs it will be blocked.
 *
 * @param onPassed is called with each gate that needs no accommodation.
 * @param onTrying is called with each that does, before one is looked for.
 */
export async function findAccommodations(
  library: Library,
  attempt: PlayGate,
  { timeout, runtime }: { readonly timeout: number; readonly runtime: Runtime },
  onPassed: (result: Result) => void = () => {},
  onTrying: (gate: Fixture) => void = () => {},
): Promise<Accommodated[]> {
  const found: Accommodated[] = [];
  const { accommodations = [], accommodate } = library;
  if (accommodate === undefined) return found;
  const chosen = () => found.map(({ accommodation }) => accommodation);
  const gateOf = (gate: string, extra: readonly Accommodation[]) =>
    accommodate([...chosen(), ...extra], gate).find(({ name }) => name === gate);
  let isOneOpen = false;
  for (const [gate, own] of Map.groupBy(accommodations, ({ gate }) => gate)) {
    const fixture = gateOf(gate, []);
    if (fixture === undefined) continue;
    const result = await attempt(fixture, timeout);
    if (result.verdict === "pass") {
      onPassed(result);
      isOneOpen = true;
      continue;
    }
    if (result.verdict !== "fail" || result.failure?.kind === "unreachable") return found;
    // What passes the next time deviates in nothing that every fixture needs: its failure is seen when the gate has its turn.
    const again = () => attempt(fixture, Math.min(timeout, TRYING), true);
    if (hasHeard(result) && (await again()).verdict === "pass") continue;
    onTrying(fixture);
    // Whoever is far from all of this is not worth the time that all pairs take.
    const until = runtime.now() + LONGEST;
    const opening = await open(own, heardOf(result), async (extra) => {
      const accommodated = gateOf(gate, extra);
      if (accommodated === undefined || runtime.now() > until) return false;
      return (await attempt(accommodated, Math.min(timeout, TRYING), true)).verdict === "pass";
    });
    if (opening === undefined && !isOneOpen) return found;
    if (opening === undefined) continue;
    isOneOpen = true;
    found.push(...opening.map((accommodation) => ({ accommodation, result })));
  }
  return found;
}

/** What a server said whose gate has failed: nothing at all, nothing where the step has waited for it, or something else there. */
type Heard = "nothing" | "nothing there" | "something else";

/**
 * The first of them, or pair of them, that helps. Where a step has waited for what did not come, only what sends or waits otherwise
 * can help: other words for what comes do not.
 */
async function open(
  own: readonly Accommodation[],
  heard: Heard,
  helps: (extra: readonly Accommodation[]) => Promise<boolean>,
): Promise<readonly Accommodation[] | undefined> {
  const single = own.map((one) => [one]);
  const pairs = own.flatMap((one, i) =>
    own.slice(i + 1).filter(({ changes }) => changes.isDisjointFrom(one.changes)).map((other) => [one, other])
  );
  const mayHelp = (extra: readonly Accommodation[]) =>
    heard === "something else" || extra.some(({ sendsOtherwise }) => sendsOtherwise);
  const tried = [...single, ...(heard === "nothing" ? [] : pairs)].filter(mayHelp);
  for (const extra of tried) if (await helps(extra)) return extra;
  return undefined;
}

function heardOf(result: Result): Heard {
  if (!hasHeard(result)) return "nothing";
  const { kind, attempts = [], meanwhile = [] } = result.failure ?? {};
  // What has come elsewhere may be what was waited for, also where nobody listens any more.
  const events = result.wire?.events ?? [];
  const sent = events.findLastIndex((event) => event.kind === "sent");
  const isNone = kind === "timeout" && meanwhile.length === 0 && attempts.length > 0 &&
    attempts.every(({ fits, got, isClosed }) => fits === "" && got === "" && !isClosed) &&
    events.slice(sent + 1).every((event) => event.kind !== "received");
  return isNone ? "nothing there" : "something else";
}

function hasHeard({ wire }: Result): boolean {
  // What a client shows its user is no word to us.
  return wire?.events.some(({ kind, connection }) => kind === "received" && connection !== TERMINAL) ?? false;
}

/** The fixtures that were selected, as they are played with these accommodations. */
export function accommodatedFixtures(
  library: Library,
  fixtures: readonly Fixture[],
  accommodated: readonly Accommodated[],
): readonly Fixture[] {
  if (accommodated.length === 0) return fixtures;
  const all = library.accommodate!(accommodated.map(({ accommodation }) => accommodation));
  const byName = new Map(all.map((fixture) => [fixture.name, fixture]));
  return fixtures.map((fixture) => byName.get(fixture.name) ?? fixture);
}

/** What plays gates. */
export interface GateStage {
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** The clock. */
  readonly runtime: Runtime;
  /** Plays a fixture. Never throws. */
  playWith(fixture: Fixture, options: { readonly timeout: number }): Promise<Result>;
  /** Lets everybody leave, and takes a fresh server if there is one. */
  startOver(): Promise<void>;
}

/** {@linkcode findAccommodations}, behind which the server is as it was before. */
export async function accommodateTo(
  stage: GateStage,
  library: Library,
  onPassed: (result: Result) => void,
  onTrying?: (gate: Fixture) => void,
): Promise<Accommodated[]> {
  let hasFailed = false;
  const accommodated = await findAccommodations(
    library,
    async (fixture, timeout, isAgain = false) => {
      // Who has stayed may have what made the gate fail: the ID 1.
      if (isAgain && fixture.stays === true) await stage.startOver();
      const result = await stage.playWith(fixture, { timeout });
      hasFailed ||= result.verdict === "fail";
      return result;
    },
    stage,
    onPassed,
    onTrying,
  );
  if (hasFailed) await stage.startOver();
  return accommodated;
}

/** What is known of the fixtures that were selected where a run is broken off before its first round. */
export function knownOf(
  fixtures: readonly Fixture[],
  passed: readonly Result[],
  accommodated: readonly Accommodated[],
): Result[] {
  const known = [...accommodated.map(({ result }) => result), ...passed];
  return fixtures.flatMap(({ name }) => known.find(({ fixture }) => fixture.name === name) ?? []);
}
