/**
 * Servers on free ports.
 *
 * @module
 */

import type { Endpoint, Link, LinkHandler } from "../../lib/core/link.ts";
import type { ServerContext } from "../../lib/dialects/dialect.ts";
import { Hub } from "../../lib/hub/hub.ts";
import { memberIds } from "../../lib/dialects/registry.ts";
import { Clock } from "../../lib/transport/clock.ts";
import type { Listener, Network, Surroundings } from "../../lib/core/runtime.ts";
import { ANY_PORT, type ServerSettings } from "./mutant.ts";

/** What a server does with a connection. */
export type Behaviour = (link: Link) => LinkHandler;

/** Makes one dialect's server, of which nothing is wanted but that it accepts connections. */
export type MakeServer = (context: ServerContext) => { accept(link: Link): LinkHandler };

/** In room each read of a server is a message: see {@linkcode DialectServer.pieceSize}. */
const PIECE_SIZE = 1024;

/** A server that is there until it is stopped. */
export class Serving {
  readonly #listener: Listener;
  readonly #open = new Map<Link, Promise<void>>();
  #fault: unknown;

  /** Listens, on a free port if no other is named; `behaviour` is asked what to do with each connection. */
  constructor(network: Network, behaviour: Behaviour, endpoint: Endpoint = ANY_PORT) {
    const onFault = (error: unknown) => this.#fault ??= error;
    const options = { onFault, pieceSize: PIECE_SIZE };
    this.#listener = network.listen(endpoint, options, (link) => this.#admit(link, behaviour));
  }

  /** Where it listens. */
  get endpoint(): Listener["endpoint"] {
    return this.#listener.endpoint;
  }

  /** Closes everything at once. Throws what the server itself has thrown, if it did: it is broken in another way than it is to be. */
  async stop(): Promise<void> {
    this.#listener.close();
    for (const link of this.#open.keys()) link.abort("done");
    await Promise.all(this.#open.values());
    if (this.#fault !== undefined) throw this.#fault;
  }

  #admit(link: Link, behaviour: Behaviour): void {
    const closed = Promise.withResolvers<void>();
    this.#open.set(link, closed.promise);
    const handler = this.#handlerOf(link, behaviour);
    link.start({
      receive: (bytes) => handler.receive(bytes),
      ended: () => handler.ended(),
      closed: (reason) => {
        this.#open.delete(link);
        closed.resolve();
        handler.closed(reason);
      },
    });
  }

  /** A behaviour that throws must not leave a link behind that nobody ever closes. */
  #handlerOf(link: Link, behaviour: Behaviour): LinkHandler {
    try {
      return behaviour(link);
    } catch (error) {
      this.#fault ??= error;
      queueMicrotask(() => link.abort("done"));
      return { receive: () => {}, ended: () => {}, closed: () => {} };
    }
  }
}

/** A server of ours of one dialect. */
export class ServingDialect extends Serving {
  readonly #clock: Clock;

  /**
   * Starts it with nobody present.
   *
   * @param adapt what stands between the connections and the server.
   */
  constructor(
    make: MakeServer,
    settings: ServerSettings,
    { runtime, network }: Surroundings,
    adapt: (behave: Behaviour) => Behaviour = (behave) => behave,
  ) {
    const { ackTimeout, maxMessage } = settings;
    const clock = new Clock(runtime);
    const { deadlines } = clock;
    const hub = new Hub({ ackTimeout, deadlines, wallClock: () => runtime.wallClock(), ids: memberIds() });
    const server = make({ hub, deadlines, maxMessage, log: () => {} });
    super(network, adapt((link) => server.accept(link)), settings.endpoint);
    this.#clock = clock;
  }

  override async stop(): Promise<void> {
    await super.stop();
    this.#clock.stop();
  }
}
