/**
 * `deno task patterns [CLAUSE...]`: plays all fixtures against each wrong server, or against those that break one of these
 * clauses (globs, such as `relay/send-*`), and writes how it fails.
 *
 * @module
 */

import { dialectOf } from "../clauses.ts";
import type { Pattern } from "../diagnose.ts";
import { type Library, loadLibrary } from "../fixtures.ts";
import { type Cast, CASTS } from "../mutants/casts.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { loadPatterns, patternsFile, printPatterns } from "../mutants/patterns.ts";
import { isSame, type Signature, signatureOf } from "../mutants/signature.ts";
import { select } from "../select.ts";
import type { Result } from "../verdict.ts";
import { play } from "./play.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * How many servers are tried at a time: most of it is waiting, but what is to arrive in two pieces must not arrive in one
 * because we are busy.
 */
const AT_A_TIME = 8;
/** How often what fails or should is played again, and how often more where the same does not come of it each time. */
const USUAL_RUNS = 1;
const MORE_RUNS = 3;
/** Time enough even for a busy machine, in milliseconds. */
const PATIENCE = { timeout: 1_000, ackTimeout: 2_000 };

async function write(cast: Cast, globs: readonly string[], turnstile: Turnstile): Promise<void> {
  const library = await loadLibrary(cast.dialect, { dirs: [], embedded: true });
  const clauses = new Set(select(library.fixtures, globs).map(({ clause }) => clause.slug));
  const known = await loadPatterns(cast.dialect);
  const patterns = await Promise.all(cast.mutants.map(async (mutant) => {
    const isAsked = globs.length === 0 || clauses.has(mutant.clause);
    const old = known.find(({ clause, words }) => clause === mutant.clause && words === mutant.words);
    if (!isAsked) return old ?? [];
    const pattern = await turnstile.pass(() => patternOf(mutant, library));
    say(`${pattern.failures.size} of ${library.fixtures.length}  ${mutant.clause}: ${mutant.words}`);
    return pattern;
  }));
  await Deno.writeTextFile(patternsFile(cast.dialect), printPatterns(patterns.flat()));
}

/** What fails more often than not does not fail by accident, though it may fail in several ways. */
async function patternOf(mutant: Mutant, library: Library): Promise<Pattern> {
  const { clause, words } = mutant;
  const first = signaturesOf(await play(mutant, library, library.fixtures, PATIENCE));
  const telling = library.fixtures.filter((fixture) => first.get(fixture.name) || fixture.clause.slug === clause);
  const runs = [first];
  const again = async () => void runs.push(signaturesOf(await play(mutant, library, telling, PATIENCE)));
  for (let i = 0; i < USUAL_RUNS; i++) await again();
  if (runs.some((run) => !isAlike(run, first))) { for (let i = 0; i < MORE_RUNS; i++) await again(); }
  const failures = new Map<string, Signature[]>();
  const unsteady = new Set<string>();
  for (const { name } of telling) {
    const outcomes = runs.flatMap((run) => run.has(name) ? [run.get(name)] : []);
    const failed = outcomes.filter((signature) => signature !== undefined);
    if (failed.length <= outcomes.length / 2) continue;
    failures.set(name, distinct(failed));
    if (failed.length < outcomes.length) unsteady.add(name);
  }
  return { clause, words, failures, ...(unsteady.size === 0 ? {} : { unsteady }) };
}

/** How fixtures failed, by their names; nothing for those that were passed. What was blocked says nothing. */
function signaturesOf(results: readonly Result[]): Map<string, Signature | undefined> {
  const played = results.filter(({ verdict }) => verdict === "fail" || verdict === "pass");
  return new Map(played.map(({ fixture: { name }, failure }) => [name, failure && signatureOf(failure)]));
}

/** Whether the fixtures of one run failed in the other in the same way. */
function isAlike(one: ReadonlyMap<string, Signature | undefined>, other: typeof one): boolean {
  return [...one].every(([name, signature]) => {
    const another = other.get(name);
    return signature === undefined || another === undefined ? signature === another : isSame(signature, another);
  });
}

function distinct(signatures: readonly Signature[]): Signature[] {
  const sorted = signatures.toSorted((a, b) => `${a.where} ${a.what}` < `${b.where} ${b.what}` ? -1 : 1);
  return sorted.filter((one, i) => sorted.findIndex((other) => isSame(one, other)) === i);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  const turnstile = new Turnstile(AT_A_TIME);
  await Promise.all(CASTS.map(async (cast) => {
    const globs = Deno.args.filter((glob) => dialectOf(glob) === cast.dialect);
    if (Deno.args.length === 0 || globs.length > 0) await write(cast, globs, turnstile);
  }));
}
