/**
 * What must hold, whatever happens.
 *
 * @module
 */

import { CLOSE_REASONS, type CloseReason } from "../../lib/core/close_reason.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import type { Server } from "../../lib/server/server.ts";
import type { World } from "../../lib/simulation/world.ts";
import type { MessageTracker } from "./message_tracker.ts";
import type { PresenceWatch } from "./presence.ts";
import { ACK_TIMEOUT, MAX_QUEUE, MAX_QUEUED } from "./server_options.ts";

/**
 * How long an answer may take, in milliseconds: the ack timeout of the message, and those of what was sent before it and is
 * answered first, on a bad line.
 */
const LONGEST_ANSWER = 3 * ACK_TIMEOUT;

/** Looks at a server from outside, and tells its tracker of what does not hold. */
export class Invariants {
  readonly #world: World;
  readonly #server: Server;
  readonly #present: PresenceWatch;
  readonly #tracker: MessageTracker;

  constructor(world: World, server: Server, present: PresenceWatch, tracker: MessageTracker) {
    this.#world = world;
    this.#server = server;
    this.#present = present;
    this.#tracker = tracker;
  }

  /** What must hold at any time. */
  always(): void {
    for (const [dialect, { accepted, delivered, refused }] of this.#server.hub.counters.accounts) {
      const settled = Object.values(refused).reduce((sum, count) => sum + count, delivered);
      if (settled > accepted) {
        this.#tracker.violated(`of ${accepted} messages from ${dialect} ${settled} have an outcome`);
      }
    }
    const { longestQueue } = this.#world.net;
    if (longestQueue > MAX_QUEUE) {
      this.#tracker.violated(`${longestQueue} bytes wait for one peer, and ${MAX_QUEUE} may`);
    }
    const { bytes } = this.#server.queued;
    if (bytes > MAX_QUEUED) this.#tracker.violated(`${bytes} bytes wait for all together, and ${MAX_QUEUED} may`);
    this.#present.check();
    this.#tracker.checkAge(LONGEST_ANSWER);
  }

  /** What must hold when all have gone. */
  nothingLeft(connections: number): void {
    const { hub, closeCounters } = this.#server;
    const reasons = Object.keys(CLOSE_REASONS) as CloseReason[];
    const streams = DIALECTS.filter(({ transport }) => transport === "tcp");
    const closed = streams.flatMap(({ name }) => reasons.map((reason) => closeCounters.of(name, reason)));
    const count = closed.reduce((sum, each) => sum + each, 0);
    if (count !== connections) this.#tracker.violated(`of ${connections} connections ${count} are said to be closed`);
    const left = [...hub.members()].map(({ name }) => name);
    if (left.length > 0) this.#tracker.violated(`all have gone, and ${left.join(", ")} are present`);
    for (let frameId = 2; frameId <= 255; frameId++) {
      const member = hub.ids?.holder(frameId);
      if (member !== undefined) this.#tracker.violated(`all have gone, and ${member.name} has the frame ID ${frameId}`);
    }
    for (const name of this.#present.names) {
      const fault = hub.nameFault(name);
      if (fault !== undefined) this.#tracker.violated(`all have gone, and nobody can be called ${name}: ${fault}`);
    }
    if (hub.counters.onTheirWay !== 0) {
      this.#tracker.violated(`all have gone, and ${hub.counters.onTheirWay} messages are on their way`);
    }
    if (this.#tracker.open > 0) this.#tracker.violated(`all have gone, and ${this.#tracker.open} messages have no end`);
    const { bytes } = this.#server.queued;
    if (bytes !== 0) this.#tracker.violated(`all have gone, and ${bytes} bytes are said to wait for them`);
    if (this.#server.listeners.some((listener) => listener.isBusy)) {
      this.#tracker.violated("all have gone, and the server is busy");
    }
    if (this.#world.net.open > 0) {
      this.#tracker.violated(`all have gone, and there are connections: ${this.#world.net.left().join(", ")}`);
    }
    if (this.#world.runtime.pending > 0) {
      this.#tracker.violated(`all have gone, and ${this.#world.runtime.pending} timers run`);
    }
  }

  /** What must hold when the server has stopped. */
  empty(): void {
    const left = this.#world.net.left();
    if (left.length > 0) this.#tracker.violated(`the server has stopped, and these are open: ${left.join(", ")}`);
    if (this.#world.net.datagrams.size > 0) this.#tracker.violated("the server has stopped, and its port is open");
    if (this.#world.runtime.pending > 0) {
      this.#tracker.violated(`the server has stopped, and ${this.#world.runtime.pending} timers run`);
    }
  }
}
