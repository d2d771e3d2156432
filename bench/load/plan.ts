/**
 * What the load generator is to do, as it reads it: see bench/c/load/main.c.
 *
 * @module
 */

const encoder = new TextEncoder();

/**
 * Bytes, or the text that they spell. Somewhere in them, `NUMBER` stands for the number of the message (or of the visitor), six digits
 * that begin with 000000; or `SPACED` for the same from 1 on, in six places with blanks in front.
 */
export type Content = string | Uint8Array;

/** Connections that exchange confirmed messages, by the numbers that {@linkcode Plan.stream} gave them. */
export interface Exchange {
  /** The connection that sends requests and reads confirmations. */
  readonly sender: number;
  /** The connections that read what was delivered and answer it. */
  readonly receivers: readonly number[];
  /** What the sender writes for one message. */
  readonly request: Content;
  /** What then arrives at each receiver. */
  readonly delivered: Content;
  /** What a receiver answers; empty where the server confirms by itself. */
  readonly answer: Content;
  /** What then arrives at the sender. */
  readonly confirmed: Content;
  /** Whether `delivered` and `confirmed` are only the end of what arrives: for a server that numbers its messages. */
  readonly byEnd?: boolean;
  /** What the server may say in between, and what it wants to hear. */
  readonly aside?: { readonly said: Content; readonly reply: Content };
}

/** A plan: connections and what is said on them until they are ready, and then the load. */
export class Plan {
  readonly #parts: Uint8Array[] = [];
  #links = 0;

  /** Connects to the server; what follows is said on this connection. */
  stream(): number {
    this.#word("stream");
    return this.#links++;
  }

  /** The same with datagrams, from this port. */
  datagrams(ownPort: number): number {
    this.#word("datagrams", ownPort);
    return this.#links++;
  }

  /** What follows is said on this connection. */
  on(link: number): void {
    this.#word("on", link);
  }

  /** Writes these bytes. */
  send(content: Content): void {
    this.#content("send", content);
  }

  /** Reads exactly these bytes, or fails. */
  expect(content: Content): void {
    this.#content("expect", content);
  }

  /** Reads up to and with these bytes. */
  until(content: Content): void {
    this.#content("until", content);
  }

  /** Keeps so many messages in flight. */
  exchange(exchange: Exchange, inFlight: number): void {
    this.#exchange(exchange, inFlight);
  }

  /** Sends a message every so many milliseconds, whatever becomes of those before it, and counts none. Receivers that stall read nothing. */
  feed(exchange: Exchange, every: number, stalls: boolean): void {
    this.#exchange(exchange, 1, stalls);
    this.#word("every", every);
  }

  /** All that follows is done by so many visitors at once, who leave when they are done, again and again. */
  arrivals(atOnce: number): void {
    this.#word("arrivals", atOnce);
    this.#links = 0;
  }

  /** The plan for a server, with nothing to do but hold its connections until its input ends. */
  held(port: number): Uint8Array<ArrayBuffer> {
    return this.#whole([`server ${port} 0`, "hold"]);
  }

  /** The plan for a server, its process, and how long to drive it before anything counts, and then, in milliseconds. */
  driven(port: number, pid: number, warmup: number, duration: number): Uint8Array<ArrayBuffer> {
    return this.#whole([`server ${port} ${pid}`, `window ${warmup} ${duration}`]);
  }

  #exchange(exchange: Exchange, inFlight: number, stalls = false): void {
    const { sender, receivers, aside, byEnd = false, ...contents } = exchange;
    this.#word("exchange", sender, inFlight);
    for (const receiver of receivers) this.#word(stalls ? "stalls" : "receiver", receiver);
    if (byEnd) this.#word("by-end");
    for (const [word, content] of Object.entries({ ...contents, ...aside })) this.#content(word, content);
  }

  #word(...words: (string | number)[]): void {
    this.#parts.push(encoder.encode(`${words.join(" ")}\n`));
  }

  #content(word: string, content: Content): void {
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    this.#word(word, bytes.length);
    this.#parts.push(bytes, encoder.encode("\n"));
  }

  #whole(lines: readonly string[]): Uint8Array<ArrayBuffer> {
    const parts = [encoder.encode(`${lines.join("\n")}\n`), ...this.#parts, encoder.encode("go\n")];
    const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** A body of so many bytes. */
export function bodyOf(size: number): string {
  return "x".repeat(size);
}

/** A name of seven characters, so that the messages of all pairs are equally long. */
export function nameOf(letter: string, index: number): string {
  return `${letter}${String(index).padStart(6, "0")}`;
}
