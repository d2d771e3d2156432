/**
 * A link whose writes are messages: WebSocket over a stream, from the handshake on.
 *
 * @module
 */

import type { CloseReason } from "../../core/close_reason.ts";
import type { Endpoint, HalfClosingLink, Holder, Link, LinkHandler } from "../../core/link.ts";
import { CLOSE_CODES, closePayload, encodeWebFrame, OPCODES, WebFrameDecoder, type WebFrameSink } from "./frames.ts";

/** How messages are carried. */
export interface WebSocketSettings {
  /** The longest message that is taken from the peer, in bytes. */
  readonly maxMessage: number;
  /** Four bytes that nobody can foresee, for each frame of a client; a server has none. */
  readonly mask?: (() => Uint8Array) | undefined;
  /** Told what the peer's closing frame says, before its link has ended. */
  readonly onClose?: ((code: number, reason: string) => void) | undefined;
  /** Told that a message has begun, with its number on this connection, from 1, or (0) that none is unfinished any more. */
  readonly onProgress?: ((unfinished: number) => void) | undefined;
}

/** What a closing frame says of each reason that a link is ended for. */
const CODES: Readonly<Partial<Record<CloseReason, number>>> = {
  "left": CLOSE_CODES.normal,
  "done": CLOSE_CODES.normal,
  "partner-left": CLOSE_CODES.normal,
  "shutdown": CLOSE_CODES.goingAway,
  "fault": CLOSE_CODES.fault,
  "full": CLOSE_CODES.tryLater,
  "too-many": CLOSE_CODES.tryLater,
  "too-fast": CLOSE_CODES.tryLater,
};

/** The code with which a WebSocket is closed for a reason. */
export function closeCodeOf(reason: CloseReason): number {
  return CODES[reason] ?? CLOSE_CODES.policy;
}

const HOLDER_BIT: Readonly<Record<Holder, number>> = { session: 1, server: 2, broadcasts: 4 };

/**
 * Messages of text over a link, which belongs to this from then on: what is written at once is one message, and so is what is received
 * at once. Nothing is received while anybody holds it, not even what has been read already.
 */
export class WebSocketLink implements HalfClosingLink, WebFrameSink {
  /** The peer's address. */
  readonly remote: Endpoint;
  readonly #link: Link & Pick<HalfClosingLink, "reset">;
  readonly #settings: WebSocketSettings;
  readonly #decoder: WebFrameDecoder;
  #handler: LinkHandler | undefined;
  #holders = 0;
  /** What has been read and not been looked at. */
  #rest: Uint8Array = new Uint8Array();
  #isReading = false;
  /** What is to be repeated to the peer, which has asked for a sign of life. */
  #asked: Uint8Array | undefined;
  #unfinished = 0;
  /** Whether we have said that this was all. */
  #hasClosed = false;
  /** Whether the peer has, and in what way. */
  #peerHasClosed = false;
  #isTold = false;
  /** Whether nothing that comes is for the handler any more. */
  #isOver = false;
  /** Why the link below is closed, once it is. */
  #closedFor: CloseReason | undefined;

  /** Lays it over a link on which the handshake is over. Somebody else starts that link, and passes on what happens on it. */
  constructor(link: Link & Pick<HalfClosingLink, "reset">, settings: WebSocketSettings) {
    this.#link = link;
    this.remote = link.remote;
    this.#settings = settings;
    this.#decoder = new WebFrameDecoder(
      { isMasked: settings.mask === undefined, maxMessage: settings.maxMessage },
      this,
    );
  }

  /** See {@linkcode Link.start}. */
  start(handler: LinkHandler): void {
    this.#handler = handler;
    const reason = this.#closedFor;
    if (reason === undefined) this.#read();
    else queueMicrotask(() => handler.closed(reason));
  }

  /** Bytes have come on the link below. */
  receive(bytes: Uint8Array): void {
    if (this.#peerHasClosed) return;
    if (this.#rest.length > 0 || this.#isReading || this.isHeld || this.#handler === undefined) {
      this.#rest = joined(this.#rest, bytes);
      return this.#read();
    }
    this.#isReading = true;
    let read: number;
    try {
      read = this.#decoder.push(bytes);
    } finally {
      this.#isReading = false;
    }
    if (read < bytes.length) this.#rest = bytes.slice(read);
    this.#read();
  }

  /** The link below has ended, with a closing frame or without. */
  ended(): void {
    this.#peerHasClosed = true;
    this.#tellEndIfAllIsRead();
  }

  /** The link below is closed. */
  closed(reason: CloseReason): void {
    this.#rest = new Uint8Array();
    this.#closedFor = reason;
    this.#handler?.closed(reason);
  }

  /** See {@linkcode Link.write}. */
  write(bytes: Uint8Array): void {
    if (!this.#hasClosed) this.#send(OPCODES.text, bytes);
  }

  /** See {@linkcode Link.flushed}. */
  flushed(callback: (handedOver: boolean) => void): void {
    this.#link.flushed(callback);
  }

  /** See {@linkcode Link.pause}. */
  pause(by: Holder = "session"): void {
    this.#holders |= HOLDER_BIT[by];
    this.#link.pause(by);
  }

  /** See {@linkcode Link.resume}. */
  resume(by: Holder = "session"): void {
    this.#holders &= ~HOLDER_BIT[by];
    this.#read();
    // What was left to be read may have been too much again.
    if ((this.#holders & HOLDER_BIT[by]) === 0) this.#link.resume(by);
  }

  /** See {@linkcode HalfClosingLink.finish}: a closing frame is the end of what we have to say. */
  finish(): void {
    this.#sayClose(CLOSE_CODES.normal, "");
  }

  /** See {@linkcode Link.end}. */
  end(reason: CloseReason): void {
    this.#isOver = true;
    this.#sayClose(closeCodeOf(reason), reason);
    this.#link.end(reason);
  }

  /** See {@linkcode Link.abort}. */
  abort(reason: CloseReason): void {
    this.#isOver = true;
    this.#link.abort(reason);
  }

  /** See {@linkcode HalfClosingLink.reset}. */
  reset(reason: CloseReason): void {
    if (this.#link.reset === undefined) this.#link.abort(reason);
    else this.#link.reset(reason);
  }

  /** Sends a frame of any kind, whether a well-behaved peer would or not. */
  sendFrame(opcode: number, payload: Uint8Array): void {
    this.#send(opcode, payload);
  }

  /** See {@linkcode WebFrameSink.isHeld}. */
  get isHeld(): boolean {
    return this.#holders !== 0;
  }

  /** See {@linkcode WebFrameSink.text}. */
  text(message: Uint8Array): void {
    this.#answerPing();
    if (!this.#isOver) this.#handler?.receive(message);
  }

  /** See {@linkcode WebFrameSink.ping}. Of several that come together the last one is answered, which is enough (RFC 6455, 5.5.3). */
  ping(payload: Uint8Array): void {
    this.#asked = payload.slice();
  }

  /** See {@linkcode WebFrameSink.close}. */
  close(code: number, reason: string): void {
    this.#answerPing();
    this.#peerHasClosed = true;
    this.#settings.onClose?.(code, reason);
  }

  /** See {@linkcode WebFrameSink.fault}. */
  fault(code: number, why: string): void {
    this.#peerHasClosed = this.#isTold = this.#isOver = true;
    this.#sayClose(code, why);
    this.#link.end("malformed");
  }

  /** Reads what has been read below and not been looked at, as far as nobody holds it. */
  #read(): void {
    if (this.#isReading || this.#handler === undefined) return;
    this.#isReading = true;
    try {
      while (!this.isHeld && this.#rest.length > 0) {
        const read = this.#decoder.push(this.#rest);
        this.#rest = this.#rest.subarray(read);
      }
    } finally {
      this.#isReading = false;
    }
    this.#answerPing();
    if (this.#rest.length === 0) this.#rest = new Uint8Array();
    if (this.#decoder.unfinished !== this.#unfinished) {
      this.#unfinished = this.#decoder.unfinished;
      this.#settings.onProgress?.(this.#unfinished);
    }
    this.#tellEndIfAllIsRead();
  }

  #tellEndIfAllIsRead(): void {
    if (!this.#peerHasClosed || this.#isTold || this.#isOver || this.#rest.length > 0 || this.#handler === undefined) {
      return;
    }
    this.#isTold = true;
    this.#handler.ended();
  }

  #answerPing(): void {
    if (this.#asked !== undefined && !this.#hasClosed) this.#send(OPCODES.pong, this.#asked);
    this.#asked = undefined;
  }

  #sayClose(code: number, reason: string): void {
    if (this.#hasClosed) return;
    this.#hasClosed = true;
    this.#send(OPCODES.close, closePayload(code, reason));
  }

  #send(opcode: number, payload: Uint8Array): void {
    this.#link.write(encodeWebFrame(opcode, payload, this.#settings.mask?.()));
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
