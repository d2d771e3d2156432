/**
 * Peers that speak another protocol than the port that they have connected to.
 *
 * @module
 */

import { protocolOfClient } from "./first_bytes.ts";

/** What a peer is told in its own protocol. */
interface Reply {
  /** The dialect that leaves such a peer to its own answers. */
  readonly except?: string;
  /** The words as that protocol says them, to a peer that began with `first`. */
  say(words: string, first: string): string;
}

/** By protocol. */
const REPLIES: ReadonlyMap<string, Reply> = new Map<string, Reply>([
  ["TLS", { say: (words) => `${words}\n` }],
  ["HTTP", {
    say: (words) =>
      `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${words.length + 1}\r\n` +
      `Connection: close\r\n\r\n${words}\n`,
  }],
  ["relay", { say: (words) => `ERROR 101 ${words}\n\n` }],
  // relay answers all that it does not know with an error of its own (relay/unregistered-garbage).
  ["frame", {
    except: "relay",
    say: (words, first) => `1][${first.slice(0, first.indexOf("]"))}][${words.length}][${words}`,
  }],
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
  const protocol = protocolOfClient(text)?.name;
  const reply = protocol === undefined ? undefined : REPLIES.get(protocol);
  if (protocol === undefined || reply === undefined || [protocol, reply.except].includes(dialect)) return undefined;
  return {
    protocol,
    answer: new TextEncoder().encode(reply.say(`This port speaks ${dialect}, not ${protocol}.`, text)),
  };
}
