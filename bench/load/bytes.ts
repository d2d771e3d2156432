/**
 * The exchange without a protocol: as many bytes as relay's, through a server that only copies them across.
 *
 * @module
 */

import { type Exchange, nameOf, type Plan } from "./plan.ts";

/** Two connections with the same key, which the byte relay joins. */
export function openBytesPair(plan: Plan, index: number, bodySize: number): Exchange {
  const key = nameOf("k", index);
  const sender = plan.stream();
  plan.send(key);
  const receiver = plan.stream();
  plan.send(key);
  plan.expect("+");
  plan.on(sender);
  plan.expect("+");
  // As long as relay's messages are: SEND and FORWARD one way, RECEIVED and SENT the other.
  const message = "m".repeat(`SEND ${key}\nContent-length: ${bodySize}\n\n`.length + bodySize);
  const answer = "r".repeat(`RECEIVED ${key}\n\n`.length);
  return { sender, receivers: [receiver], request: message, delivered: message, answer, confirmed: answer };
}
