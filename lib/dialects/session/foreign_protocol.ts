/**
 * Peers that speak another protocol than the port that they have come to.
 *
 * @module
 */

/** A protocol that shows itself in its first bytes. */
interface Opening {
  /** What people call it. */
  readonly protocol: string;
  /** The dialects that do not look out for it, because they speak it, or because anything may come first there. */
  readonly except: readonly string[];
  /** Says whether these are its first bytes, so that nobody could mean anything else by them. */
  matches(bytes: Uint8Array, text: string): boolean;
  /** How something is said in it. */
  say(words: string, text: string): string;
}

const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|TRACE|CONNECT|PRI) \S+ HTTP\/[0-9.]+\r?\n/;
const RELAY = /^REGISTER (?:TOSEND|TORECV) [^\n]*\n[ \t]*\r?\n/;
const FRAME = /^([0-9]{1,3})\]\[[0-9]{1,3}\]\[(?:[0-9]{1,3}\]\[|ACK)/;

/** A record of the type handshake, of TLS 1.0 or later, that begins with a ClientHello (RFC 8446, 4 and 5.1). */
function isTlsHello([type, major, minor, , , message]: Uint8Array): boolean {
  return type === 22 && major === 3 && minor !== undefined && minor <= 4 && message === 1;
}

const OPENINGS: readonly Opening[] = [
  { protocol: "TLS", except: [], matches: isTlsHello, say: (words) => `${words}\n` },
  {
    protocol: "HTTP",
    except: [],
    matches: (_bytes, text) => HTTP.test(text),
    say: (words) =>
      `HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: ${words.length + 1}\r\n` +
      `Connection: close\r\n\r\n${words}\n`,
  },
  {
    protocol: "relay",
    except: ["relay"],
    matches: (_bytes, text) => RELAY.test(text),
    say: (words) => `ERROR 101 ${words}\n\n`,
  },
  {
    protocol: "frame",
    // relay answers all that it does not know with an error of its own (relay/unregistered-garbage).
    except: ["frame", "relay"],
    matches: (_bytes, text) => FRAME.test(text),
    say: (words, text) => `1][${FRAME.exec(text)?.[1]}][${words.length}][${words}`,
  },
];

/** How much of the first bytes is looked at. */
const LOOKED_AT = 4096;

/** A peer at the wrong door. */
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
  const bytes = first.subarray(0, LOOKED_AT);
  const text = new TextDecoder("latin1").decode(bytes);
  const opening = OPENINGS.find(({ except, matches }) => !except.includes(dialect) && matches(bytes, text));
  if (opening === undefined) return undefined;
  const { protocol, say } = opening;
  return { protocol, answer: new TextEncoder().encode(say(`This port speaks ${dialect}, not ${protocol}.`, text)) };
}
