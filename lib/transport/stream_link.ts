/**
 * A link over anything that reads and writes bytes as promises: the one implementation behind TCP and memory.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, Holder, LinkHandler } from "../chat/link.ts";
import type { CloseReason } from "../chat/reasons.ts";
import { BufferPool } from "./buffers.ts";
import { DEFAULT_MAX_QUEUE, Outbox } from "./outbox.ts";
import { ReadBuffer } from "./read_buffer.ts";

/** What a link is laid over: the part of `Deno.Conn` (TCP or TLS) that it needs. One read and one write at a time. */
export interface ByteStream {
  /** Reads at least one byte into `buffer` and says how many, or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes at least one byte of `bytes` and says how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Tells the peer that nothing more will be written. */
  closeWrite(): Promise<void>;
  /** Closes both directions at once; reads and writes that are pending fail. */
  close(): void;
}

/** Limits of a link, and what it shares with others. */
export interface LinkOptions {
  /** How many bytes may wait to be written before the peer counts as a slow reader. 1 MiB by default. */
  readonly maxQueue?: number;
  /** How long a peer may take none of what is written to it, in milliseconds. 10 s by default. */
  readonly writeTimeout?: number;
  /** How long an ended link waits for its peer to close too, in milliseconds. 2 s by default. */
  readonly lingerTimeout?: number;
  /**
   * Told about an error that a handler or callback threw; its link was aborted with the reason `fault`, others go on.
   * By default the error is reported as uncaught, which ends the program unless it listens for that.
   */
  readonly onFault?: (error: unknown) => void;
  /** Where buffers are borrowed. Its own by default. */
  readonly pool?: BufferPool;
}

/** How much an ended link throws away while it waits for its peer to close, in bytes. */
const MAX_DISCARDED = 4 * 1024 * 1024;
/** How often the progress of a write is looked at within the write timeout. */
const LOOKS_PER_TIMEOUT = 4;

const HOLDER_BIT: Readonly<Record<Holder, number>> = { session: 1, server: 2 };

/** A {@linkcode Link} over a {@linkcode ByteStream}, which it owns from then on. */
export class StreamLink implements HalfClosingLink {
  /** The peer's address. */
  readonly remote: Endpoint;
  readonly #stream: ByteStream;
  readonly #options: LinkOptions;
  readonly #pool: BufferPool;
  readonly #outbox: Outbox;
  #handler: LinkHandler | undefined;
  #state: "open" | "ending" | "closed" = "open";
  /** What `end` or `abort` was given, or what went wrong. */
  #reason: CloseReason = "lost";
  /** Who has paused it, a bit each: a set for each of thousands of links would cost more than the rest of them. */
  #holders = 0;
  #isReading = false;
  #isWriting = false;
  #peerHasEnded = false;
  #isFinished = false;
  #allIsWritten = false;
  #isTold = false;
  #discarded = 0;
  /** Watches a write while the link is open, or the end of everything while it is ending. */
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes the stream, which must be open, and the peer's address. */
  constructor(stream: ByteStream, remote: Endpoint, options: LinkOptions = {}) {
    this.#stream = stream;
    this.remote = remote;
    this.#options = options;
    this.#pool = options.pool ?? new BufferPool();
    this.#outbox = new Outbox(this.#pool, options.maxQueue ?? DEFAULT_MAX_QUEUE);
  }

  /** See {@linkcode Link.start}. */
  start(handler: LinkHandler): void {
    this.#handler = handler;
    if (this.#isClosed) this.#settleSoon();
    else this.#read();
  }

  /** See {@linkcode Link.write}. */
  write(bytes: Uint8Array): void {
    const isTaken = this.#state === "open" && !this.#isFinished;
    if (isTaken && this.#outbox.push(bytes)) return this.#flushSoon();
    // Whoever asks whether it was flushed must not be told that it was.
    this.#outbox.drop(bytes.length);
    if (isTaken) this.#close("slow-reader");
  }

  /** See {@linkcode Link.flushed}. */
  flushed(callback: (handedOver: boolean) => void): void {
    this.#outbox.whenHandedOver(callback);
    if (this.#isClosed) this.#settleSoon();
    else this.#flushSoon();
  }

  /** See {@linkcode Link.pause}. */
  pause(by: Holder = "session"): void {
    this.#holders |= HOLDER_BIT[by];
  }

  /** See {@linkcode Link.resume}. */
  resume(by: Holder = "session"): void {
    this.#holders &= ~HOLDER_BIT[by];
    this.#read();
  }

  /** See {@linkcode Link.end}. */
  end(reason: CloseReason): void {
    if (this.#state !== "open") return;
    this.#state = "ending";
    this.#reason = reason;
    this.#closeAfter(this.#writeTimeout);
    this.#flushSoon();
    this.#read();
  }

  /** See {@linkcode HalfClosingLink.finish}. */
  finish(): void {
    if (this.#state !== "open" || this.#isFinished) return;
    this.#isFinished = true;
    this.#flushSoon();
  }

  /** See {@linkcode Link.abort}. The reason of an earlier {@linkcode Link.end} stays. */
  abort(reason: CloseReason): void {
    this.#close(this.#state === "ending" ? this.#reason : reason);
  }

  get #writeTimeout(): number {
    return this.#options.writeTimeout ?? 10_000;
  }

  /** A getter, because the compiler takes it for settled within a method that waits. */
  get #isClosed(): boolean {
    return this.#state === "closed";
  }

  get #wantsBytes(): boolean {
    if (this.#state === "ending") return true;
    return this.#state === "open" && this.#holders === 0 && this.#handler !== undefined;
  }

  /** Reads on until there is a reason not to. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const buffer = new ReadBuffer(this.#pool);
    while (this.#wantsBytes && !this.#peerHasEnded) {
      const space = buffer.get();
      let count: number | null;
      try {
        count = await this.#stream.read(space);
      } catch {
        this.#fail();
        break;
      }
      if (count === null) this.#peerEnded();
      else {
        this.#received(space.subarray(0, count));
        buffer.wasRead(count);
      }
    }
    buffer.giveBack();
    this.#isReading = false;
  }

  #received(bytes: Uint8Array): void {
    if (this.#state === "open") {
      try {
        this.#handler!.receive(bytes);
      } catch (error) {
        this.#fault(error);
      }
    } else if (this.#state === "ending") {
      this.#discarded += bytes.length;
      if (this.#discarded > MAX_DISCARDED) this.#close(this.#reason);
    }
  }

  #peerEnded(): void {
    this.#peerHasEnded = true;
    if (this.#state === "open") {
      try {
        this.#handler!.ended();
      } catch (error) {
        this.#fault(error);
      }
    } else if (this.#allIsWritten) this.#close(this.#reason);
  }

  #flushSoon(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#flush();
  }

  /** Writes all that is queued now, and all that is queued meanwhile. */
  async #flush(): Promise<void> {
    // The rest of this turn may have more to say.
    await undefined;
    if (this.#isClosed) return;
    try {
      this.#outbox.advance(0);
      for (let bytes = this.#outbox.next(); bytes !== undefined; bytes = this.#outbox.next()) {
        let count: number;
        if (this.#timer === undefined) this.#watch();
        try {
          count = await this.#stream.write(bytes);
        } catch {
          this.#fail();
          return;
        }
        if (this.#isClosed) return;
        this.#outbox.advance(count);
      }
    } catch (error) {
      this.#fault(error);
    }
    this.#isWriting = false;
    if (this.#state === "ending" || this.#isFinished) this.#tellEnd();
  }

  /** The last byte is handed over: says so to the peer and waits for its own. */
  async #tellEnd(): Promise<void> {
    if (!this.#allIsWritten) {
      this.#allIsWritten = true;
      try {
        await this.#stream.closeWrite();
      } catch {
        return this.#fail();
      }
    } else if (!this.#isFinished) return;
    if (this.#state !== "ending") return;
    if (this.#peerHasEnded) this.#close(this.#reason);
    else this.#closeAfter(this.#options.lingerTimeout ?? 2_000);
  }

  /** Closes the link when none of what is written was taken for the write timeout, or up to a quarter longer. */
  #watch(looks = 0): void {
    const before = this.#outbox.handedOver;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#isWriting) return;
      const looksInVain = this.#outbox.handedOver === before ? looks + 1 : 0;
      if (looksInVain === LOOKS_PER_TIMEOUT) this.#close("slow-reader");
      else this.#watch(looksInVain);
    }, this.#writeTimeout / LOOKS_PER_TIMEOUT);
  }

  #closeAfter(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#close(this.#reason), delay);
  }

  /** A read or a write failed. */
  #fail(): void {
    if (this.#state === "ending") this.#close(this.#reason);
    else this.#close(this.#peerHasEnded ? "left" : "lost");
  }

  #fault(error: unknown): void {
    this.#close("fault");
    this.#report(error);
  }

  #report(error: unknown): void {
    (this.#options.onFault ?? reportError)(error);
  }

  #close(reason: CloseReason): void {
    if (this.#isClosed) return;
    this.#state = "closed";
    this.#reason = reason;
    clearTimeout(this.#timer);
    this.#stream.close();
    this.#settleSoon();
  }

  /** Calls back all who wait, and then the handler, which is told once. */
  #settleSoon(): void {
    queueMicrotask(() => {
      try {
        this.#outbox.clear();
        if (this.#handler === undefined || this.#isTold) return;
        this.#isTold = true;
        this.#handler.closed(this.#reason);
      } catch (error) {
        this.#report(error);
        this.#settleSoon();
      }
    });
  }
}
