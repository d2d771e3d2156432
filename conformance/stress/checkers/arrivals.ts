/**
 * What arrived: whole, once, and in order.
 *
 * @module
 */

import { Memberships } from "./memberships.ts";
import { isAstray } from "../presence.ts";
import { type Arrival, type Finding, lifeText, type OperationHistory, type Sending, sendingText } from "../history.ts";

/** Whatever arrives was sent, whole, by the one it names, to the one who got it, or to all. */
export function checkWhole(history: OperationHistory): Finding[] {
  const memberships = new Memberships(history);
  return history.arrivals.flatMap((arrival) => {
    const wrong = whatIsWrong(arrival, history, memberships);
    if (wrong === undefined) return [];
    const { life, at, sending } = arrival;
    const text = `${lifeText(history.lives[life]!)} got ${wrong}`;
    return [{ clause: "concurrent-whole", text, at, lives: [life], sendings: sending === undefined ? [] : [sending] }];
  });
}

function whatIsWrong(
  { garbled, sending: id, from, life: at, at: moment }: Arrival,
  history: OperationHistory,
  memberships: Memberships,
): string | undefined {
  if (id === undefined) return `what nobody has sent: ${garbled}`;
  const sending = history.sendings[id];
  if (sending === undefined) return `message ${id}, which nobody has sent`;
  const { life, to, group, begin } = sending;
  const [sender, recipient] = [history.lives[life]!, history.lives[at]!];
  const what = sendingText(sending, history);
  if (sender.name !== from) return `${what}, as if it were from ${from}`;
  if (to !== undefined && to !== recipient.name) return what;
  if (group !== undefined && !memberships.isPossible(group, recipient, begin, moment)) {
    return `${what}, and is not in that group`;
  }
  return undefined;
}

/** Nothing arrives twice. */
export function checkOnce(history: OperationHistory): Finding[] {
  const seen = new Set<string>();
  return history.arrivals.flatMap(({ life, at, sending }) => {
    if (sending === undefined) return [];
    // Under the same name again, it is the same recipient.
    const { user, name } = history.lives[life]!;
    const key = `${user} ${name} ${sending}`;
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const what = history.sendings[sending];
    // It was sent twice, or a datagram was doubled: that is not the server's doing.
    const isOurs = what !== undefined && (what.isRepeated === true ||
      [life, what.life].some((id) => isAstray(history.lives[id]!, what.begin, at, history)));
    if (isOurs) return [];
    const text = `${lifeText(history.lives[life]!)} got ${what ? sendingText(what, history) : sending} more than once`;
    return [{ clause: "concurrent-once", text, at, lives: [life], sendings: [sending] }];
  });
}

/** What one sends to another arrives in the order in which it was sent. */
export function checkOrder(history: OperationHistory): Finding[] {
  const last = new Map<string, Sending>();
  return history.arrivals.flatMap(({ life, at, sending: id }) => {
    const sending = id === undefined ? undefined : history.sendings[id];
    if (sending === undefined) return [];
    const key = `${sending.life} ${life}`;
    const before = last.get(key);
    if (before === undefined || before.begin <= sending.begin) {
      last.set(key, sending);
      return [];
    }
    if ([life, sending.life].some((id) => isAstray(history.lives[id]!, sending.begin, at, history))) return [];
    const text =
      `${lifeText(history.lives[life]!)} got ${sendingText(sending, history)} behind message ${before.id}, ` +
      "which was sent later";
    return [{ clause: "concurrent-order", text, at, lives: [life], sendings: [sending.id, before.id] }];
  });
}
