/**
 * What stands before a frame's message: two IDs and a size, read byte by byte.
 *
 * @module
 */

/** The ID of the server itself. */
export const SERVER_ID = 1;
/** The lowest ID that a client can have. */
export const FIRST_ID = 2;
/** The highest ID. */
export const LAST_ID = 255;
/** What counts as the ID where a field holds none: text, a sign, a leading zero, a number past {@linkcode LAST_ID}. */
export const NO_ID = 0;

/** The longest field for an ID, in bytes: room for what is none, so that its frame can be skipped, within bounds. */
export const MAX_FIELD = 32;
/** The most digits of a size: whatever it says can be counted without loss. */
export const MAX_SIZE_DIGITS = 15;

/** Why nobody can say where the next frame begins. */
export type FrameHeaderFault =
  /** A field for an ID does not end within {@linkcode MAX_FIELD} bytes. */
  | "endless-id"
  /** The third field is neither a size nor `ACK` (`frame/size-mismatch`). */
  | "bad-size";

/** What a header is with the byte that came last. */
export type HeaderState =
  /** More of it must come. */
  | "unfinished"
  /** A message of {@linkcode HeaderReader.size} bytes follows. */
  | "message"
  /** `ACK`: that was all of the frame. */
  | "ack"
  /** It cannot be read. */
  | FrameHeaderFault;

const ZERO = 0x30;
const OPENING = 0x5b;
const CLOSING = 0x5d;
const NEWLINE = 0x0a;
const RETURN = 0x0d;
const ACK = new TextEncoder().encode("ACK");
/** Marks the number of a field that holds none. */
const NOT_A_NUMBER = -1;

/**
 * Reads one header after the other. Nothing of it is kept but numbers, and what cannot become a size is told at its
 * first wrong byte: its sender may be waiting for an answer.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reader = new HeaderReader();
 * const states = [...new TextEncoder().encode("2][37][5][")].map((byte) => reader.take(byte));
 * assertEquals(states.at(-1), "message");
 * assertEquals([reader.source, reader.destination, reader.size], [2, 37, 5]);
 * ```
 */
export class HeaderReader {
  /** Who sends, of the header that was read last; {@linkcode NO_ID} if that was no ID. */
  source: number = NO_ID;
  /** For whom; {@linkcode NO_ID} if that was no ID. */
  destination: number = NO_ID;
  /** How many bytes the message has. */
  size = 0;
  #field: "source" | "destination" | "size" = "source";
  /** How many bytes the field has so far. */
  #length = 0;
  /** The number that it holds so far. */
  #number = 0;
  /** Whether the last byte was `]`, which with `[` behind it ends the field. */
  #afterClosing = false;
  #isAck = false;

  /** Whether no byte of the next header has come. */
  get isBetween(): boolean {
    return this.#field === "source" && this.#length === 0 && !this.#afterClosing;
  }

  /** Reads the next byte. Line breaks between frames are nobody's: people who write a frame by hand press Enter. */
  take(byte: number): HeaderState {
    if (this.#field === "size") return this.#takeSize(byte);
    if (this.isBetween && (byte === NEWLINE || byte === RETURN)) return "unfinished";
    return this.#takeId(byte, this.#field);
  }

  #takeId(byte: number, field: "source" | "destination"): HeaderState {
    if (this.#afterClosing && byte === OPENING) {
      this[field] = Math.max(this.#number, NO_ID);
      this.#next(field === "source" ? "destination" : "size");
      return "unfinished";
    }
    if (this.#afterClosing) this.#lengthen(false);
    this.#afterClosing = byte === CLOSING;
    if (!this.#afterClosing) this.#lengthen(this.#takesDigit(byte) && this.#number <= LAST_ID);
    return this.#length > MAX_FIELD ? "endless-id" : "unfinished";
  }

  #lengthen(isNumber: boolean): void {
    this.#length++;
    if (!isNumber) this.#number = NOT_A_NUMBER;
  }

  #takeSize(byte: number): HeaderState {
    if (this.#isAck || (this.#length === 0 && byte === ACK[0])) return this.#takeAck(byte);
    if (this.#afterClosing) {
      if (byte !== OPENING) return "bad-size";
      this.size = this.#number;
      this.#next("source");
      return "message";
    }
    this.#afterClosing = byte === CLOSING && this.#length > 0;
    if (this.#afterClosing) return "unfinished";
    if (this.#length === MAX_SIZE_DIGITS || !this.#takesDigit(byte)) return "bad-size";
    this.#length++;
    return "unfinished";
  }

  #takeAck(byte: number): HeaderState {
    this.#isAck = true;
    if (byte !== ACK[this.#length]) return "bad-size";
    this.#length++;
    if (this.#length < ACK.length) return "unfinished";
    this.#next("source");
    return "ack";
  }

  /** Adds a digit to the number, unless it is none, or follows a leading zero. */
  #takesDigit(byte: number): boolean {
    const digit = byte - ZERO;
    if (digit < 0 || digit > 9 || this.#number < 0 || (this.#number === 0 && this.#length > 0)) return false;
    this.#number = this.#number * 10 + digit;
    return true;
  }

  #next(field: "source" | "destination" | "size"): void {
    this.#field = field;
    this.#length = 0;
    this.#number = 0;
    this.#afterClosing = false;
    this.#isAck = false;
  }
}
