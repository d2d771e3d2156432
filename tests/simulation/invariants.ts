/**
 * What must hold, whatever happens.
 *
 * @module
 */

import { CLOSE_REASONS, type CloseReason } from "../../lib/core/close_reason.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import type { Server } from "../../lib/server/server.ts";
import type { World } from "../../lib/simulation/world.ts";
import type { Ledger } from "./ledger.ts";
import type { PresenceWatch } from "./presence.ts";
import { ACK_TIMEOUT, MAX_QUEUE, MAX_QUEUED } from "./server_options.ts";

/**
 * How long an answer may take, in milliseconds: the ack timeout of the message, and those of what was sent before it and is
 * answered first, on a bad line.
 */
const LONGEST_ANSWER = 3 * ACK_TIMEOUT;

/** Looks at a server from outside, and tells its ledger of what does not hold. */
export class Invariants {
  readonly #world: World;
  readonly #server: Server;
  readonly #present: PresenceWatch;
  readonly #ledger: Ledger;

  /** Takes the world, the server in it, who is present, and all messages. */
  constructor(world: World, server: Server, present: PresenceWatch, ledger: Ledger) {
    this.#world = world;
    this.#server = server;
    this.#present = present;
    this.#ledger = ledger;
  }

  /** What must hold at any time. */
  always(): void {
    for (const [dialect, { accepted, delivered, refused }] of this.#server.hub.books.accounts) {
      const settled = Object.values(refused).reduce((sum, count) => sum + count, delivered);
      if (settled > accepted) {
        this.#ledger.violated(`of ${accepted} messages from ${dialect} ${settled} have an outcome`);
      }
    }
    const { longestQueue } = this.#world.net;
    if (longestQueue > MAX_QUEUE) {
      this.#ledger.violated(`${longestQueue} bytes wait for one peer, and ${MAX_QUEUE} may`);
    }
    const { bytes } = this.#server.queued;
    if (bytes > MAX_QUEUED) this.#ledger.violated(`${bytes} bytes wait for all together, and ${MAX_QUEUED} may`);
    this.#present.check();
    this.#ledger.checkAge(LONGEST_ANSWER);
  }

  /** What must hold when all have gone. */
  nothingLeft(connections: number): void {
    const { hub, closings } = this.#server;
    const reasons = Object.keys(CLOSE_REASONS) as CloseReason[];
    const streams = DIALECTS.filter(({ transport }) => transport === "tcp");
    const closed = streams.flatMap(({ name }) => reasons.map((reason) => closings.of(name, reason)));
    const count = closed.reduce((sum, each) => sum + each, 0);
    if (count !== connections) this.#ledger.violated(`of ${connections} connections ${count} are said to be closed`);
    const left = [...hub.members()].map(({ name }) => name);
    if (left.length > 0) this.#ledger.violated(`all have gone, and ${left.join(", ")} are present`);
    for (let seat = 2; seat <= 255; seat++) {
      const member = hub.find(seat);
      if (member !== undefined) this.#ledger.violated(`all have gone, and ${member.name} has the frame ID ${seat}`);
    }
    for (const name of this.#present.names) {
      const fault = hub.nameFault(name);
      if (fault !== undefined) this.#ledger.violated(`all have gone, and nobody can be called ${name}: ${fault}`);
    }
    if (hub.books.onTheirWay !== 0) {
      this.#ledger.violated(`all have gone, and ${hub.books.onTheirWay} messages are on their way`);
    }
    if (this.#ledger.open > 0) this.#ledger.violated(`all have gone, and ${this.#ledger.open} messages have no end`);
    const { bytes } = this.#server.queued;
    if (bytes !== 0) this.#ledger.violated(`all have gone, and ${bytes} bytes are said to wait for them`);
    if (this.#server.doors.some((door) => door.isBusy)) this.#ledger.violated("all have gone, and the server is busy");
    if (this.#world.net.open > 0) {
      this.#ledger.violated(`all have gone, and there are connections: ${this.#world.net.left().join(", ")}`);
    }
    if (this.#world.runtime.pending > 0) {
      this.#ledger.violated(`all have gone, and ${this.#world.runtime.pending} timers run`);
    }
  }

  /** What must hold when the server has stopped. */
  empty(): void {
    const left = this.#world.net.left();
    if (left.length > 0) this.#ledger.violated(`the server has stopped, and these are open: ${left.join(", ")}`);
    if (this.#world.net.datagrams.size > 0) this.#ledger.violated("the server has stopped, and its port is open");
    if (this.#world.runtime.pending > 0) {
      this.#ledger.violated(`the server has stopped, and ${this.#world.runtime.pending} timers run`);
    }
  }
}
