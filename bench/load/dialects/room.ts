/**
 * room: one who speaks, and others who hear it; the speaker hears it as well.
 *
 * @module
 */

import type { Audience } from "../broadcast.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, bytesOf, dial, nameOf, readUntil, writeAll } from "../exchange.ts";

async function enter(port: number, name: string): Promise<Deno.TcpConn> {
  const connection = await dial(port);
  await readUntil(connection, "press enter!");
  await writeAll(connection, `${name}\n`);
  await readUntil(connection, "to exit.\n");
  return connection;
}

/** A room with so many listeners. */
async function openRoom(port: number, listeners: number, bodySize: number): Promise<Audience> {
  const speaker = nameOf("a", 0);
  const connections = [await enter(port, speaker)];
  for (let i = 0; i < listeners; i++) connections.push(await enter(port, nameOf("b", i)));
  const last = `${nameOf("b", listeners - 1)} from [127.0.0.1] has joined the chat!\n`;
  await Promise.all(connections.slice(0, -1).map((connection) => readUntil(connection, last)));
  const line = bytesOf(`${bodyOf(bodySize)}\n`);
  const heard = bytesOf(`${speaker}: ${bodyOf(bodySize)}\n`);
  return {
    sender: connections[0]!,
    receivers: connections.slice(1),
    others: [],
    request: line,
    delivered: heard,
    answer: new Uint8Array(),
    confirmed: heard,
  };
}

/** How room is put under load. */
export const LOAD: DialectLoad = {
  what:
    "a room, where everybody hears everything: one speaks 64 bytes at a time, the next when the room has repeated it, " +
    "and 10 others hear it; messages are those heard, against those that the byte relay passes on over 10 connections",
  audience: openRoom,
};
