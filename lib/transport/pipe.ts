/**
 * One direction of a connection in memory.
 *
 * @module
 */

/** What a pipe does with what is written to it. */
export interface PipeOptions {
  /** Cuts what is written at once into the pieces in which it arrives; the pieces together must be the whole. */
  readonly segment?: (bytes: Uint8Array) => Iterable<Uint8Array>;
  /** How many bytes it holds before a writer must wait until half of that is free. 64 KiB by default. */
  readonly capacity?: number;
}

/** Bytes go in at one end and come out at the other, in order, as with a socket: one reader and one writer at a time. */
export class Pipe {
  readonly #segment: (bytes: Uint8Array) => Iterable<Uint8Array>;
  readonly #capacity: number;
  readonly #pieces: Uint8Array[] = [];
  #held = 0;
  #reader: Reader | undefined;
  #writer: Writer | undefined;
  #isStalled = false;
  #isFinished = false;
  #isBroken = false;

  /** Starts empty and open. */
  constructor(options: PipeOptions = {}) {
    this.#segment = options.segment ?? ((bytes) => [bytes]);
    this.#capacity = options.capacity ?? 65536;
  }

  /** How many bytes were written and not yet read. */
  get held(): number {
    return this.#held;
  }

  /** Reads from one piece as much as `buffer` takes, and says how much, or `null` at the end. Fails once it is broken. */
  read(buffer: Uint8Array): Promise<number | null> {
    if (this.#isBroken) return Promise.reject(new Error("the pipe is broken"));
    const { promise, resolve, reject } = Promise.withResolvers<number | null>();
    this.#reader = { buffer, resolve, reject };
    this.#move();
    return promise;
  }

  /** Writes as much as there is room for, waiting until there is any, and says how much. Fails once it is broken. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.#isBroken || this.#isFinished) return Promise.reject(new Error("the pipe is closed"));
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    this.#writer = { bytes, resolve, reject };
    this.#move();
    return promise;
  }

  /** Nothing more will be written: the reader gets what is held, and then the end. */
  finish(): void {
    this.#isFinished = true;
    this.#writer?.reject(new Error("the pipe is closed"));
    this.#writer = undefined;
    this.#move();
  }

  /** Loses what is held; whoever reads or writes fails, now and from now on. */
  break(): void {
    this.#isBroken = true;
    this.#pieces.length = this.#held = 0;
    this.#reader?.reject(new Error("the pipe is broken"));
    this.#writer?.reject(new Error("the pipe is broken"));
    this.#reader = this.#writer = undefined;
  }

  /** Lets nothing out until {@linkcode Pipe.release}. */
  stall(): void {
    this.#isStalled = true;
  }

  /** Ends what {@linkcode Pipe.stall} began. */
  release(): void {
    this.#isStalled = false;
    this.#move();
  }

  /** Takes in and lets out what it can. */
  #move(): void {
    this.#takeIn();
    if (this.#isStalled || this.#reader === undefined) return;
    const { buffer, resolve } = this.#reader;
    const piece = this.#pieces[0];
    if (piece !== undefined) {
      const count = Math.min(piece.length, buffer.length);
      buffer.set(piece.subarray(0, count));
      if (count === piece.length) this.#pieces.shift();
      else this.#pieces[0] = piece.subarray(count);
      this.#held -= count;
      this.#reader = undefined;
      resolve(count);
      this.#takeIn();
    } else if (this.#isFinished) {
      this.#reader = undefined;
      resolve(null);
    }
  }

  #takeIn(): void {
    const room = this.#capacity - this.#held;
    if (this.#writer === undefined) return;
    const { bytes, resolve } = this.#writer;
    // As with a socket, a full pipe has room again only when much was read: else all would arrive in crumbs.
    if (room < bytes.length && room < this.#capacity / 2) return;
    const taken = bytes.slice(0, room);
    for (const piece of this.#segment(taken)) if (piece.length > 0) this.#pieces.push(piece);
    this.#held += taken.length;
    this.#writer = undefined;
    resolve(taken.length);
  }
}

interface Reader {
  readonly buffer: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: Error) => void;
}

interface Writer {
  readonly bytes: Uint8Array;
  readonly resolve: (count: number) => void;
  readonly reject: (error: Error) => void;
}
