/**
 * Group servers with a change in them, or as they are, on free ports of this machine.
 *
 * @module
 */

import { type DatagramPort, endpointKey } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";
import { GroupServer } from "../../../lib/dialects/group/server.ts";
import { Hub } from "../../../lib/hub/hub.ts";
import { Clock } from "../../../lib/transport/clock.ts";
import { openUdp } from "../../../lib/transport/udp/udp.ts";
import type { ServerSettings } from "../mutation.ts";
import { Later } from "../late.ts";
import { type Mutant, readMutants, type Running, type Start } from "../mutant.ts";
import { headerOf } from "./notes.ts";
import { AlteredPort, type GroupChange, type GroupWire, type Note } from "./wire.ts";
import { WRONG_WITH_CLIENTS } from "./wrong_with_clients.ts";
import { WRONG_WITH_GROUPS } from "./wrong_with_groups.ts";

/** Our server behind a port that changes what goes over it. */
export class ServingGroup implements Running {
  readonly #clock = new Clock();
  readonly #port: DatagramPort;
  readonly #server: GroupServer;
  readonly #closed = Promise.withResolvers<void>();
  #fault: unknown;

  /** Starts it with nobody present. */
  constructor({ ackTimeout, maxMessage }: ServerSettings, change: GroupChange) {
    const { deadlines } = this.#clock;
    const hub = new Hub({ ackTimeout, deadlines, wallClock: () => Date.now() });
    const onFault = (error: unknown) => this.#fault ??= error;
    this.#port = new AlteredPort(openUdp({ hostname: "127.0.0.1", port: 0 }, { onFault }), change);
    this.#server = new GroupServer({ hub, deadlines, maxMessage, log: () => {} }, this.#port);
    this.#port.start({
      receive: (bytes, from) => this.#server.receive(bytes, from),
      closed: (reason: CloseReason) => {
        this.#server.closed(reason);
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
    this.#clock.stop();
    if (this.#fault !== undefined) throw this.#fault;
  }
}

/** Starts our server with a change. */
export function changedGroup(change: GroupChange): Start {
  return (settings) => new ServingGroup(settings, change);
}

/** Nothing is changed. */
export const AS_IT_IS: GroupChange = (): GroupWire => ({});

/** Who registers gets the table first, and the acknowledgement behind it: PROTOCOLS.md leaves the order open. */
export const TABLE_FIRST: GroupChange = (): GroupWire => {
  const welcomes = new Map<string, Note>();
  return {
    says: (note) => {
      const key = endpointKey(note.at);
      if (note.text.includes("[Welcome,")) {
        welcomes.set(key, note);
        return [];
      }
      const welcome = headerOf(note) === "update" ? welcomes.get(key) : undefined;
      welcomes.delete(key);
      return welcome === undefined ? [note] : [note, welcome];
    },
  };
};

/** All that it hears and says comes so many milliseconds late. */
export function lateBy(delay: number): GroupChange {
  return (server) => {
    const later = new Later(delay);
    return {
      hears: (note) => {
        later.do(() => server.hear(note));
        return [];
      },
      stops: () => later.forget(),
    };
  };
}

/** Servers that speak no protocol at all. */
export const USELESS_IN_GROUP: Readonly<Record<string, GroupChange>> = {
  mute: () => ({ hears: () => [] }),
  echo: answering((text) => [text]),
  babbling: answering(() => Array.from({ length: 100 }, () => ".".repeat(1000))),
  web: answering(() => ["HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"]),
};

/** Answers each datagram with others, whatever it says. */
function answering(answers: (text: string) => readonly string[]): GroupChange {
  return (server) => ({
    hears: ({ text, at }) => {
      for (const answer of answers(text)) server.say({ text: answer, at });
      return [];
    },
  });
}

/** All that are wrong. */
export const GROUP_MUTANTS: readonly Mutant[] = readMutants(
  { ...WRONG_WITH_CLIENTS, ...WRONG_WITH_GROUPS },
  changedGroup,
);
