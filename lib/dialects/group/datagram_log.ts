/**
 * Datagrams that make no sense, in the log.
 *
 * @module
 */

import type { Endpoint } from "../../core/link.ts";
import type { ServerContext } from "../dialect.ts";
import type { Fault } from "./messages.ts";

/** The shortest time between two lines of the log, in milliseconds. */
const INTERVAL_MS = 1_000;

/** Logs the first, and then once a second how many there were: anybody can send them, at any rate. */
export class DatagramLog {
  readonly #context: Pick<ServerContext, "deadlines" | "log">;
  #isQuiet = false;
  #unlogged = 0;

  /** Takes the time and the log. */
  constructor(context: Pick<ServerContext, "deadlines" | "log">) {
    this.#context = context;
  }

  /** A datagram could not be read. */
  heard(fault: Fault, from: Endpoint): void {
    if (this.#isQuiet) {
      this.#unlogged++;
      return;
    }
    this.#context.log("info", "a datagram was ignored", { why: fault, address: from.hostname, port: from.port });
    this.#wait();
  }

  #wait(): void {
    this.#isQuiet = true;
    this.#context.deadlines.set(INTERVAL_MS, {
      expired: () => {
        this.#isQuiet = false;
        if (this.#unlogged === 0) return;
        this.#context.log("info", "more datagrams were ignored", { count: this.#unlogged });
        this.#unlogged = 0;
        this.#wait();
      },
    });
  }
}
