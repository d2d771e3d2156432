/**
 * Somebody who listens in a simulated network.
 *
 * @module
 */

import { Fifo } from "../core/fifo.ts";
import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import type { Listener, ListenSettings, Runtime } from "../core/runtime.ts";
import { type Accepting, Acceptor } from "../transport/acceptor.ts";
import { type ByteStream, type LinkOptions, StreamLink } from "../transport/stream_link.ts";
import type { Chance } from "./chance.ts";
import type { AcceptConditions } from "./conditions.ts";

/** The first of the ports that are given to those who do not choose one. */
export const FIRST_FREE_PORT = 49_152;

/** A connection that waits to be accepted. */
export interface Arriving {
  /** The server's end of it. */
  readonly stream: ByteStream;
  /** Where the client is. */
  readonly remote: Endpoint;
  /** Has `act` called when the server has closed its end. */
  whenClosed(act: () => void): void;
}

/** What somebody who listens is given by the network. */
export interface ListeningOptions extends ListenSettings {
  /** The options of all links. */
  readonly link: LinkOptions;
  /** The time. */
  readonly runtime: Runtime;
  /** Chance. */
  readonly chance: Chance;
  /** Tells that nobody listens any more. */
  closed(): void;
}

/** Accepts connections as a program does that has only so many descriptors. */
export class SimulatedListener implements Listener, Accepting<Arriving> {
  /** Where it listens. */
  readonly endpoint: Endpoint;
  readonly #conditions: () => AcceptConditions;
  readonly #options: ListeningOptions;
  readonly #acceptor: Acceptor<Arriving>;
  readonly #waiting = new Fifo<Arriving>();
  #accepting: PromiseWithResolvers<Arriving> | undefined;
  readonly #links = new Set<StreamLink>();
  #accepted = 0;

  constructor(
    endpoint: Endpoint,
    conditions: () => AcceptConditions,
    options: ListeningOptions,
    onLink: (link: HalfClosingLink) => void,
  ) {
    this.endpoint = endpoint;
    this.#conditions = conditions;
    this.#options = options;
    this.#acceptor = new Acceptor<Arriving>(this, options, (arriving) => {
      const link = new StreamLink(arriving.stream, arriving.remote, options.link);
      this.#accepted++;
      this.#links.add(link);
      arriving.whenClosed(() => this.#links.delete(link));
      try {
        onLink(link);
      } catch (error) {
        link.abort("fault");
        (options.onFault ?? reportError)(error);
      }
    });
  }

  /** How many connections were ever accepted. */
  get accepted(): number {
    return this.#accepted;
  }

  /** How many bytes wait to be written at most on any of them. */
  get longestQueue(): number {
    let longest = 0;
    for (const { queued } of this.#links) longest = Math.max(longest, queued);
    return longest;
  }

  /** A client connects; `false` if nobody can be made to wait any more. */
  arrive(arriving: Arriving): boolean {
    if (this.#waiting.size >= this.#conditions().backlog) return false;
    this.#waiting.push(arriving);
    this.#serve();
    return true;
  }

  /** See {@linkcode Accepting.accept}. */
  accept(): Promise<Arriving> {
    this.#accepting = Promise.withResolvers();
    const { promise } = this.#accepting;
    this.#serve();
    return promise;
  }

  /** Stops listening; those who wait are turned away. */
  close(): void {
    this.#acceptor.close();
    this.#accepting?.reject(new Error("nobody listens any more"));
    this.#accepting = undefined;
    for (let arriving = this.#waiting.shift(); arriving !== undefined; arriving = this.#waiting.shift()) {
      arriving.stream.close();
    }
    this.#options.closed();
  }

  /** Has the first of those who wait accepted, if somebody is to be. */
  #serve(): void {
    const accepting = this.#accepting;
    if (accepting === undefined || this.#waiting.size === 0) return;
    this.#accepting = undefined;
    const { failures, maxConnections } = this.#conditions();
    if (this.#links.size >= maxConnections || this.#options.chance.happens(failures)) {
      return accepting.reject(Object.assign(new Error("too many open files"), { code: "EMFILE" }));
    }
    accepting.resolve(this.#waiting.shift()!);
  }
}
