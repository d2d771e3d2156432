/**
 * `deno run tests/nightly/right_servers.ts FROM COUNT`: plays right servers behind the networks of so many seeds, and prints what
 * fails.
 *
 * @module
 */

import { playRightServers } from "../simulation/right_servers.ts";

const encoder = new TextEncoder();

/** Says a line. */
function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

const [from = 0, count = 1] = Deno.args.map(Number);
let failed = 0;
for (let seed = from; seed < from + count; seed++) {
  const faults = await playRightServers(seed);
  for (const fault of faults) say(fault);
  if (faults.length > 0) failed++;
}
say(`${count - failed} of ${count} seeds are green`);
Deno.exit(failed === 0 ? 0 : 1);
