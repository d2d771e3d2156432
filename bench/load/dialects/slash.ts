/**
 * slash's exchange: `/dm`, the line that its recipient gets, and the server's word that it was delivered.
 *
 * @module
 */

import { DELIVERED } from "../../../lib/core/outcome.ts";
import { GREETING, outcomeWords } from "../../../lib/dialects/slash/words.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, bytesOf, dial, nameOf, type Pair, readUntil, writeAll } from "../exchange.ts";

async function enter(port: number, alias: string): Promise<Deno.TcpConn> {
  const connection = await dial(port);
  await readUntil(connection, `${GREETING}\n`);
  await writeAll(connection, `${alias}\n`);
  await readUntil(connection, "/help shows the commands.\n");
  return connection;
}

/** So many pairs of users, of whom one sends to the other; all of them, because everybody is told of everybody. */
async function openSlashPairs(port: number, count: number, bodySize: number): Promise<Pair[]> {
  const body = bodyOf(bodySize);
  const pairs: Pair[] = [];
  for (let i = 0; i < count; i++) {
    const [from, to] = [nameOf("a", i), nameOf("b", i)];
    pairs.push({
      sender: await enter(port, from),
      receiver: await enter(port, to),
      others: [],
      request: bytesOf(`/dm ${to} ${body}\n`),
      delivered: bytesOf(`${from} to you: ${body}\n`),
      answer: new Uint8Array(),
      confirmed: bytesOf(`${outcomeWords(to, DELIVERED)}\n`),
    });
  }
  // Everybody is told of all who came later, and the last of all of nobody.
  const connections = pairs.flatMap(({ sender, receiver }) => [sender, receiver]);
  const last = `* ${nameOf("b", count - 1)} has joined.\n`;
  await Promise.all(connections.slice(0, -1).map((connection) => readUntil(connection, last)));
  return pairs;
}

/** How slash is put under load. */
export const LOAD: DialectLoad = {
  what:
    "50 pairs, `/dm` of 64 bytes, 1 in flight each, confirmed by the server's line without an answer of the recipient",
  pairs: openSlashPairs,
};
