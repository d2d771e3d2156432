/**
 * The exchange without a protocol: as many bytes as relay's, through a server that only copies them across.
 *
 * @module
 */

import { bytesOf, dial, expect, nameOf, type Pair, writeAll } from "./exchange.ts";

/** Two connections with the same key, which the byte relay joins. */
export async function openBytesPair(port: number, index: number, bodySize: number): Promise<Pair> {
  const key = nameOf("k", index);
  const [sender, receiver] = [await dial(port), await dial(port)];
  await writeAll(sender, key);
  await writeAll(receiver, key);
  await expect(sender, "+");
  await expect(receiver, "+");
  // As long as relay's messages are: SEND and FORWARD one way, RECEIVED and SENT the other.
  const message = bytesOf("m".repeat(`SEND ${key}\nContent-length: ${bodySize}\n\n`.length + bodySize));
  const answer = bytesOf("r".repeat(`RECEIVED ${key}\n\n`.length));
  return { sender, receiver, others: [], request: message, delivered: message, answer, confirmed: answer };
}
