/**
 * group's exchange over UDP: `send_group` in a group of two, the datagram that the other member gets, its
 * acknowledgement, and the server's.
 *
 * @module
 */

import {
  encodeAcknowledgement,
  encodeAnswer,
  encodeRequest,
  type Request,
} from "../../../lib/dialects/group/messages.ts";
import { created, entered, groupMessage, MESSAGE_RECEIVED, WELCOME } from "../../../lib/dialects/group/texts.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, type Exchange, nameOf, type Plan } from "../plan.ts";
import { freePorts } from "../raw_datagrams.ts";

/** Asks, and waits for the acknowledgement; the tables that come meanwhile are nobody's business here. */
function ask(plan: Plan, request: Request, text: string): void {
  plan.send(encodeRequest(request));
  plan.until(encodeAnswer({ verb: "ack", message: text }));
}

/** Somebody registered, with a port of its own. */
interface Client {
  readonly link: number;
  readonly user: string;
  readonly port: number;
}

function register(plan: Plan, user: string, port: number): Client {
  const link = plan.datagrams(port);
  ask(plan, { verb: "register", user, ip: "127.0.0.1", port }, WELCOME);
  return { link, user, port };
}

/** Two members of a group, of whom one sends. */
function openGroupPair(
  plan: Plan,
  index: number,
  bodySize: number,
  server: number,
  ports: readonly number[],
): Exchange {
  const sender = register(plan, nameOf("a", index), ports[2 * index]!);
  const receiver = register(plan, nameOf("b", index), ports[2 * index + 1]!);
  const group = nameOf("g", index);
  plan.on(sender.link);
  ask(plan, { verb: "create_group", port: sender.port, group, user: sender.user }, created(group));
  for (const { link, port, user } of [sender, receiver]) {
    plan.on(link);
    ask(plan, { verb: "join_group", port, group, user }, entered(group));
  }
  // Each message is another one: the same one again would be taken for a repetition.
  const message = `NUMBER ${bodyOf(bodySize)}`.slice(0, bodySize);
  const told = groupMessage(sender.user, message);
  const address = { serverIp: "127.0.0.1", serverPort: server };
  return {
    sender: sender.link,
    receivers: [receiver.link],
    request: encodeRequest({ verb: "send_group", user: sender.user, port: sender.port, message, ...address, group }),
    delivered: encodeAnswer({ verb: "send_group", message: told, ...address }),
    answer: encodeAcknowledgement(told, receiver.port),
    confirmed: encodeAnswer({ verb: "ack", message: MESSAGE_RECEIVED }),
  };
}

/** How group is put under load. */
export const LOAD: DialectLoad = {
  what:
    "50 groups of two over UDP, `send_group` of 64 bytes, 1 in flight each, acknowledged by the other member and by the " +
    "server, against a relay that passes a datagram on each way",
  datagrams: (plan, count, bodySize, port) => {
    const ports = freePorts(2 * count);
    return Array.from({ length: count }, (_, index) => openGroupPair(plan, index, bodySize, port, ports));
  },
};
