/**
 * The same exchange in NATS's text protocol: a request to a subject, and the reply to the requester's inbox.
 *
 * @module
 */

import { type Aside, bodyOf, bytesOf, dial, expect, nameOf, type Pair, writeAll } from "./exchange.ts";

/** A server asks now and then whether its clients live. */
const PING: Aside = { said: bytesOf("PING\r\n"), answer: bytesOf("PONG\r\n") };

async function open(port: number, subject: string): Promise<Deno.TcpConn> {
  const connection = await dial(port);
  // INFO, one line, comes first.
  await connection.read(new Uint8Array(4096));
  await writeAll(connection, `CONNECT {"verbose":false,"pedantic":false}\r\nSUB ${subject} 1\r\nPING\r\n`);
  await expect(connection, "PONG\r\n");
  return connection;
}

/** A requester with an inbox, and a subscriber who replies. */
export async function openNatsPair(port: number, index: number, bodySize: number): Promise<Pair> {
  const [inbox, subject] = [nameOf("a", index), nameOf("b", index)];
  const [sender, receiver] = [await open(port, inbox), await open(port, subject)];
  const body = bodyOf(bodySize);
  return {
    sender,
    receiver,
    others: [],
    request: bytesOf(`PUB ${subject} ${inbox} ${bodySize}\r\n${body}\r\n`),
    delivered: bytesOf(`MSG ${subject} 1 ${inbox} ${bodySize}\r\n${body}\r\n`),
    answer: bytesOf(`PUB ${inbox} 0\r\n\r\n`),
    confirmed: bytesOf(`MSG ${inbox} 1 0\r\n\r\n`),
    aside: PING,
  };
}
