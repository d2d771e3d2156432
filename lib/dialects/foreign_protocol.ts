/**
 * Peers that speak another protocol than the port that they have connected to.
 *
 * @module
 */

import { findDialect } from "./registry.ts";
import { protocolOfClient, wireProtocolOf } from "./first_bytes.ts";

/** What a peer is told in its own protocol, where that is none of the dialects. */
const REPLIES: ReadonlyMap<string, (words: string) => string> = new Map([
  ["TLS", (words) => `${words}\n`],
  [
    "HTTP",
    (words) =>
      `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${words.length + 1}\r\n` +
      `Connection: close\r\n\r\n${words}\n`,
  ],
]);

/** How much of the first bytes is looked at. */
const LOOKED_AT = 4096;

/** A peer that speaks something else than its port. */
export interface ForeignProtocol {
  /** What it speaks. */
  readonly protocol: string;
  /** What it is told, in its own protocol as far as that goes. */
  readonly answer: Uint8Array;
}

/**
 * Says whether the first bytes of a peer are unmistakably those of another protocol than the dialect of this port. They
 * must have arrived in one piece, as they do: nothing that a dialect might mean is held back to find out.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const first = new TextEncoder().encode("REGISTER TOSEND alice\n\n");
 * const found = foreignProtocol("slash", first);
 * assertEquals(new TextDecoder().decode(found?.answer), "ERROR 101 This port speaks slash, not relay.\n\n");
 * assertEquals(foreignProtocol("relay", first), undefined);
 * ```
 */
export function foreignProtocol(dialect: string, first: Uint8Array): ForeignProtocol | undefined {
  const text = new TextDecoder("latin1").decode(first.subarray(0, LOOKED_AT));
  const known = protocolOfClient(text);
  if (known === undefined || known.name === wireProtocolOf(dialect)) return undefined;
  if (known.isDialect && findDialect(dialect)?.answersOthers) return undefined;
  const reply = findDialect(known.name)?.refusal ?? REPLIES.get(known.name);
  if (reply === undefined) return undefined;
  return {
    protocol: known.name,
    answer: new TextEncoder().encode(reply(`This port speaks ${dialect}, not ${known.name}.`, text)),
  };
}
