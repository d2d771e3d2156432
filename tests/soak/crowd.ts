/**
 * Users of all dialects who talk at a steady pace, and come and go.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import { systemTimer } from "../../lib/client/session/waiter.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import type { ClientEvents, Session } from "../../lib/dialects/dialect.ts";
import { Clock } from "../../lib/transport/clock.ts";
import { connectTcp } from "../../lib/transport/tcp.ts";
import { openWebSocket } from "../../lib/transport/web/web_socket_client.ts";
import { openUdpTo } from "../../lib/transport/udp/udp_client.ts";

/** What has happened so far. */
export interface Counts {
  /** Lines that were entered. */
  entered: number;
  /** Messages that arrived. */
  received: number;
  /** Times that somebody came. */
  arrivals: number;
}

/** How often each user says something, in milliseconds. */
const PACE_MS = 20;
/** How long a user stays, in milliseconds; the first of each dialect stays for ever. */
const STAY_MS = 2_000;
/** How long a user who leaves waits for the server to take leave as well, in milliseconds. */
const FAREWELL_MS = 2_000;

/** What users enter in place of messages where these do not go through the server. */
const REQUESTS: Readonly<Record<string, (nth: number) => string>> = {
  group: (nth) => nth % 2 === 0 ? "list_groups" : `create_group soak${nth % 50}`,
};

const encoder = new TextEncoder();

/** Says something to the one who stays, or to everybody where the dialect has no such messages. */
function talkTo(first: string, nth: number, dialect: string, session: Session): void {
  const request = REQUESTS[dialect]?.(nth);
  if (request !== undefined) return void session.enter(request);
  const body = encoder.encode(`message ${nth}`);
  if (session.post(first, body).kind === "rejected") session.post(undefined, body);
}

/** Some users of one dialect. */
export class Crowd {
  readonly #dialect: string;
  readonly #server: Endpoint;
  readonly #counts: Counts;
  #first = "";
  #number = 0;
  #isOver = false;
  readonly #leaving = new Set<() => void>();

  constructor(dialect: string, server: Endpoint, counts: Counts) {
    this.#dialect = dialect;
    this.#server = server;
    this.#counts = counts;
  }

  /** Has so many users come and go, until {@linkcode Crowd.end}. */
  async live(users: number): Promise<void> {
    const staying = this.#visit(Infinity);
    const coming = Array.from({ length: users }, async () => {
      while (!this.#isOver) await this.#visit(STAY_MS);
    });
    await Promise.all([staying, ...coming]);
  }

  /** Sends everybody home. */
  end(): void {
    this.#isOver = true;
    for (const leave of this.#leaving) leave();
  }

  /** One user, from coming to leaving. */
  async #visit(stay: number): Promise<void> {
    const closed = Promise.withResolvers<void>();
    const counts = this.#counts;
    counts.arrivals++;
    const name = `${this.#dialect}${++this.#number}`;
    let talking: ReturnType<typeof setInterval> | undefined;
    let farewell: ReturnType<typeof setTimeout> | undefined;
    let nth = 0;
    const events: ClientEvents = {
      ready: (given) => {
        if (stay === Infinity) this.#first = given;
        else talking ??= setInterval(() => talk(), PACE_MS);
      },
      refused: () => leave(),
      message: () => counts.received++,
      notice: () => {},
      settled: () => {},
      closed: () => leave(),
    };
    const { session, close } = await this.#open(name, events, closed.resolve);
    const talk = () => {
      if (this.#first === "") return;
      talkTo(this.#first, ++nth, this.#dialect, session);
      counts.entered++;
    };
    const leave = () => {
      if (!this.#leaving.delete(leave)) return;
      clearInterval(talking);
      clearTimeout(going);
      session.leave();
      farewell = setTimeout(close, FAREWELL_MS);
    };
    this.#leaving.add(leave);
    const going = stay === Infinity ? undefined : setTimeout(leave, stay);
    if (this.#isOver) leave();
    await closed.promise;
    leave();
    clearTimeout(farewell);
    close();
  }

  /** `closed` is called when all of it is closed; `close` sees to that, if the session does not on leaving. */
  async #open(
    name: string,
    events: ClientEvents,
    closed: () => void,
  ): Promise<{ readonly session: Session; readonly close: () => void }> {
    const dialect = findDialect(this.#dialect)!;
    if (dialect.transport === "udp") {
      const { port, server } = await openUdpTo(this.#server);
      const clock = new Clock();
      const session = await dialect.client(name, events, { port, server, deadlines: clock.deadlines });
      session.start();
      port.start({ receive: (bytes, from) => session.receive(bytes, from), closed });
      return {
        session,
        close: () => {
          port.close("left");
          clock.stop();
        },
      };
    }
    const session = await dialect.client(name, events, false, systemTimer);
    const { webSocket } = dialect;
    const connect = async () => {
      const link = await connectTcp(this.#server);
      if (webSocket === undefined) return link;
      return await openWebSocket(link, webSocket, { server: this.#server, random: Math.random, after: systemTimer });
    };
    const links = await Promise.all(Array.from({ length: session.links }, connect));
    let open = links.length;
    for (const [i, handler] of session.start(links).entries()) {
      links[i]!.start({
        receive: (bytes) => handler.receive(bytes),
        ended: () => handler.ended(),
        closed: (reason) => {
          handler.closed(reason);
          if (--open === 0) closed();
        },
      });
    }
    return { session, close: () => links.forEach((link) => link.end("left")) };
  }
}
