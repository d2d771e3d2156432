/**
 * Surroundings of a server that can be stopped: while it is, none of its timers fire, and nothing that has come is told. Then the timers
 * come first, since a deadline that has passed meanwhile is what a server most easily gets wrong.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../../lib/core/datagrams.ts";
import type { HalfClosingLink, LinkHandler } from "../../../lib/core/link.ts";
import type { Network, Runtime, Surroundings, Timer } from "../../../lib/core/runtime.ts";

/** Stands between a server and its surroundings. */
export class FreezingSurroundings implements Surroundings {
  /** Time and chance. */
  readonly runtime: Runtime;
  /** The network. */
  readonly network: Network;
  readonly #due: (() => void)[] = [];
  readonly #come: (() => void)[] = [];
  #isStopped = false;

  /** Lets everything through at first. */
  constructor({ runtime, network }: Surroundings) {
    this.runtime = {
      now: () => runtime.now(),
      wallClock: () => runtime.wallClock(),
      random: () => runtime.random(),
      after: (delay, callback) => this.#timer((due) => runtime.after(delay, due), callback),
      every: (interval, callback) => this.#timer((due) => runtime.every(interval, due), callback),
      nextTurn: (callback) => runtime.nextTurn(() => this.#once(this.#due, callback)),
    };
    this.network = {
      connect: (endpoint, settings) => network.connect(endpoint, settings),
      listen: (endpoint, settings, onLink) =>
        network.listen(endpoint, settings, (link) => this.#once(this.#come, () => onLink(this.#around(link)))),
      openPort: (endpoint, settings) => this.#aroundPort(network.openPort(endpoint, settings)),
    };
  }

  /** Stops the server, or has it go on. */
  freeze(isStopped: boolean): void {
    this.#isStopped = isStopped;
    while (!this.#isStopped) {
      const next = this.#due.shift() ?? this.#come.shift();
      if (next === undefined) return;
      next();
    }
  }

  #once(queue: (() => void)[], callback: () => void): void {
    if (this.#isStopped) queue.push(callback);
    else callback();
  }

  #timer(begin: (due: () => void) => Timer, callback: () => void): Timer {
    let isCancelled = false;
    const timer = begin(() => this.#once(this.#due, () => isCancelled || callback()));
    return {
      cancel: () => {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  #around(link: HalfClosingLink): HalfClosingLink {
    const start = link.start.bind(link);
    link.start = (handler: LinkHandler) =>
      start({
        receive: (bytes) => {
          const kept = this.#isStopped ? bytes.slice() : bytes;
          this.#once(this.#come, () => handler.receive(kept));
        },
        ended: () => this.#once(this.#come, () => handler.ended()),
        closed: (reason) => this.#once(this.#come, () => handler.closed(reason)),
      });
    return link;
  }

  #aroundPort(port: DatagramPort): DatagramPort {
    const start = port.start.bind(port);
    port.start = (handler: DatagramHandler) =>
      start({
        receive: (bytes, from) => {
          const kept = this.#isStopped ? bytes.slice() : bytes;
          this.#once(this.#come, () => handler.receive(kept, from));
        },
        closed: (reason) => this.#once(this.#come, () => handler.closed(reason)),
      });
    return port;
  }
}
