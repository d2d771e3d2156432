/**
 * Finds messages in the text of a server whose document pins no bytes: by the mark that each body begins with.
 *
 * @module
 */

import type { StressHost } from "../driver.ts";

const MARK = /#\d{1,9}:(\d{1,8}):\d;/;
/** Names of one run have so many characters in common. */
const COMMON = 5;
/** No more is kept of text without a message, in characters. */
const KEPT = 4_096;
/** Where a server reads a message a read, two of them are so far apart, in milliseconds. */
const APART = 110;

/** Reads what comes, and tells the host of each message. */
export class MarkedText {
  readonly #host: StressHost;
  readonly #names: RegExp;
  #unread = "";

  constructor(host: StressHost) {
    this.#host = host;
    this.#names = new RegExp(`${host.name.slice(0, COMMON)}[A-Za-z0-9]*`, "g");
  }

  /** The next bytes; the last ones may be in the middle of a message. */
  push(bytes: Uint8Array): void {
    this.#unread += latin1.decode(bytes);
    for (;;) {
      const mark = MARK.exec(this.#unread);
      if (mark === null) {
        this.#unread = this.#unread.slice(-KEPT);
        return;
      }
      const end = mark.index + Math.max(Number(mark[1]), mark[0].length);
      if (this.#unread.length < end) return;
      const from = this.#unread.slice(0, mark.index).match(this.#names)?.at(-1) ?? "nobody";
      const body = Uint8Array.from(this.#unread.slice(mark.index, end), (char) => char.charCodeAt(0));
      this.#unread = this.#unread.slice(end);
      if (this.#host.arrive(from, body).garbled !== undefined) this.#host.garbled("text behind that");
    }
  }
}

const latin1 = new TextDecoder("latin1");
const encoder = new TextEncoder();

/** Writes lines; to a server that reads a message a read, without their ends and far apart. */
export class LineSender {
  readonly #host: StressHost;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #waiting: Uint8Array[] = [];
  /** Whether the server has no lines. */
  isPaced = false;

  /** @param write sends bytes. */
  constructor(host: StressHost, write: (bytes: Uint8Array) => void) {
    this.#host = host;
    this.#write = write;
  }

  /** Sends a line: text before a body, and the body. */
  send(text: string, body: Uint8Array = new Uint8Array(0), sent: () => void = () => {}): void {
    const line = new Uint8Array([...encoder.encode(text), ...body, ...this.isPaced ? [] : [10]]);
    if (!this.isPaced) {
      this.#write(line);
      return sent();
    }
    this.#waiting.push(line);
    const next = (): void => {
      if (this.#host.isFrozen) return void this.#host.after(APART, next);
      this.#write(this.#waiting[0]!);
      sent();
      this.#host.after(APART, () => {
        this.#waiting.shift();
        if (this.#waiting.length > 0) next();
      });
    };
    if (this.#waiting.length === 1) next();
  }
}
