/**
 * Group servers, ours, useless ones and plain ones, on free ports.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { Runtime, Surroundings } from "../../../lib/core/runtime.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";
import { GroupServer } from "../../../lib/dialects/group/server.ts";
import { Hub } from "../../../lib/hub/hub.ts";
import { Clock } from "../../../lib/transport/clock.ts";
import { Later } from "../late.ts";
import { ANY_PORT, type Running, type ServerSettings, type Start } from "../mutant.ts";

/** A server behind a port. */
export interface PortServer {
  /** A datagram has come. */
  receive(bytes: Uint8Array, from: Endpoint): void;
  /** Says what is still to be said, and closes the port. */
  close(): void;
  /** The port is closed. */
  closed?(reason: CloseReason): void;
}

/** Makes a server behind a port. */
export type MakePortServer = (port: DatagramPort, runtime: Runtime, settings: ServerSettings) => PortServer;

/** A server on a port of its own. */
class ServingGroup implements Running {
  readonly #port: DatagramPort;
  readonly #server: PortServer;
  readonly #closed = Promise.withResolvers<void>();
  #fault: unknown;

  constructor(make: MakePortServer, settings: ServerSettings, { runtime, network }: Surroundings) {
    const onFault = (error: unknown) => this.#fault ??= error;
    this.#port = network.openPort(settings.endpoint ?? ANY_PORT, { onFault });
    this.#server = make(this.#port, runtime, settings);
    this.#port.start({
      receive: (bytes, from) => this.#server.receive(bytes, from),
      closed: (reason) => {
        this.#server.closed?.(reason);
        this.#closed.resolve();
      },
    });
  }

  /** See {@linkcode Running.endpoint}. */
  get endpoint(): Endpoint {
    return this.#port.local;
  }

  /** See {@linkcode Running.stop}. */
  async stop(): Promise<void> {
    this.#server.close();
    await this.#closed.promise;
    if (this.#fault !== undefined) throw this.#fault;
  }
}

/** Starts a server on a port of its own. */
export function groupServer(make: MakePortServer): Start {
  return (settings, surroundings) => new ServingGroup(make, settings, surroundings);
}

/** Starts a server that hears on one port and sends from another. */
export function answeringFromElsewhere(make: MakePortServer): Start {
  return (settings, surroundings) => {
    const from = surroundings.network.openPort(ANY_PORT, { onFault: () => {} });
    from.start({ receive: () => {}, closed: () => {} });
    const start = groupServer((port, runtime, settings) =>
      make(
        {
          local: port.local,
          addressFor: (to) => port.addressFor(to),
          start: (handler) => port.start(handler),
          send: (bytes, to) => from.send(bytes, to),
          close: (reason) => {
            from.close(reason);
            port.close(reason);
          },
        },
        runtime,
        settings,
      )
    );
    return start(settings, surroundings);
  };
}

/** Makes ours. */
export function makeGroup(port: DatagramPort, runtime: Runtime, settings: ServerSettings): PortServer {
  const { ackTimeout, maxMessage } = settings;
  const clock = new Clock(runtime);
  const { deadlines } = clock;
  const hub = new Hub({ ackTimeout, deadlines, wallClock: () => runtime.wallClock() });
  const server = new GroupServer({ hub, deadlines, maxMessage, log: () => {} }, port);
  return {
    receive: (bytes, from) => server.receive(bytes, from),
    close: () => server.close(),
    closed: (reason) => {
      server.closed(reason);
      clock.stop();
    },
  };
}

/** Makes ours, to which everything comes so many milliseconds late. */
export function lateBy(delay: number): MakePortServer {
  return (port, runtime, settings) => {
    const later = new Later(delay, runtime);
    const server = makeGroup(port, runtime, settings);
    return {
      receive: (bytes, from) => {
        const copy = bytes.slice();
        later.do(() => server.receive(copy, from));
      },
      close: () => {
        later.forget();
        server.close();
      },
      closed: (reason) => server.closed?.(reason),
    };
  };
}

/** Makes servers that speak no protocol at all, by name. */
export const USELESS_IN_GROUP: Readonly<Record<string, MakePortServer>> = {
  mute: answering(() => []),
  echo: answering((bytes) => [bytes]),
  babbling: answering(() => Array.from({ length: 100 }, () => new Uint8Array(1000).fill(0x2e))),
  web: answering(() => [new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")]),
};

/** Answers each datagram with others, whatever it says. */
function answering(answers: (bytes: Uint8Array) => readonly Uint8Array[]): MakePortServer {
  return (port) => ({
    receive: (bytes, from) => answers(bytes).forEach((answer) => port.send(answer, from)),
    close: () => port.close("done"),
  });
}
