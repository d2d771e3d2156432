/**
 * Clusters in the simulation whose nodes and store fail at random: so many seeds from one on.
 *
 * @module
 */

import { runCluster } from "../../lib/cluster/testing/cluster_run.ts";
import { runLinearizable } from "../cluster/linearizable_run.ts";

const [first = 1, count = 1_000, messages = 1_000, calls = 400] = Deno.args.map(Number);
let failed = 0;
for (let seed = first; seed < first + count; seed++) {
  const { violations, events } = await runCluster(seed, messages);
  const { violations: unexplained } = await runLinearizable(seed, calls);
  if (violations.length === 0 && unexplained.length === 0) continue;
  failed++;
  const wrong = [...violations, ...unexplained].join("; ");
  const lines = [`seed ${seed}: ${wrong}`, ...violations.length === 0 ? [] : events.map((event) => `  ${event}`)];
  Deno.stdout.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
}
if (failed > 0) Deno.exit(1);
