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
import { type Signature, signatureOf } from "../mutants/signature.ts";
import { select } from "../select.ts";
import type { Result } from "../verdict.ts";
import { play } from "./play.ts";
import { Turnstile } from "./turnstile.ts";

/**
 * How many servers are tried at a time: few, since what is to arrive in two pieces must not arrive in one because we are
 * busy, and more where fixtures are played one by one, which is mostly waiting.
 */
const AT_A_TIME = 3;
const AT_A_TIME_ALONE = 12;
/** How often each is tried, and how often more where it does not fail in the same way each time. */
const USUAL_RUNS = 2;
const MORE_RUNS = 3;
/** Time enough even for a busy machine, in milliseconds. */
const PATIENCE = { timeout: 1_000, ackTimeout: 2_000 };

async function write(cast: Cast, globs: readonly string[]): Promise<void> {
  const library = await loadLibrary(cast.dialect, { dirs: [], embedded: true });
  const clauses = new Set(select(library.fixtures, globs).map(({ clause }) => clause.slug));
  const known = await loadPatterns(cast.dialect);
  const turnstile = new Turnstile(library.fixtures.every(({ alone }) => alone) ? AT_A_TIME_ALONE : AT_A_TIME);
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

/** What fails each time does not fail by accident, though it may fail in several ways. */
async function patternOf(mutant: Mutant, library: Library): Promise<Pattern> {
  const runs: Map<string, Signature>[] = [];
  const again = async () => void runs.push(signaturesOf(await play(mutant, library, library.fixtures, PATIENCE)));
  for (let i = 0; i < USUAL_RUNS; i++) await again();
  if (!isAlike(runs[0]!, runs[1]!)) { for (let i = 0; i < MORE_RUNS; i++) await again(); }
  const failures = new Map<string, Signature[]>();
  for (const name of runs[0]!.keys()) {
    const signatures = runs.flatMap((run) => run.get(name) ?? []);
    if (signatures.length === runs.length) failures.set(name, distinct(signatures));
  }
  const { clause, words } = mutant;
  return { clause, words, failures };
}

function signaturesOf(results: readonly Result[]): Map<string, Signature> {
  return new Map(results.flatMap(({ fixture: { name }, failure }) => failure ? [[name, signatureOf(failure)]] : []));
}

function isAlike(one: ReadonlyMap<string, Signature>, other: ReadonlyMap<string, Signature>): boolean {
  return one.size === other.size && [...one].every(([name, signature]) => isSame(signature, other.get(name)));
}

function isSame(one: Signature, other: Signature | undefined): boolean {
  return one.where === other?.where && one.what === other.what;
}

function distinct(signatures: readonly Signature[]): Signature[] {
  return signatures.filter((one, i) => signatures.findIndex((other) => isSame(one, other)) === i);
}

function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  for (const cast of CASTS) {
    const globs = Deno.args.filter((glob) => dialectOf(glob) === cast.dialect);
    if (Deno.args.length === 0 || globs.length > 0) await write(cast, globs);
  }
}
