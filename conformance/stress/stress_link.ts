/**
 * A client's connection, to which faults are done.
 *
 * @module
 */

import type { CloseReason } from "../../lib/core/close_reason.ts";
import type { Endpoint, HalfClosingLink } from "../../lib/core/link.ts";
import type { Runtime } from "../../lib/core/runtime.ts";
import { FaultyDatagrams } from "./drivers/faulty_datagrams.ts";

/** So much of each write goes byte by byte where that is asked for, in bytes: a large body would take all the time there is. */
const BYTE_WISE = 48;

/** Who is told what happens on it. */
export interface StressLinkEvents {
  /** Bytes have come; they are only valid during this call. */
  receive(bytes: Uint8Array): void;
  /** It is closed, by the server unless we have done it. */
  closed(reason: CloseReason): void;
}

/** Writes as a fault wants it. */
export class StressLink {
  /** Whether what is written goes byte by byte. */
  isByteWise = false;
  readonly #link: HalfClosingLink;
  readonly #runtime: Runtime;
  readonly #waiting: Uint8Array[] = [];
  #cuts = false;
  #isClosed = false;

  /** Starts reading. */
  constructor(link: HalfClosingLink, runtime: Runtime, events: StressLinkEvents) {
    this.#link = link;
    this.#runtime = runtime;
    link.start({
      receive: (bytes) => events.receive(bytes),
      ended: () => link.end("left"),
      closed: (reason) => {
        this.#isClosed = true;
        events.closed(reason);
      },
    });
  }

  /** Where the server is. */
  get remote(): Endpoint {
    return this.#link.remote;
  }

  /** Where the server reaches us, if we speak in datagrams. */
  get local(): Endpoint | undefined {
    return this.datagrams?.local;
  }

  /** The port, if we speak in datagrams. */
  get datagrams(): FaultyDatagrams | undefined {
    return this.#link instanceof FaultyDatagrams ? this.#link : undefined;
  }

  /** Sends a message, whole or as the faults of the moment have it. */
  write(message: Uint8Array): void {
    if (this.#isClosed) return;
    if (this.#cuts) {
      this.#cuts = false;
      // Behind a message that has not gone whole, half of another one would seem to be a part of it.
      if (this.#waiting.length === 0) this.#link.write(message.subarray(0, message.length >> 1));
      return this.#link.end("done");
    }
    if (!this.isByteWise && this.#waiting.length === 0) return this.#link.write(message);
    const isIdle = this.#waiting.length === 0;
    const head = Math.min(this.isByteWise ? BYTE_WISE : 0, message.length);
    for (let i = 0; i < head; i++) this.#waiting.push(message.slice(i, i + 1));
    if (head < message.length) this.#waiting.push(message.slice(head));
    if (isIdle) this.#next();
  }

  /** Writes half of the next message and closes. */
  cutNext(): void {
    this.#cuts = true;
  }

  /** Reads nothing until it {@linkcode resume}s. */
  pause(): void {
    this.#link.pause();
  }

  /** Reads on. */
  resume(): void {
    this.#link.resume();
  }

  /** Says that this was all, and goes on reading. */
  finish(): void {
    this.#link.finish();
  }

  /** Closes in good order. */
  end(): void {
    this.#link.end("done");
  }

  /** Breaks off. */
  reset(): void {
    if (this.#link.reset === undefined) this.#link.abort("done");
    else this.#link.reset("done");
  }

  /** Writes what waits to be written byte by byte. */
  flush(): void {
    this.isByteWise = false;
    // The first is written, and waits for the next one's turn.
    for (const piece of this.#waiting.splice(0).slice(1)) this.#link.write(piece);
  }

  #next(): void {
    const piece = this.#waiting[0];
    if (piece === undefined || this.#isClosed) return;
    this.#link.write(piece);
    // A millisecond apart, they are read one by one.
    this.#runtime.after(1, () => {
      this.#waiting.shift();
      this.#next();
    });
  }
}
