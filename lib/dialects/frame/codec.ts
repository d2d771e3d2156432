/**
 * frame on the wire: bytes to frames and back, without I/O (PROTOCOLS.md, frame).
 *
 * @module
 */

import { ReceiveBuffer } from "../session/receive_buffer.ts";
import { type FrameHeaderFault, HeaderReader } from "./header.ts";

/** The longest message, in bytes (`frame/forward-255`, `frame/limit-256`). */
export const MAX_MESSAGE = 255;

/** Who is told what a {@linkcode FrameDecoder} finds. IDs that are none are {@linkcode NO_ID}. */
export interface FrameSink {
  /** A message of at most {@linkcode MAX_MESSAGE} bytes, which is only valid during this call. */
  message(source: number, destination: number, message: Uint8Array): void;
  /** An ACK frame, or one with an empty message, which counts as such (`frame/empty-message`). */
  acknowledged(source: number, destination: number): void;
  /** A message that is too long begins; its bytes are skipped. */
  tooLong(source: number, destination: number, size: number): void;
  /** What follows cannot be divided into frames. Nothing more is told after this. */
  unreadable(fault: FrameHeaderFault): void;
}

/**
 * A push parser. Only a message that is unfinished is kept, and nothing is looked at twice; a message that arrives in one
 * piece is not copied, one that is too long is only counted, and none becomes a string.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const seen: string[] = [];
 * const decoder = new FrameDecoder({
 *   message: (from, to, message) => seen.push(`${from} to ${to}: ${new TextDecoder().decode(message)}`),
 *   acknowledged: (from, to) => seen.push(`${from} to ${to}`),
 *   tooLong: () => {},
 *   unreadable: () => {},
 * });
 * decoder.push(new TextEncoder().encode("2][3][2][hi3][2][ACK"));
 * assertEquals(seen, ["2 to 3: hi", "3 to 2"]);
 * ```
 */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #header = new HeaderReader();
  readonly #unfinished = new ReceiveBuffer();
  /** How many bytes of a message are still to come: to be told, or to be skipped. */
  #missing = 0;
  #isSkipping = false;
  #isStopped = false;
  #complete = 0;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** How many frames were complete. */
  get complete(): number {
    return this.#complete;
  }

  /** 0 between two frames; amid a frame its number, counted from 1. */
  get unfinished(): number {
    return this.#isStopped || (this.#missing === 0 && this.#header.isBetween) ? 0 : this.#complete + 1;
  }

  /** Ignores all that comes from now on, also what is left of the piece that is being read. */
  stop(): void {
    this.#isStopped = true;
    this.#unfinished.take();
  }

  /** Reads the next piece of the stream, of any length. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length && !this.#isStopped) {
      at = this.#missing === 0 ? this.#readHeader(bytes, at) : this.#readMessage(bytes, at);
    }
  }

  #readHeader(bytes: Uint8Array, start: number): number {
    const header = this.#header;
    let at = start;
    while (at < bytes.length) {
      const state = header.take(bytes[at++]!);
      if (state === "unfinished") continue;
      if (state === "message" && header.size > 0) this.#begin();
      else if (state === "message" || state === "ack") {
        this.#complete++;
        this.#sink.acknowledged(header.source, header.destination);
      } else {
        this.stop();
        this.#sink.unreadable(state);
      }
      break;
    }
    return at;
  }

  #begin(): void {
    const { source, destination, size } = this.#header;
    this.#missing = size;
    this.#isSkipping = size > MAX_MESSAGE;
    if (this.#isSkipping) this.#sink.tooLong(source, destination, size);
  }

  #readMessage(bytes: Uint8Array, start: number): number {
    const end = Math.min(bytes.length, start + this.#missing);
    this.#missing -= end - start;
    const isComplete = this.#missing === 0;
    if (isComplete) this.#complete++;
    if (this.#isSkipping) return end;
    let message = bytes.subarray(start, end);
    if (!isComplete || this.#unfinished.size > 0) {
      this.#unfinished.append(message);
      if (!isComplete) return end;
      message = this.#unfinished.take();
    }
    this.#sink.message(this.#header.source, this.#header.destination, message);
    return end;
  }
}

const encoder = new TextEncoder();

/** What stands before a message of `size` bytes, which follows as it is; an empty one is an ACK frame, and complete. */
export function encodeHeader(source: number, destination: number, size: number): Uint8Array {
  return encoder.encode(`${source}][${destination}][${size === 0 ? "ACK" : `${size}][`}`);
}

/**
 * A whole frame.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const hi = new TextEncoder().encode("hi");
 * assertEquals(new TextDecoder().decode(encodeFrame(2, 3, hi)), "2][3][2][hi");
 * assertEquals(new TextDecoder().decode(encodeFrame(2, 3, new Uint8Array())), "2][3][ACK");
 * ```
 */
export function encodeFrame(source: number, destination: number, message: Uint8Array): Uint8Array {
  const header = encodeHeader(source, destination, message.length);
  const frame = new Uint8Array(header.length + message.length);
  frame.set(header);
  frame.set(message, header.length);
  return frame;
}
