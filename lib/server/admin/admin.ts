/**
 * All that operators can ask of a server, put together.
 *
 * @module
 */

import type { Surroundings } from "../../core/runtime.ts";
import { messageOf, stackOf } from "../listeners/listener.ts";
import type { Log } from "../log/log.ts";
import type { Server } from "../server.ts";
import type { AdminPlace } from "./admin_place.ts";
import { AdminServer } from "./admin_server.ts";
import { EventLoopDelay } from "./event_loop_delay.ts";
import { healthRoutes } from "./health.ts";
import { metricsRoute } from "./metrics_route.ts";
import { pageRoutes } from "./operators_page.ts";
import { Router } from "./routes.ts";
import type { ReadingSources } from "./server_reading.ts";
import { statusRoutes } from "./status_routes.ts";
import { Tokens } from "./tokens.ts";
import { drain } from "./verbs/drain.ts";
import { kick } from "./verbs/kick.ts";
import { networkVerbs } from "./verbs/networks.ts";
import { reload, type Reloading } from "./verbs/reload.ts";
import { say } from "./verbs/say.ts";
import { verbRoute } from "./verbs/verb.ts";

/** Of how many messages each fifth of a second the time to their acknowledgement is measured. */
const MEASURED_MESSAGES = 100;

/** Addresses that only this machine reaches. */
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** What was asked for with `--admin`. */
export interface AdminChoice {
  /** Where. */
  readonly place: AdminPlace;
  /** The files with the tokens for a port. */
  readonly tokenFiles: readonly string[];
}

/** What operators are shown and may change. */
export interface AdminSubject extends Pick<ReadingSources, "certificateUntil"> {
  /** The server. */
  readonly server: Server;
  /** What reads its files again. */
  readonly reloading: Reloading;
}

/** The part of a server that operators talk to. */
export class Admin {
  readonly #server: AdminServer;
  readonly #delay: EventLoopDelay;
  readonly #tokens: Tokens;

  private constructor(server: AdminServer, delay: EventLoopDelay, tokens: Tokens) {
    this.#server = server;
    this.#delay = delay;
    this.#tokens = tokens;
  }

  /**
   * Opens it, and begins to measure what only operators want to know.
   *
   * Rejects with a `ChatError`: `bad-token`, `port-in-use`, or `cannot-listen`.
   */
  static async open(
    { place, tokenFiles }: AdminChoice,
    { server, certificateUntil, reloading }: AdminSubject,
    surroundings: Surroundings,
    log: Log,
  ): Promise<Admin> {
    const { runtime } = surroundings;
    const tokens = new Tokens(tokenFiles, log);
    const { hub, admission } = server;
    const measure = () => hub.counters.measureNext(MEASURED_MESSAGES, () => runtime.now());
    const delay = new EventLoopDelay(runtime, measure);
    const sources: ReadingSources = {
      server,
      startedAt: runtime.wallClock(),
      now: () => runtime.wallClock(),
      eventLoopDelay: delay,
      certificateUntil,
      memory: () => {
        const { rss, heapTotal, heapUsed, external } = Deno.memoryUsage();
        return { "rss": rss, "heap_total": heapTotal, "heap_used": heapUsed, "external": external };
      },
    };
    const verbs = [
      kick(hub),
      ...networkVerbs(admission, hub),
      say(server),
      drain(server),
      reload(reloading),
    ];
    const routes = [
      ...healthRoutes(server),
      ...pageRoutes(),
      metricsRoute(sources),
      ...statusRoutes(sources, runtime),
      ...verbs.map((verb) => verbRoute(verb, log)),
    ];
    const router = new Router(routes, { place, tokens }, (error) => {
      log("error", "an error of our own kept an operator from an answer", { error: stackOf(error) });
    });
    tellOf(place, tokens.areSome, log);
    try {
      const opened = await AdminServer.open(place, surroundings, router, log);
      measure();
      return new Admin(opened, delay, tokens);
    } catch (error) {
      delay[Symbol.dispose]();
      throw error;
    }
  }

  /** Where it is: `127.0.0.1:9100` or `unix:PATH`. */
  get where(): string {
    return this.#server.where;
  }

  /** Reads the tokens again; the log says what came of it. What cannot be used changes nothing, and is returned. */
  readTokens(log: Log): string[] {
    if (!this.#tokens.areSome) return [];
    try {
      this.#tokens.read();
      log("info", "the tokens of the operators were read again");
      return [];
    } catch (error) {
      log("error", "the tokens of the operators stay as they were", { why: messageOf(error) });
      return [messageOf(error)];
    }
  }

  /** Takes no more requests. */
  async close(): Promise<void> {
    this.#delay[Symbol.dispose]();
    await this.#server.close();
  }
}

/** Says what operators may not have thought of. */
function tellOf(place: AdminPlace, hasTokens: boolean, log: Log): void {
  if ("path" in place) return;
  if (!hasTokens) log("info", "operators can ask for health and metrics alone: there is no --admin-token");
  else if (!LOOPBACK.test(place.endpoint.hostname)) {
    log(
      "warning",
      "the tokens of operators go over the network without TLS: let them come by way of something that has it",
    );
  }
}
