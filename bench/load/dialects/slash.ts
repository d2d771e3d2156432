/**
 * slash's exchange: `/dm`, the line that its recipient gets, and the server's word that it was delivered.
 *
 * @module
 */

import { DELIVERED } from "../../../lib/core/outcome.ts";
import { GREETING, outcomeWords } from "../../../lib/dialects/slash/words.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, type Exchange, nameOf, type Plan } from "../plan.ts";

function enter(plan: Plan, alias: string): number {
  const link = plan.stream();
  plan.until(`${GREETING}\n`);
  plan.send(`${alias}\n`);
  plan.until("/help shows the commands.\n");
  return link;
}

/** So many pairs of users, of whom one sends to the other. */
function openSlashPairs(plan: Plan, count: number, bodySize: number): readonly Exchange[] {
  const body = bodyOf(bodySize);
  const pairs = Array.from({ length: count }, (_, i) => {
    const [from, to] = [nameOf("a", i), nameOf("b", i)];
    return {
      sender: enter(plan, from),
      receivers: [enter(plan, to)],
      request: `/dm ${to} ${body}\n`,
      delivered: `${from} to you: ${body}\n`,
      answer: "",
      confirmed: `${outcomeWords(to, DELIVERED)}\n`,
    };
  });
  // Everybody is told of all who came later, and the last of all of nobody.
  const links = pairs.flatMap(({ sender, receivers }) => [sender, ...receivers]);
  for (const link of links.slice(0, -1)) {
    plan.on(link);
    plan.until(`* ${nameOf("b", count - 1)} has joined.\n`);
  }
  return pairs;
}

/** How slash is put under load. */
export const LOAD: DialectLoad = {
  what:
    "50 pairs, `/dm` of 64 bytes, 1 in flight each, confirmed by the server's line without an answer of the recipient",
  pairs: openSlashPairs,
};
