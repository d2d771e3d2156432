/**
 * group's exchange over UDP: `send_group` in a group of two, the datagram that the other member gets, its
 * acknowledgement, and the server's.
 *
 * @module
 */

import {
  decodeAnswer,
  encodeAcknowledgement,
  encodeRequest,
  type Request,
} from "../../../lib/dialects/group/messages.ts";
import { created, entered, groupMessage, MESSAGE_RECEIVED, WELCOME } from "../../../lib/dialects/group/texts.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, nameOf, oneByOne } from "../exchange.ts";
import { type DatagramPair, Mailbox } from "../datagrams.ts";

/** Asks, and waits for the acknowledgement; the tables that come meanwhile are nobody's business here. */
async function ask(client: Mailbox, request: Request, text: string): Promise<void> {
  client.send(encodeRequest(request));
  await client.until((datagram) => {
    const answer = decodeAnswer(datagram);
    if (typeof answer === "string" || answer.verb === "update") return false;
    if (answer.verb === "ack" && answer.message === text) return true;
    throw new Error(`expected ${text}, got ${JSON.stringify(answer)}`);
  });
}

async function register(port: number, user: string): Promise<Mailbox> {
  const client = new Mailbox(port);
  await ask(client, { verb: "register", user, ip: "127.0.0.1", port: client.port }, WELCOME);
  return client;
}

/** Two members of a group, of whom one sends. A body is at least as long as its number. */
async function openGroupPair(port: number, index: number, bodySize: number): Promise<DatagramPair> {
  const [user, other, group] = [nameOf("a", index), nameOf("b", index), nameOf("g", index)];
  const [sender, receiver] = [await register(port, user), await register(port, other)];
  await ask(sender, { verb: "create_group", port: sender.port, group, user }, created(group));
  await ask(sender, { verb: "join_group", port: sender.port, group, user }, entered(group));
  await ask(receiver, { verb: "join_group", port: receiver.port, group, user: other }, entered(group));
  // Each message is another one: the same one again would be taken for a repetition.
  const bodyNumber = (n: number) => `${n} ${bodyOf(bodySize)}`.slice(0, bodySize);
  const isAck = (datagram: Uint8Array) => {
    const answer = decodeAnswer(datagram);
    return typeof answer !== "string" && answer.verb === "ack" && answer.message === MESSAGE_RECEIVED;
  };
  return {
    sender,
    receiver,
    request: (n) => {
      const server = { serverIp: "127.0.0.1", serverPort: port };
      return encodeRequest({ verb: "send_group", user, port: sender.port, message: bodyNumber(n), ...server, group });
    },
    answer: (datagram, n) => {
      const told = decodeAnswer(datagram);
      if (typeof told === "string" || told.verb !== "send_group") return undefined;
      if (told.message !== groupMessage(user, bodyNumber(n))) throw new Error(`message ${n} came as ${told.message}`);
      return encodeAcknowledgement(told.message, receiver.port);
    },
    isConfirmation: isAck,
  };
}

/** How group is put under load. */
export const LOAD: DialectLoad = {
  what:
    "50 groups of two over UDP, `send_group` of 64 bytes, 1 in flight each, acknowledged by the other member and by the " +
    "server, against a relay that passes a datagram on each way; the load generator reads and writes every field of group's " +
    "with our own codec, which costs it more than the raw datagrams do",
  datagrams: oneByOne(openGroupPair),
};
