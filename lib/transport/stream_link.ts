/**
 * A link over anything that reads and writes bytes as promises: the one implementation behind TCP and memory.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, Holder, LinkHandler } from "../core/link.ts";
import type { CloseReason } from "../core/close_reason.ts";
import type { Queued, QueueOwner } from "../core/queued.ts";
import type { LinkSettings, Runtime, Timer } from "../core/runtime.ts";
import { BufferPool } from "./buffers.ts";
import { DEFAULT_MAX_QUEUE, Outbox } from "./outbox.ts";
import { ReadBuffer } from "./read_buffer.ts";
import { REAL_TIME } from "./real_time.ts";
import type { Reader, ReadingRounds } from "./reading_rounds.ts";
import { type Watched, WriteWatch } from "./write_watch.ts";

/** What a link is laid over: the part of `Deno.Conn` (TCP or TLS) that it needs. One read and one write at a time. */
export interface ByteStream {
  /** Reads at least one byte into `buffer` and says how many: 0 or `null` at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Writes at least one byte of `bytes` and says how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Tells the peer that nothing more will be written. */
  closeWrite(): Promise<void>;
  /** Closes both directions at once; reads and writes that are pending fail. */
  close(): void;
  /** Whether closing says to a peer as well that nothing more comes, as `closeWrite` does: TCP does, TLS has a word for it. */
  readonly closingEnds?: boolean;
  /** The same, and the peer finds its connection reset. Where there is no such thing, it finds it closed. */
  reset?(): void;
}

/** Limits of a link, and what it shares with others. */
export interface LinkOptions extends LinkSettings {
  /** Where buffers are borrowed. Its own by default. */
  readonly pool?: BufferPool;
  /** What minds the write timeout. Its own by default. */
  readonly watch?: WriteWatch;
  /** Who says when it may read again after it has read. By default it reads on at once. */
  readonly rounds?: ReadingRounds;
  /** The time. Real time by default. */
  readonly runtime?: Runtime;
}

/** How long a peer may take none of what is written to it where nothing else is said, in milliseconds. */
export const DEFAULT_WRITE_TIMEOUT = 10_000;

/** How much an ended link throws away while it waits for its peer to close, in bytes. */
const MAX_DISCARDED = 4 * 1024 * 1024;

/** A read of so many bytes is watched for how long it takes to deal with them: whoever sends so much may do so all the time. */
const MUCH = 4_096;

const HOLDER_BIT: Readonly<Record<Holder, number>> = { session: 1, server: 2, broadcasts: 4 };

/** Those that have something to write since the last turn. */
let toFlush: StreamLink[] = [];

function flushAll(): void {
  const links = toFlush;
  toFlush = [];
  for (const link of links) link.flush();
}

/** A {@linkcode Link} over a {@linkcode ByteStream}, which it owns from then on. */
export class StreamLink implements HalfClosingLink, Reader, Watched, QueueOwner {
  /** The peer's address. */
  readonly remote: Endpoint;
  readonly #stream: ByteStream;
  readonly #options: LinkOptions;
  readonly #rounds: ReadingRounds | undefined;
  readonly #watch: WriteWatch;
  readonly #incoming: ReadBuffer;
  readonly #memory: Queued | undefined;
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
  /** Puts an end to the ending. */
  #timer: Timer | undefined;

  /** @param stream must be open. */
  constructor(stream: ByteStream, remote: Endpoint, options: LinkOptions = {}) {
    this.#stream = stream;
    this.remote = remote;
    this.#options = options;
    this.#rounds = options.rounds;
    this.#rounds?.join();
    this.#watch = options.watch ?? new WriteWatch(this.#writeTimeout, options.runtime);
    const pool = options.pool ?? new BufferPool();
    this.#incoming = new ReadBuffer(pool, options.pieceSize);
    this.#memory = options.queued?.open(this);
    this.#outbox = new Outbox(pool, options.maxQueue ?? DEFAULT_MAX_QUEUE, this.#memory);
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
    // Whoever has left, and is owed nothing, need not be waited for.
    if (this.#peerHasEnded && this.#stream.closingEnds === true && !this.#isWriting) return this.#close(reason);
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

  /** See {@linkcode HalfClosingLink.reset}. */
  reset(reason: CloseReason): void {
    if (!this.#isClosed) this.#stream.reset?.();
    this.abort(reason);
  }

  /** How many bytes were handed over so far, while more wait; `undefined` while none do. See {@linkcode WriteWatch}. */
  get progress(): number | undefined {
    return this.#isWriting && this.#state === "open" ? this.#outbox.handedOver : undefined;
  }

  /** How many bytes wait to be handed over. */
  get queued(): number {
    return this.#outbox.queued;
  }

  /** None of what waits was taken for too long. */
  stuck(): void {
    this.#close("slow-reader");
  }

  /** Too much waits for all peers together, and the most for this one. */
  giveUp(): void {
    this.abort("slow-reader");
  }

  get #writeTimeout(): number {
    return this.#options.writeTimeout ?? DEFAULT_WRITE_TIMEOUT;
  }

  /** A getter, because the compiler takes it for settled within a method that waits. */
  get #isClosed(): boolean {
    return this.#state === "closed";
  }

  get #wantsBytes(): boolean {
    if (this.#peerHasEnded) return false;
    if (this.#state === "ending") return true;
    return this.#state === "open" && this.#holders === 0 && this.#handler !== undefined;
  }

  /** Reads on unless there is a reason not to. */
  #read(): void {
    if (this.#isReading) return;
    if (!this.#wantsBytes) return this.#incoming.giveBack();
    this.#isReading = true;
    this.#stream.read(this.#incoming.get()).then(this.#wasRead, this.#readFailed);
  }

  // Not a loop that awaits: for an idle link, which waits for ever, that would keep twice as much memory.
  readonly #wasRead = (count: number | null): void => {
    const isMuch = this.#rounds !== undefined && count !== null && count >= MUCH;
    const began = isMuch ? performance.now() : 0;
    if (count === null || count === 0) this.#peerEnded();
    else {
      this.#received(this.#incoming.get().subarray(0, count));
      this.#incoming.wasRead(count);
    }
    this.#isReading = false;
    if (this.#rounds !== undefined && this.#wantsBytes) {
      if (isMuch) this.#rounds.hasReadMuch(this, performance.now() - began);
      else this.#rounds.hasRead(this);
    } else this.#read();
  };

  /** See {@linkcode Reader.readOn}. */
  readOn(): void {
    this.#read();
  }

  readonly #readFailed = (): void => {
    this.#isReading = false;
    this.#incoming.giveBack();
    this.#fail();
  };

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
    // The rest of this turn may have more to say.
    if (toFlush.push(this) === 1) queueMicrotask(flushAll);
  }

  /** Writes what is queued: called once for all that was queued in a turn. */
  flush(): void {
    if (this.#isClosed) return;
    try {
      this.#outbox.advance(0);
      this.#writeNext();
    } catch (error) {
      this.#fault(error);
    }
  }

  // Not a loop that awaits: each message would make several promises, and a function that is suspended.
  #writeNext(): void {
    const bytes = this.#outbox.next();
    if (bytes !== undefined) {
      this.#watch.add(this);
      this.#stream.write(bytes).then(this.#wasWritten, this.#writeFailed);
      return;
    }
    this.#isWriting = false;
    if (this.#state === "ending" || this.#isFinished) this.#tellEnd();
  }

  readonly #wasWritten = (count: number): void => {
    this.#rounds?.hasWritten();
    if (this.#isClosed) return;
    try {
      this.#outbox.advance(count);
      this.#writeNext();
    } catch (error) {
      this.#fault(error);
    }
  };

  readonly #writeFailed = (): void => this.#fail();

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

  #closeAfter(delay: number): void {
    this.#timer?.cancel();
    this.#timer = (this.#options.runtime ?? REAL_TIME).after(delay, () => this.#close(this.#reason));
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
    this.#timer?.cancel();
    this.#watch.remove(this);
    this.#rounds?.leave();
    this.#memory?.close();
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
