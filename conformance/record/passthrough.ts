/**
 * Stands between clients and a server: passes on what either says as it is, and writes it down.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint, HalfClosingLink, LinkHandler } from "../../lib/core/link.ts";
import type { Listener, Network, Runtime, Timer } from "../../lib/core/runtime.ts";
import type { SessionEventKind, SessionHistory } from "./history.ts";

/** So many clients may be there at a time: one more is closed. */
const MOST_OPEN = 500;
/** The last client has gone when none is there and nothing has come for so long, in milliseconds. */
const GONE = 1_000;

/**
 * How links are that something is passed on by. Nobody is given up because they read slowly: a person may have stopped a program for a
 * while. What is written at once, which may be a message (room, slash), is passed on at once.
 */
export const PASSING = { writeTimeout: 600_000, pieceSize: 4096 } as const;

/** What a recording stands between, and who is told of it. */
export interface PassthroughOptions {
  /** Time. */
  readonly runtime: Runtime;
  /** Where clients come from. */
  readonly network: Pick<Network, "listen">;
  /** Where they connect. */
  readonly listen: Endpoint;
  /** Connects to the server. */
  connect(): Promise<HalfClosingLink>;
  /** Writes down what happens. */
  readonly history: SessionHistory;
  /** Told what a person should know, in a line. */
  readonly onNote: (text: string) => void;
}

/** Listens, and passes on. */
export class Passthrough {
  readonly #options: PassthroughOptions;
  readonly #listener: Listener;
  readonly #open = new Set<Passage>();
  readonly #over = Promise.withResolvers<void>();
  #timer: Timer | undefined;
  #connections = 0;
  #isOver = false;

  /** @throws {ChatError} `port-in-use`, `cannot-listen`. */
  constructor(options: PassthroughOptions) {
    this.#options = options;
    const settings = { ...PASSING, onFault: (error: unknown) => this.#fail(error) };
    this.#listener = options.network.listen(options.listen, settings, (link) => void this.#admit(link));
  }

  /** Where it listens. */
  get endpoint(): Endpoint {
    return this.#listener.endpoint;
  }

  /** How many clients have connected. */
  get connections(): number {
    return this.#connections;
  }

  /**
   * Settles when the last client has gone and anybody has said something, or when it is closed; rejects with an error of our own,
   * and with `unreachable` once the server takes no connections.
   */
  get over(): Promise<void> {
    return this.#over.promise;
  }

  /** Listens no more, closes what is open, and waits until that is done. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#listener.close();
    this.#over.resolve();
    await Promise.all([...this.#open].map((passage) => passage.close()));
  }

  #fail(error: unknown): void {
    this.#over.reject(error);
  }

  async #admit(client: HalfClosingLink): Promise<void> {
    if (this.#isOver) return client.abort("done");
    if (this.#open.size >= MOST_OPEN) {
      this.#options.onNote(`a client was closed: ${MOST_OPEN} are there already`);
      return client.abort("done");
    }
    const { history } = this.#options;
    const number = this.#connections++;
    const passage = new Passage(client, (kind, bytes) => {
      if (!this.#isOver) history.add(number, kind, bytes);
      this.#look();
    });
    this.#open.add(passage);
    void passage.closed.then(() => {
      this.#open.delete(passage);
      this.#look();
    });
    try {
      const server = await this.#options.connect();
      if (this.#isOver) server.abort("done");
      else passage.begin(server);
    } catch (error) {
      client.abort("done");
      this.#open.delete(passage);
      if (!(error instanceof ChatError)) return this.#fail(error);
      if (error.code === "unreachable" && history.events.length === 0) return this.#fail(error);
      this.#options.onNote(`the client from ${addressText(client.remote)} was closed: ${error.message}`);
      this.#look();
    }
  }

  /** Sees whether all have gone, and nobody comes in their place. */
  #look(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#isOver || ![...this.#open].every(({ hasGone }) => hasGone) || !this.#options.history.hasWords) return;
    this.#timer = this.#options.runtime.after(GONE, () => this.#over.resolve());
  }
}

/** What of a passage is written down. */
type Note = (kind: SessionEventKind, bytes?: Uint8Array) => void;

/** One client's way to the server, and back. */
class Passage {
  /** Settles when both of its links are closed. */
  readonly closed: Promise<void>;
  readonly #client: HalfClosingLink;
  readonly #note: Note;
  readonly #closed = Promise.withResolvers<void>();
  #server: HalfClosingLink | undefined;
  #left = 2;
  #clientHasEnded = false;
  #serverHasEnded = false;

  /** The client is not read before the server is there. */
  constructor(client: HalfClosingLink, note: Note) {
    this.#client = client;
    this.#note = note;
    this.closed = this.#closed.promise;
  }

  /** Whether the client has nothing more to say, or is not there any more. */
  get hasGone(): boolean {
    return this.#clientHasEnded || this.#serverHasEnded;
  }

  begin(server: HalfClosingLink): void {
    this.#server = server;
    this.#note("opened");
    this.#client.start(this.#clientSide(server));
    server.start(this.#serverSide(server));
  }

  async close(): Promise<void> {
    if (this.#server === undefined) return this.#client.abort("done");
    this.#clientHasEnded = true;
    this.#client.end("done");
    this.#server.end("done");
    await this.closed;
  }

  #clientSide(server: HalfClosingLink): LinkHandler {
    return {
      receive: (bytes) => this.#pass("sent", bytes, this.#client, server),
      ended: () => {
        this.#clientHasEnded = true;
        if (!this.#serverHasEnded) this.#note("client-ended");
        server.finish();
        this.#endIfAllIsSaid();
      },
      closed: () => {
        const isReset = !this.#clientHasEnded;
        this.#clientHasEnded = true;
        if (isReset && !this.#serverHasEnded) this.#note("client-reset");
        if (isReset && server.reset !== undefined) server.reset("lost");
        else server.end("done");
        this.#settle();
      },
    };
  }

  #serverSide(server: HalfClosingLink): LinkHandler {
    const over = () => {
      const isNews = !this.#serverHasEnded && !this.#isLost;
      this.#serverHasEnded = true;
      if (isNews) this.#note("server-closed");
    };
    return {
      receive: (bytes) => this.#pass("received", bytes, server, this.#client),
      ended: () => {
        over();
        this.#client.finish();
        this.#endIfAllIsSaid();
      },
      closed: () => {
        over();
        this.#client.end("done");
        this.#settle();
      },
    };
  }

  /** Whether a link of it is closed already, after which the other one closes in any case. */
  get #isLost(): boolean {
    return this.#left < 2;
  }

  /** Reads on when the other side has taken it. */
  #pass(kind: SessionEventKind, bytes: Uint8Array, from: HalfClosingLink, to: HalfClosingLink): void {
    this.#note(kind, bytes);
    to.write(bytes);
    from.pause();
    to.flushed(() => from.resume());
  }

  #endIfAllIsSaid(): void {
    if (!this.#clientHasEnded || !this.#serverHasEnded) return;
    this.#client.end("done");
    this.#server!.end("done");
  }

  #settle(): void {
    if (--this.#left === 0) this.#closed.resolve();
  }
}
