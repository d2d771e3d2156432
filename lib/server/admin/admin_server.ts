/**
 * The server that operators ask by HTTP: on a socket of the file system, or on a port.
 *
 * @module
 */

import { addressText } from "../../core/address.ts";
import type { Link } from "../../core/link.ts";
import type { ListenSettings, Surroundings } from "../../core/runtime.ts";
import { listenUnix } from "../../transport/unix.ts";
import { messageOf, stackOf } from "../listeners/listener.ts";
import type { Log } from "../log/log.ts";
import type { AdminPlace } from "./admin_place.ts";
import { Exchange, type Responder } from "./http/exchange.ts";

/** How many connections there may be. */
const MAX_CONNECTIONS = 64;
/** How long those may take to read their answers who are still at it when the server stops, in milliseconds. */
const LAST_WORDS_MS = 1_000;
/** How much may wait to be written to one of them, in bytes: 500 members with the longest names, which `/events` tells at a time, fit. */
const MAX_QUEUE = 2 * 1024 * 1024;
/** How long one may take nothing of what is written to it, in milliseconds. */
const WRITE_TIMEOUT_MS = 10_000;

/** Accepts connections, each for one request. */
export class AdminServer {
  readonly #runtime: Surroundings["runtime"];
  readonly #responder: Responder;
  readonly #exchanges = new Set<Exchange>();
  #listening: { close(): void } | undefined;
  #onEmpty: (() => void) | undefined;

  private constructor(
    runtime: Surroundings["runtime"],
    responder: Responder,
    /** Where it is: `127.0.0.1:9100` or `unix:PATH`. */
    public where: string,
  ) {
    this.#runtime = runtime;
    this.#responder = responder;
  }

  /**
   * Opens it.
   *
   * Rejects with a `ChatError`: `port-in-use`, or `cannot-listen`.
   */
  static async open(
    place: AdminPlace,
    { runtime, network }: Surroundings,
    responder: Responder,
    log: Log,
  ): Promise<AdminServer> {
    const settings: ListenSettings = {
      maxQueue: MAX_QUEUE,
      writeTimeout: WRITE_TIMEOUT_MS,
      onAcceptError: (error, retryIn) =>
        log("error", "an operator's connection could not be accepted", { error: messageOf(error), retryIn }),
      onFault: (error) =>
        log("error", "an error of our own closed an operator's connection", { error: stackOf(error) }),
    };
    const server = new AdminServer(runtime, responder, "path" in place ? `unix:${place.path}` : "");
    const accept = (link: Link) => server.#accept(link);
    if ("path" in place) server.#listening = await listenUnix(place.path, settings, accept);
    else {
      const listener = network.listen(place.endpoint, settings, accept);
      server.#listening = listener;
      server.where = addressText(listener.endpoint);
    }
    return server;
  }

  /** Takes no more requests, and resolves when those that are answered already have their answers. */
  async close(): Promise<void> {
    this.#listening?.close();
    for (const exchange of this.#exchanges) exchange.stop();
    if (this.#exchanges.size === 0) return;
    const late = this.#runtime.after(LAST_WORDS_MS, () => this.#exchanges.forEach((exchange) => exchange.giveUp()));
    await new Promise<void>((resolve) => this.#onEmpty = resolve);
    late.cancel();
  }

  #accept(link: Link): void {
    // Whoever has not asked for anything yet, or has had the answer, makes room for one who may: else a few idle ones would lock all
    // others out.
    if (this.#exchanges.size >= MAX_CONNECTIONS) {
      const [idle] = [...this.#exchanges].filter(({ isWaiting, isDone }) => isWaiting || isDone);
      if (idle === undefined) return link.abort("full");
      idle.giveUp();
      this.#exchanges.delete(idle);
    }
    const exchange = new Exchange(link, this.#responder, this.#runtime, () => {
      this.#exchanges.delete(exchange);
      if (this.#exchanges.size === 0) this.#onEmpty?.();
    });
    this.#exchanges.add(exchange);
    link.start(exchange);
  }
}
