/**
 * frame's exchange: a frame to somebody, and a frame of one byte back. The server confirms nothing by itself.
 *
 * @module
 */

import { encodeFrame } from "../../../lib/dialects/frame/codec.ts";
import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, bytesOf, dial, oneByOne, type Pair } from "../exchange.ts";

async function open(port: number): Promise<{ connection: Deno.TcpConn; id: number }> {
  const connection = await dial(port);
  // The ID comes first, and nothing follows it while nobody sends anything.
  const buffer = new Uint8Array(16);
  const count = await connection.read(buffer);
  const id = Number(new TextDecoder().decode(buffer.subarray(0, count ?? 0)));
  if (!(id >= 2 && id <= 255)) throw new Error("the server gave no ID");
  return { connection, id };
}

/** Two clients, of whom one sends and the other one sends back. */
async function openFramePair(port: number, _index: number, bodySize: number): Promise<Pair> {
  const [from, to] = [await open(port), await open(port)];
  const request = encodeFrame(from.id, to.id, bytesOf(bodyOf(bodySize)));
  const answer = encodeFrame(to.id, from.id, bytesOf("r"));
  return {
    sender: from.connection,
    receiver: to.connection,
    others: [],
    request,
    delivered: request,
    answer,
    confirmed: answer,
  };
}

/** How frame is put under load. */
export const LOAD: DialectLoad = {
  what: "50 pairs, a frame of 64 bytes there and one of a byte back, 1 in flight each; frame confirms nothing itself",
  pairs: oneByOne(openFramePair),
};
