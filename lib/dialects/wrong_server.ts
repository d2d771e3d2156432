/**
 * Servers that speak another protocol than the one that was asked for.
 *
 * @module
 */

/** What a server's first bytes look like. */
export interface Likeness {
  /** What it seems to speak: one of the dialects, or the name of another protocol. */
  readonly protocol: string;
  /** Whether that is one of the dialects. */
  readonly isDialect: boolean;
  /** Whether nobody who speaks the dialect that was asked for could have said that. */
  readonly isCertain: boolean;
}

/** How a protocol shows itself in the first bytes of its servers. */
interface Opening {
  readonly protocol: string;
  readonly isDialect: boolean;
  /** Its first bytes, as Latin-1. */
  readonly words: RegExp;
  /** The dialects whose servers may say the same and mean something else. */
  readonly sharedBy: readonly string[];
}

/** slash pins no bytes, and a room may greet as it likes; both are read in pieces. */
const FREE = ["slash", "room"];

const OPENINGS: readonly Opening[] = [
  { protocol: "room", isDialect: true, words: /^Greetings from the ChatRoom!/, sharedBy: [] },
  { protocol: "slash", isDialect: true, words: /^\* Welcome to chat! Choose an alias/, sharedBy: [] },
  { protocol: "frame", isDialect: true, words: /^\d{1,3}\s*\d{1,3}\]\[\d{1,3}\]\[/, sharedBy: [] },
  { protocol: "frame", isDialect: true, words: /^\d{1,3}\s*$/, sharedBy: FREE },
  { protocol: "relay", isDialect: true, words: /^(?:ERROR 10[0-3] |REGISTERED TO)[^\n]*\n\n/, sharedBy: [] },
  { protocol: "HTTP", isDialect: false, words: /^HTTP\/[0-9.]+ \d{3} /, sharedBy: [] },
  { protocol: "SSH", isDialect: false, words: /^SSH-\d/, sharedBy: [] },
  { protocol: "mail or file transfer", isDialect: false, words: /^220[ -]/, sharedBy: FREE },
  // An alert or a handshake (RFC 8446, 5.1): it was not spoken to in TLS.
  { protocol: "TLS", isDialect: false, words: /^[\x15\x16]\x03[\x00-\x04]/, sharedBy: [] },
];

/** What our servers say to those who speak another dialect than theirs. */
const TOLD = /This port speaks (frame|group|relay|room|slash), not /;

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
  const [, told] = TOLD.exec(text) ?? [];
  if (told !== undefined && told !== dialect) return { protocol: told, isDialect: true, isCertain: true };
  const opening = OPENINGS.find(({ words }) => words.test(text));
  if (opening === undefined || opening.protocol === dialect) return undefined;
  const { protocol, isDialect, sharedBy } = opening;
  return { protocol, isDialect, isCertain: !sharedBy.includes(dialect) };
}

/** What the others do whose servers wait for their client, or do not. */
const OTHERS: Readonly<Record<"speaks" | "waits", string>> = {
  speaks: "one that waits for its client speaks relay (--dialect relay), or TLS (--tls)",
  waits: "slash, room and frame servers speak first (--dialect), and one that speaks TLS waits for that (--tls)",
};

/** The dialects whose servers speak first. */
const SPEAKS_FIRST: ReadonlySet<string> = new Set(["frame", "slash", "room"]);

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
  if (dialect === "group") return "group is spoken over UDP: a server that takes connections speaks another dialect";
  if (SPEAKS_FIRST.has(dialect)) return `a ${dialect} server speaks first; ${OTHERS.speaks}`;
  return `a ${dialect} server answers at once; ${OTHERS.waits}`;
}
