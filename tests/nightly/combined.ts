/**
 * `deno run tests/nightly/combined.ts FROM COUNT`: plays so many servers that are wrong in one to four ways at random, and prints what
 * their reports get wrong, and the shares.
 *
 * @module
 */

import { Combinations } from "../../conformance/self_test/combined.ts";
import { Chance } from "../../lib/simulation/chance.ts";

const encoder = new TextEncoder();

/** Says a line. */
function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** So many first sentences must be about what is wrong. */
const RIGHT_FIRST = 0.95;

const [from = 0, count = 1] = Deno.args.map(Number);
const combinations = new Combinations();
const counts = { missed: 0, blamed: 0, misled: 0 };
for (let seed = from; seed < from + count; seed++) {
  const { wrong, missed, blamed, misled } = await combinations.attempt(new Chance(seed));
  if (missed.length > 0) counts.missed++;
  if (blamed.length > 0) counts.blamed++;
  if (misled !== undefined) counts.misled++;
  if (missed.length + blamed.length === 0 && misled === undefined) continue;
  say(`seed ${seed}: ${wrong.join(" + ")}`);
  for (const slug of missed) say(`  missed: ${slug}`);
  for (const slug of blamed) say(`  blamed: ${slug}`);
  if (misled !== undefined) say(`  first: ${misled}`);
}

const { missed, blamed, misled } = counts;
say(
  `${count} servers: all broken clauses named of ${count - missed}, no other of ${
    count - blamed
  }, first sentence true of ${count - misled}`,
);
Deno.exit(missed + blamed === 0 && misled <= (1 - RIGHT_FIRST) * count ? 0 : 1);
