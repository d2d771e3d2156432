/**
 * Clusters in the simulation whose nodes and store fail at random: so many seeds from one on.
 *
 * @module
 */

import { runCluster } from "../../lib/cluster/testing/cluster_run.ts";

const [first = 1, count = 1_000, messages = 1_000] = Deno.args.map(Number);
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const { violations, events } = await runCluster(seed, messages);
  if (violations.length === 0) continue;
  failed++;
  const lines = [`seed ${seed}: ${violations.join("; ")}`, ...events.map((event) => `  ${event}`)];
  Deno.stdout.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
}
if (failed > 0) Deno.exit(1);
