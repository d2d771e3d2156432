/**
 * The frames of WebSocket (RFC 6455, 5): bytes become messages, and messages bytes. Does no I/O.
 *
 * @module
 */

/** What a frame carries. */
export const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Why a connection is closed, as a closing frame says it (RFC 6455, 7.4.1). */
export const CLOSE_CODES = {
  normal: 1000,
  goingAway: 1001,
  protocol: 1002,
  unsupported: 1003,
  notText: 1007,
  policy: 1008,
  tooBig: 1009,
  fault: 1011,
  tryLater: 1013,
} as const;

/** No code is given (RFC 6455, 7.4.1: never sent). */
export const NO_CODE = 1005;

/** The longest payload of a frame that is no part of a message. */
const MAX_CONTROL = 125;
/** The longest head of a frame. */
export const MAX_FRAME_HEAD = 14;

/** Who is told what frames carry. */
export interface WebFrameSink {
  /** A whole message of text came. Its bytes are UTF-8, and only valid during this call. */
  text(message: Uint8Array): void;
  /** The peer asks for a sign of life, which repeats these bytes. */
  ping(payload: Uint8Array): void;
  /** The peer closes, and why; nothing is read behind that. */
  close(code: number, reason: string): void;
  /** What came breaks the rules, or a bound, so that nothing behind it can be read. */
  fault(code: number, why: string): void;
  /** Whether reading has to stop behind the message that it is at. */
  readonly isHeld: boolean;
}

/** How frames are read. */
export interface FrameRules {
  /** Whether frames have to be masked: those of clients, and no others (RFC 6455, 5.1). */
  readonly isMasked: boolean;
  /** The longest message, in bytes. */
  readonly maxMessage: number;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** A push parser for the frames of one side. It keeps at most one unfinished message, within its bound. */
export class WebFrameDecoder {
  readonly #rules: FrameRules;
  readonly #sink: WebFrameSink;
  /** The head of the frame that is being read, as far as it has come. */
  readonly #head = new Uint8Array(MAX_FRAME_HEAD);
  #headLength = 0;
  /** The payload of the frame that is being read, once its head is there; `#filled` bytes of it have come. */
  #frame: { readonly opcode: number; readonly isLast: boolean; readonly length: number } | undefined;
  #mask: Uint8Array | undefined;
  #filled = 0;
  readonly #control = new Uint8Array(MAX_CONTROL);
  /** The message that is being read, of which `#size` bytes have come. */
  #message: Uint8Array<ArrayBuffer> | undefined;
  #size = 0;
  #kind: number | undefined;
  #complete = 0;
  #isOver = false;

  /** @param sink told of what came. */
  constructor(rules: FrameRules, sink: WebFrameSink) {
    this.#rules = rules;
    this.#sink = sink;
  }

  /** 0 between two messages; amid one, or a frame, its number, counted from 1. */
  get unfinished(): number {
    return this.#isOver || !this.#isAmid ? 0 : this.#complete + 1;
  }

  get #isAmid(): boolean {
    return this.#headLength > 0 || this.#kind !== undefined;
  }

  /**
   * Reads the next piece of the stream.
   *
   * @returns how many bytes of it: fewer than all if held.
   */
  push(bytes: Uint8Array): number {
    let at = 0;
    while (!this.#isOver && (at < bytes.length || this.#isFrameComplete)) {
      at += this.#frame === undefined ? this.#readHead(bytes.subarray(at)) : this.#readPayload(bytes.subarray(at));
      if (this.#frame !== undefined && this.#isFrameComplete) this.#finishFrame(this.#frame);
      if (this.#sink.isHeld && !this.#isAmid) break;
    }
    return this.#isOver ? bytes.length : at;
  }

  get #isFrameComplete(): boolean {
    return this.#frame !== undefined && this.#filled === this.#frame.length;
  }

  #readHead(bytes: Uint8Array): number {
    let taken = 0;
    while (taken < bytes.length) {
      this.#head[this.#headLength++] = bytes[taken++]!;
      if (this.#headLength >= 2 && this.#headLength === headLength(this.#head[1]!)) {
        this.#begin();
        break;
      }
    }
    return taken;
  }

  /** The head is there: what follows it, unless that may not be. */
  #begin(): void {
    const [first, second] = [this.#head[0]!, this.#head[1]!];
    const opcode = first & 15;
    const isLast = (first & 128) !== 0;
    const length = payloadLength(this.#head);
    const isControl = opcode >= 8;
    if ((first & 112) !== 0) return this.#fault("protocol", "a frame has bits that nobody has agreed on");
    if ((second & 128) !== 0 !== this.#rules.isMasked) {
      return this.#fault("protocol", this.#rules.isMasked ? "a frame is not masked" : "a server masks its frames");
    }
    if (!Object.values<number>(OPCODES).includes(opcode)) return this.#fault("protocol", "a frame is of no known kind");
    if (isControl && (length > MAX_CONTROL || !isLast)) {
      return this.#fault("protocol", "a frame that is no message is too long, or in parts");
    }
    if (!isControl && (opcode === OPCODES.continuation) !== (this.#kind !== undefined)) {
      return this.#fault("protocol", "a message begins amid another, or goes on without one");
    }
    if (opcode === OPCODES.binary) return this.#fault("unsupported", "messages are text");
    if (!isControl && this.#size + length > this.#rules.maxMessage) {
      return this.#fault("tooBig", `a message has at most ${this.#rules.maxMessage} bytes`);
    }
    if (!isControl) this.#kind ??= opcode;
    this.#mask = this.#rules.isMasked ? this.#head.slice(this.#headLength - 4, this.#headLength) : undefined;
    this.#frame = { opcode, isLast, length };
    this.#filled = 0;
  }

  #readPayload(bytes: Uint8Array): number {
    const { opcode, length } = this.#frame!;
    const count = Math.min(bytes.length, length - this.#filled);
    if (opcode >= 8) this.#unmask(bytes.subarray(0, count), this.#control, this.#filled);
    else {
      this.#unmask(bytes.subarray(0, count), this.#room(count), this.#size);
      this.#size += count;
    }
    this.#filled += count;
    return count;
  }

  /** A buffer with room for so many bytes more: it grows with what has come, not with what was announced. */
  #room(count: number): Uint8Array {
    const needed = this.#size + count;
    if (this.#message === undefined || this.#message.length < needed) {
      const larger = new Uint8Array(Math.min(this.#rules.maxMessage, Math.max(needed, 2 * this.#size)));
      if (this.#message !== undefined) larger.set(this.#message.subarray(0, this.#size));
      this.#message = larger;
    }
    return this.#message;
  }

  #unmask(bytes: Uint8Array, into: Uint8Array, at: number): void {
    into.set(bytes, at);
    const mask = this.#mask;
    if (mask === undefined) return;
    for (let i = 0; i < bytes.length; i++) into[at + i]! ^= mask[(this.#filled + i) & 3]!;
  }

  #finishFrame(
    { opcode, isLast, length }: { readonly opcode: number; readonly isLast: boolean; readonly length: number },
  ): void {
    this.#frame = undefined;
    this.#headLength = 0;
    this.#filled = 0;
    const payload = this.#control.subarray(0, length);
    if (opcode === OPCODES.ping) this.#sink.ping(payload);
    else if (opcode === OPCODES.close) this.#close(payload);
    else if (opcode !== OPCODES.pong && isLast) this.#finishMessage();
  }

  #finishMessage(): void {
    const message = this.#message?.subarray(0, this.#size) ?? new Uint8Array();
    this.#message = undefined;
    this.#size = 0;
    this.#kind = undefined;
    this.#complete++;
    if (textOf(message) === undefined) this.#fault("notText", "a message is not UTF-8");
    else this.#sink.text(message);
  }

  #close(payload: Uint8Array): void {
    if (payload.length === 0) return this.#closed(NO_CODE, "");
    const code = payload[0]! * 256 + (payload[1] ?? 0);
    const reason = textOf(payload.subarray(2));
    if (payload.length === 1 || !isCloseCode(code)) {
      return this.#fault("protocol", "a closing frame has no code that there is");
    }
    if (reason === undefined) return this.#fault("notText", "a closing frame is not UTF-8");
    this.#closed(code, reason);
  }

  #closed(code: number, reason: string): void {
    this.#isOver = true;
    this.#sink.close(code, reason);
  }

  #fault(code: keyof typeof CLOSE_CODES, why: string): void {
    this.#isOver = true;
    this.#frame = undefined;
    this.#message = undefined;
    this.#sink.fault(CLOSE_CODES[code], why);
  }
}

/** How long the head of a frame is, by its second byte. */
function headLength(second: number): number {
  const short = second & 127;
  return 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (second & 128 ? 4 : 0);
}

function payloadLength(head: Uint8Array): number {
  const short = head[1]! & 127;
  if (short < 126) return short;
  return head.subarray(2, short === 126 ? 4 : 10).reduce((length, byte) => length * 256 + byte, 0);
}

/** Whether a closing frame may have this code (RFC 6455, 7.4). */
function isCloseCode(code: number): boolean {
  return code >= 1000 && code < 5000 && (code >= 3000 || code <= 1014 && ![1004, 1005, 1006].includes(code));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * One frame, whole.
 *
 * @param mask four bytes, for the frames of a client.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...encodeWebFrame(OPCODES.text, new TextEncoder().encode("hi"))], [0x81, 2, 104, 105]);
 * ```
 */
export function encodeWebFrame(opcode: number, payload: Uint8Array, mask?: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = new Uint8Array(2 + extended + (mask?.length ?? 0) + length);
  frame[0] = 128 | opcode;
  frame[1] = (mask === undefined ? 0 : 128) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  for (let i = 0, rest = length; i < extended; i++, rest = Math.floor(rest / 256)) frame[1 + extended - i] = rest % 256;
  const start = frame.length - length;
  frame.set(payload, start);
  if (mask !== undefined) {
    frame.set(mask, start - 4);
    for (let i = 0; i < length; i++) frame[start + i]! ^= mask[i & 3]!;
  }
  return frame;
}

/** What a closing frame carries: a code, and a reason of at most 123 bytes. */
export function closePayload(code: number, reason: string): Uint8Array {
  const words = encoder.encode(reason).subarray(0, MAX_CONTROL - 2);
  return Uint8Array.of(code >> 8, code & 255, ...words);
}
