/**
 * A frame client that speaks by hand, and does only what a test says.
 *
 * @module
 */

import type { Endpoint } from "../lib/core/link.ts";

/** How long anything may take to arrive before a test gives up, in milliseconds. */
const PATIENCE_MS = 10_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One connection; disposing it closes it. */
export class FramePeer implements AsyncDisposable {
  readonly #connection: Deno.TcpConn;
  #unread = "";

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
  }

  /** Connects, and waits for nothing. */
  static async connect({ hostname, port }: Endpoint): Promise<FramePeer> {
    return new FramePeer(await Deno.connect({ hostname, port }));
  }

  /** Sends text as it is, as much as the server takes. */
  async send(text: string): Promise<void> {
    let bytes = encoder.encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
    } catch {
      // The server has closed, which whoever reads finds out.
    }
  }

  /** Waits for text that a pattern matches from its beginning, takes it, and gives the match. */
  async read(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#unread);
      if (match !== null && match.index === 0) {
        this.#unread = this.#unread.slice(match[0].length);
        return match;
      }
      const more = await this.#more();
      if (more === undefined) throw new Error(`the server closed, and said ${JSON.stringify(this.#unread)}`);
      this.#unread += more;
    }
  }

  /** Waits for the ID, where nothing else is sent with it. */
  async id(): Promise<number> {
    return Number((await this.read(/[0-9]+/))[0]);
  }

  /** Waits until the server closes, and gives all that came before. */
  async rest(): Promise<string> {
    for (let more = await this.#more(); more !== undefined; more = await this.#more()) this.#unread += more;
    return this.#unread;
  }

  /** Leaves. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    return Promise.resolve();
  }

  /** What came next, or `undefined` at the end. */
  async #more(): Promise<string | undefined> {
    const buffer = new Uint8Array(65_536);
    const late = setTimeout(() => this.#connection.close(), PATIENCE_MS);
    try {
      const count = await this.#connection.read(buffer);
      return count === null ? undefined : decoder.decode(buffer.subarray(0, count), { stream: true });
    } catch (error) {
      if (error instanceof Deno.errors.ConnectionReset) return undefined;
      throw new Error(`nothing more came than ${JSON.stringify(this.#unread)}`, { cause: error });
    } finally {
      clearTimeout(late);
    }
  }
}

/** A frame as it is sent. */
export function frame(from: number, to: number, text: string): string {
  return `${from}][${to}][${encoder.encode(text).length}][${text}`;
}
