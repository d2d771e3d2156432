/**
 * relay's exchange: SEND, FORWARD, RECEIVED, SENT.
 *
 * @module
 */

import { type DialectLoad, oneByOne } from "../dialect_load.ts";
import { bodyOf, type Exchange, nameOf, type Plan } from "../plan.ts";

/** A registered user's two connections. */
export interface RelayUser {
  /** Its TOSEND socket. */
  readonly out: number;
  /** Its TORECV socket. */
  readonly in: number;
}

/** Connects and registers a user. */
export function openRelayUser(plan: Plan, name: string): RelayUser {
  const [tosend, torecv] = [plan.stream(), plan.stream()];
  for (const [link, side] of [[tosend, "TOSEND"], [torecv, "TORECV"]] as const) {
    plan.on(link);
    plan.send(`REGISTER ${side} ${name}\n\n`);
    plan.expect(`REGISTERED ${side} ${name}\n\n`);
  }
  return { out: tosend, in: torecv };
}

/** What one user and those to whom it sends say to each other, where `to` is one of them or all. */
export function relayExchange(
  from: string,
  sender: RelayUser,
  to: string,
  receivers: readonly RelayUser[],
  bodySize: number,
): Exchange {
  const content = `Content-length: ${bodySize}\n\n${bodyOf(bodySize)}`;
  return {
    sender: sender.out,
    receivers: receivers.map((receiver) => receiver.in),
    request: `SEND ${to}\n${content}`,
    delivered: `FORWARD ${from}\n${content}`,
    answer: `RECEIVED ${from}\n\n`,
    confirmed: `SENT ${to}\n\n`,
  };
}

/** Two users, of whom one sends to the other. */
function openRelayPair(plan: Plan, index: number, bodySize: number): Exchange {
  const [from, to] = [nameOf("a", index), nameOf("b", index)];
  const sender = openRelayUser(plan, from);
  return relayExchange(from, sender, to, [openRelayUser(plan, to)], bodySize);
}

/** One user, and so many others who get its broadcasts. */
function openRelayAudience(plan: Plan, recipients: number, bodySize: number): Exchange {
  const from = nameOf("a", 0);
  const sender = openRelayUser(plan, from);
  const others = Array.from({ length: recipients }, (_, index) => openRelayUser(plan, nameOf("b", index)));
  return relayExchange(from, sender, "ALL", others, bodySize);
}

/** How relay is put under load. */
export const LOAD: DialectLoad = {
  pairs: oneByOne(openRelayPair),
  audience: openRelayAudience,
};
