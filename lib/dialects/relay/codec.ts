/**
 * relay on the wire: bytes to messages and back, without I/O (PROTOCOLS.md, relay).
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { ReceiveBuffer } from "../session/receive_buffer.ts";
import { type Header, type HeaderFault, readHeader } from "./header.ts";
import { bytesOfText } from "./header_text.ts";
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
  /**
   * A header that cannot be read, so that nobody can say where the next message begins. One that is too long can still be
   * had by {@linkcode RelayDecoder.drop}.
   */
  unreadable(fault: HeaderFault): void;
  /** Whether the decoder has to stop behind the message that it is at. */
  readonly isHeld?: boolean;
}

const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32];

/**
 * What has come of the line that is being read. `BLANK`: nothing, or nothing but spaces and tabs, so that it is an empty one
 * if it ends here; `RETURNED`: the same and a carriage return, so that only a newline behind it leaves it empty.
 */
type Line = 0 | 1 | 2;
const [BLANK, RETURNED, TEXT] = [0, 1, 2] as const;

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
  readonly #unfinished = new ReceiveBuffer();
  /** Of an unfinished header: how far its last line has come. */
  #line: Line = BLANK;
  /** Of an unfinished header: how much of it is before the newline that ends its last line with text, in bytes. */
  #content = 0;
  /** Whose body is being read, and how long it is; `undefined` while a header is. */
  #open: { readonly party: string; readonly length: number } | undefined;
  /** Whether nothing more is read: of this piece, or at all. */
  #halt: "piece" | "all" | undefined;
  #complete = 0;

  /**
   * @param bodyVerb the verb whose messages have a body in this direction (`undefined`: none, as on a client's TOSEND socket,
   * where `SEND <user>` may be the answer to one).
   * @param maxBody the longest body, in bytes.
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
    this.#halt = "all";
    this.#unfinished.take();
  }

  /**
   * Reads the next piece of the stream, of any length.
   *
   * @returns how many bytes of it: all, unless the sink wants no more, or holds it.
   */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (
      this.#halt === undefined && this.#sink.isHeld !== true && (at < bytes.length || this.#open?.length === 0)
    ) {
      at = this.#open === undefined ? this.#readHeader(bytes, at) : this.#readBody(bytes, at, this.#open);
    }
    if (this.#halt === "piece") this.#halt = undefined;
    return at;
  }

  /** Reads no further in the piece that is being read: to be called by the sink. */
  skipRest(): void {
    this.#halt ??= "piece";
  }

  /** Gives up the header that has come in part, and gives what there is of it. */
  drop(): Uint8Array {
    if (this.#open !== undefined) return new Uint8Array(0);
    return this.#unfinished.take();
  }

  /** Reads on in a header, up to its end, or as far as it goes; a byte of an earlier piece is not looked at again. */
  #readHeader(bytes: Uint8Array, start: number): number {
    const kept = this.#unfinished.size;
    const limit = Math.min(bytes.length, start + MAX_HEADER - kept);
    if (kept === 0 && bytes[start]! > SPACE) {
      // Nearly all headers: whole, and without a line that begins like an empty one but is none.
      for (let at = start + 1; at + 1 < limit; at++) {
        if (bytes[at] !== NEWLINE) continue;
        const next = bytes[at + 1]!;
        if (next === NEWLINE) {
          this.#take(bytes, start, at);
          return at + 2;
        }
        if (next <= SPACE) break;
      }
    }
    let line = kept === 0 ? BLANK : this.#line;
    let content = kept === 0 ? 0 : this.#content;
    for (let at = start; at < limit; at++) {
      if (line === TEXT) {
        // Nearly all bytes of a header are passed over here.
        while (at < limit && bytes[at] !== NEWLINE) at++;
        if (at === limit) break;
        line = BLANK;
        content = kept + at - start;
      } else if (bytes[at] !== NEWLINE) line = lineWith(line, bytes[at]);
      else {
        this.#endHeader(bytes, start, at + 1, content);
        return at + 1;
      }
    }
    this.#line = line;
    this.#content = content;
    this.#unfinished.append(bytes.subarray(start, limit));
    if (limit < bytes.length) {
      this.#complete++;
      this.#sink.unreadable("too-long");
      this.drop();
    }
    return limit;
  }

  /** The line that ends at `end` is empty: a header is complete, unless there was nothing before (relay/blank-lines). */
  #endHeader(bytes: Uint8Array, start: number, end: number, content: number): void {
    if (this.#unfinished.size === 0) {
      if (content > 0) this.#take(bytes, start, start + content);
      return;
    }
    if (content > 0) this.#unfinished.append(bytes.subarray(start, end));
    const header = this.#unfinished.take();
    if (content > 0) this.#take(header, 0, content);
  }

  /** A header is complete, from `start` up to the end of its last line. */
  #take(bytes: Uint8Array, start: number, end: number): void {
    const header = readHeader(bytes, start, end, this.#bodyVerb, this.#maxBody);
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

/** The line with one byte more that is no newline. */
function lineWith(line: Line, byte: number | undefined): Line {
  if (line === BLANK && (byte === SPACE || byte === TAB)) return BLANK;
  return line === BLANK && byte === RETURN ? RETURNED : TEXT;
}

/** The bytes of a message without a body: its words, and the empty line that ends it. */
export function encodeMessage(words: string): Uint8Array {
  return bytesOfText(`${words}\n\n`);
}

const writer = new HeaderWriter();

/** Writes a message without a body, of two words and the empty line that ends it. */
export function writeMessage(link: Pick<Link, "write">, verb: string, argument: string): void {
  writer.add(verb);
  writer.add(" ");
  writer.add(argument);
  writer.add("\n\n");
  writer.writeTo(link);
}

/** Writes a message with its body. */
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
  return bytesOfText(`${verb} ${party}\nContent-length: ${length}\n\n`);
}
