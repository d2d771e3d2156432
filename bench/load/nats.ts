/**
 * The same exchange in NATS's text protocol: a request to a subject, and the reply to the requester's inbox.
 *
 * @module
 */

import { bodyOf, type Exchange, nameOf, type Plan } from "./plan.ts";

/** A server asks now and then whether its clients live. */
const PING = { said: "PING\r\n", reply: "PONG\r\n" };

function open(plan: Plan, subject: string): number {
  const link = plan.stream();
  // INFO, one line, comes first.
  plan.until("\r\n");
  plan.send(`CONNECT {"verbose":false,"pedantic":false}\r\nSUB ${subject} 1\r\nPING\r\n`);
  plan.expect("PONG\r\n");
  return link;
}

/** A requester with an inbox, and a subscriber who replies. */
export function openNatsPair(plan: Plan, index: number, bodySize: number): Exchange {
  const [inbox, subject] = [nameOf("a", index), nameOf("b", index)];
  const body = bodyOf(bodySize);
  return {
    sender: open(plan, inbox),
    receivers: [open(plan, subject)],
    request: `PUB ${subject} ${inbox} ${bodySize}\r\n${body}\r\n`,
    delivered: `MSG ${subject} 1 ${inbox} ${bodySize}\r\n${body}\r\n`,
    answer: `PUB ${inbox} 0\r\n\r\n`,
    confirmed: `MSG ${inbox} 1 0\r\n\r\n`,
    aside: PING,
  };
}
