/**
 * The exchange without a protocol, in datagrams: as many bytes as group's, through a server that only passes them on.
 *
 * @module
 */

import { type DatagramPair, Mailbox } from "./datagrams.ts";
import { bytesOf, nameOf } from "./exchange.ts";

/** How long group's datagrams are without the message: a request, and an acknowledgement. */
const [REQUEST_FIELDS, ANSWER_FIELDS] = [120, 90];

/** Two ports with the same key, which the datagram relay joins. */
export async function openRawDatagramPair(port: number, index: number, bodySize: number): Promise<DatagramPair> {
  const key = bytesOf(nameOf("k", index));
  const [sender, receiver] = [new Mailbox(port), new Mailbox(port)];
  sender.send(key);
  await sender.until((datagram) => datagram.length === 1);
  receiver.send(key);
  await receiver.until((datagram) => datagram.length === 1);
  const request = bytesOf("m".repeat(REQUEST_FIELDS + bodySize));
  const answer = bytesOf("r".repeat(ANSWER_FIELDS + bodySize));
  return {
    sender,
    receiver,
    request: () => request,
    answer: (datagram) => datagram.length === request.length ? answer : undefined,
    isConfirmation: (datagram) => datagram.length === answer.length,
  };
}
