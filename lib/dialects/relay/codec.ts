/**
 * relay on the wire: bytes to messages and back, without I/O (PROTOCOLS.md, relay).
 *
 * @module
 */

import type { Link } from "../../chat/link.ts";
import { Unfinished } from "../framing.ts";
import { type Header, type HeaderFault, readHeader } from "./header.ts";
import { HeaderWriter } from "./header_writer.ts";

/** The longest header, in bytes with its empty line; the documents set no limit, but an endless one must not fill the memory. */
export const MAX_HEADER = 4096;

/** The messages that have a body. */
export type BodyVerb = "SEND" | "FORWARD";

/** Who is told what a {@linkcode RelayDecoder} finds. */
export interface RelaySink {
  /** A message without a body. */
  message(header: Header): void;
  /** `SEND` or `FORWARD`: whom its header names, and its body, which is only valid during this call. */
  body(party: string, body: Uint8Array): void;
  /** A header that cannot be read, so that nobody can say where the next message begins. */
  unreadable(fault: HeaderFault): void;
}

const NEWLINE = 10;

/**
 * A push parser. What is unfinished is kept, within {@linkcode MAX_HEADER} and the largest body, and never looked at
 * twice; a message that arrives in one piece is not copied; a body never becomes a string.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bodies: string[] = [];
 * const decoder = new RelayDecoder("SEND", 65_536, {
 *   message: () => {},
 *   body: (to, body) => bodies.push(`${to}: ${new TextDecoder().decode(body)}`),
 *   unreadable: () => {},
 * });
 * decoder.push(new TextEncoder().encode("SEND bob\nContent-length: 2\n\nhi"));
 * assertEquals(bodies, ["bob: hi"]);
 * ```
 */
export class RelayDecoder {
  readonly #bodyVerb: BodyVerb | undefined;
  readonly #maxBody: number;
  readonly #sink: RelaySink;
  readonly #unfinished = new Unfinished();
  /** Whether the last byte of the unfinished header is a newline, so that one more ends it. */
  #afterNewline = false;
  /** Whose body is being read, and how long it is; `undefined` while a header is. */
  #open: { readonly party: string; readonly length: number } | undefined;
  #stopped = false;
  #complete = 0;

  /**
   * Takes the verb whose messages have a body in this direction (`undefined`: none, as on a client's TOSEND socket, where
   * `SEND <user>` may be the answer to one), the longest body in bytes, and who is told.
   */
  constructor(bodyVerb: BodyVerb | undefined, maxBody: number, sink: RelaySink) {
    this.#bodyVerb = bodyVerb;
    this.#maxBody = maxBody;
    this.#sink = sink;
  }

  /** How many messages were complete, or given up. */
  get complete(): number {
    return this.#complete;
  }

  /** 0 between two messages; amid a message its number, counted from 1. */
  get unfinished(): number {
    return this.#unfinished.size > 0 || this.#open !== undefined ? this.#complete + 1 : 0;
  }

  /** Ignores all that comes from now on, also what is left of the piece that is being read. */
  stop(): void {
    this.#stopped = true;
    this.#unfinished.take();
  }

  /** Takes the next piece of the stream, of any length. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (!this.#stopped && (at < bytes.length || this.#open?.length === 0)) {
      at = this.#open === undefined ? this.#readHeader(bytes, at) : this.#readBody(bytes, at, this.#open);
    }
  }

  #readHeader(bytes: Uint8Array, start: number): number {
    // Newlines between messages are nobody's (relay/blank-lines).
    if (this.#unfinished.size === 0) { while (bytes[start] === NEWLINE) start++; }
    const end = this.#endOfHeader(bytes, start);
    const stop = end ?? bytes.length;
    if (this.#unfinished.size + stop - start > MAX_HEADER) {
      this.#unfinished.take();
      this.#afterNewline = false;
      this.#complete++;
      this.#sink.unreadable("too-long");
      return stop;
    }
    if (end === undefined) {
      if (stop > start) {
        this.#unfinished.append(bytes.subarray(start));
        this.#afterNewline = bytes[stop - 1] === NEWLINE;
      }
      return stop;
    }
    this.#afterNewline = false;
    if (this.#unfinished.size === 0) this.#take(bytes, start, end);
    else {
      this.#unfinished.append(bytes.subarray(start, end));
      const header = this.#unfinished.take();
      this.#take(header, 0, header.length);
    }
    return end;
  }

  /** Where the first byte behind the empty line is, if that has come. */
  #endOfHeader(bytes: Uint8Array, start: number): number | undefined {
    if (this.#afterNewline && bytes[start] === NEWLINE) return start + 1;
    // A header is too short for `indexOf` to be faster.
    for (let at = start; at + 1 < bytes.length; at++) {
      if (bytes[at] === NEWLINE && bytes[at + 1] === NEWLINE) return at + 2;
    }
    return undefined;
  }

  /** A header is complete, from `start` up to the end of its empty line. */
  #take(bytes: Uint8Array, start: number, end: number): void {
    const header = readHeader(bytes, start, end - 2, this.#bodyVerb, this.#maxBody);
    if (typeof header !== "string" && header.length !== undefined) {
      this.#open = { party: header.argument, length: header.length };
      return;
    }
    this.#complete++;
    if (typeof header === "string") this.#sink.unreadable(header);
    else this.#sink.message(header);
  }

  #readBody(bytes: Uint8Array, start: number, open: { readonly party: string; readonly length: number }): number {
    const end = Math.min(bytes.length, start + open.length - this.#unfinished.size);
    const piece = bytes.subarray(start, end);
    const size = this.#unfinished.size + piece.length;
    let body = piece;
    if (size < open.length || this.#unfinished.size > 0) {
      this.#unfinished.append(piece);
      if (size < open.length) return end;
      body = this.#unfinished.take();
    }
    this.#open = undefined;
    this.#complete++;
    this.#sink.body(open.party, body);
    return end;
  }
}

const encoder = new TextEncoder();

/** The bytes of a message without a body: its words, and the empty line that ends it. */
export function encodeMessage(words: string): Uint8Array {
  return encoder.encode(`${words}\n\n`);
}

const writer = new HeaderWriter();

/** Writes a message without a body, of two words and the empty line that ends it; all of it is ASCII. */
export function writeMessage(link: Pick<Link, "write">, verb: string, argument: string): void {
  writer.add(verb);
  writer.add(" ");
  writer.add(argument);
  writer.add("\n\n");
  writer.writeTo(link);
}

/** Writes a message with its body. The party's name is ASCII. */
export function writeBody(link: Pick<Link, "write">, verb: BodyVerb, party: string, body: Uint8Array): void {
  writer.add(verb);
  writer.add(" ");
  writer.add(party);
  writer.add("\nContent-length: ");
  writer.addNumber(body.length);
  writer.add("\n\n");
  writer.writeTo(link);
  link.write(body);
}

/** The header of a message with a body of `length` bytes, which follows as it is. */
export function encodeBodyHeader(verb: BodyVerb, party: string, length: number): Uint8Array {
  return encoder.encode(`${verb} ${party}\nContent-length: ${length}\n\n`);
}
