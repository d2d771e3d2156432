/**
 * Servers that speak another protocol than the one that was asked for.
 *
 * @module
 */

import { protocolOfServer, wireProtocolOf } from "./first_bytes.ts";
import { DIALECTS, findDialect } from "./registry.ts";

/** What a server's first bytes look like. */
export interface Likeness {
  /** What it seems to speak: one of the dialects, or the name of another protocol. */
  readonly protocol: string;
  /** Whether that is one of the dialects. */
  readonly isDialect: boolean;
  /** Whether nobody who speaks the dialect that was asked for could have said that. */
  readonly isCertain: boolean;
}

/** What our servers say to those who speak another dialect than theirs. */
const TOLD = new RegExp(`This port speaks (${DIALECTS.map(({ name }) => name).join("|")}), not `);

/** The dialect of a server of ours that was spoken to in another one, by what it says (as Latin-1); `undefined` where it says nothing of it. */
export function dialectTold(text: string): string | undefined {
  return TOLD.exec(text)?.[1];
}

/** How much of the first bytes is looked at. */
export const LOOKED_AT = 256;

/**
 * Says what a server speaks that was asked for a dialect, by the first bytes that it has sent; `undefined` where that is the
 * dialect itself, or cannot be told.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const first = new TextEncoder().encode("Greetings from the ChatRoom! Now type your name and press enter!");
 * assertEquals(likenessOf("relay", first), { protocol: "room", isDialect: true, isCertain: true });
 * assertEquals(likenessOf("room", first), undefined);
 * ```
 */
export function likenessOf(dialect: string, first: Uint8Array): Likeness | undefined {
  const text = new TextDecoder("latin1").decode(first.subarray(0, LOOKED_AT));
  const told = dialectTold(text);
  if (told !== undefined && told !== dialect) return { protocol: told, isDialect: true, isCertain: true };
  const found = protocolOfServer(text);
  if (found === undefined || found.name === wireProtocolOf(dialect)) return undefined;
  const { name: protocol, isDialect, isLikely } = found;
  return { protocol, isDialect, isCertain: !(isLikely && findDialect(dialect)?.greetsFreely) };
}

const STREAMS = DIALECTS.filter(({ transport }) => transport === "tcp");
const SPEAKING = listed(STREAMS.filter(({ speaksFirst }) => speaksFirst).map(({ name }) => name), "and");
const WAITING = STREAMS.filter(({ speaksFirst }) => !speaksFirst).map(({ name }) => name);

/** What the others do whose servers wait for their client, or do not. */
const OTHERS: Readonly<Record<"speaks" | "waits", string>> = {
  speaks:
    `one that waits for its client speaks ${listed(WAITING.map((name) => `${name} (--dialect ${name})`), "or")}, ` +
    "or TLS (--tls)",
  waits: `${SPEAKING} servers speak first (--dialect), and one that speaks TLS waits for that (--tls)`,
};

/**
 * What a server's silence may mean to somebody who has asked it for a dialect: part of a sentence.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(silenceWords("group"), "group is spoken over UDP: a server that takes connections speaks another dialect");
 * ```
 */
export function silenceWords(dialect: string): string {
  const entry = findDialect(dialect);
  if (entry?.transport === "udp") {
    return `${dialect} is spoken over UDP: a server that takes connections speaks another dialect`;
  }
  if (entry?.speaksFirst) return `a ${dialect} server speaks first; ${OTHERS.speaks}`;
  return `a ${dialect} server answers at once; ${OTHERS.waits}`;
}

/** `a`, `a or b`, `a, b or c`. */
function listed(words: readonly string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}
