/**
 * A client's port, whose datagrams are lost, doubled, delayed and reordered, both ways.
 *
 * @module
 */

import { type DatagramPort, isSameEndpoint } from "../../../lib/core/datagrams.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { Runtime, Timer } from "../../../lib/core/runtime.ts";
import { DatagramLink } from "../../play/connection/datagram_link.ts";
import type { DatagramDisturbance } from "../faults.ts";

/** The share that is lost, or doubled. */
const SHARE = 0.4;
/** How late a delayed datagram is, in milliseconds. */
const LATE = 100;
/** How late a copy is at most, and a datagram that others are to overtake, in milliseconds. */
const ASTRAY = 50;

/** Speaks with one server, and does to each datagram what the fault of the moment wants. */
export class FaultyDatagrams extends DatagramLink {
  /** What is done now. */
  fault: DatagramDisturbance | undefined;
  readonly #runtime: Runtime;
  readonly #late = new Set<Timer>();

  /** Sends through a port, which must not have been started. */
  constructor(port: DatagramPort, target: Endpoint, runtime: Runtime) {
    super(port, target);
    this.#runtime = runtime;
  }

  override write(bytes: Uint8Array): void {
    this.#pass(bytes, (datagram) => super.write(datagram));
  }

  override receive(bytes: Uint8Array, from: Endpoint): void {
    if (!isSameEndpoint(from, this.remote)) return;
    this.#pass(bytes, (datagram) => super.receive(datagram, from));
  }

  override closed(reason: CloseReason): void {
    for (const timer of this.#late) timer.cancel();
    super.closed(reason);
  }

  #pass(bytes: Uint8Array, go: (datagram: Uint8Array) => void): void {
    const { fault } = this;
    const random = this.#runtime.random();
    if (fault === "loss" && random < SHARE) return;
    if (fault === "delay") return this.#later(LATE, bytes, go);
    if (fault === "reordering") return this.#later(random * ASTRAY, bytes, go);
    go(bytes);
    if (fault === "duplication" && random < SHARE) this.#later(this.#runtime.random() * ASTRAY, bytes, go);
  }

  #later(delay: number, bytes: Uint8Array, go: (datagram: Uint8Array) => void): void {
    const copy = bytes.slice();
    const timer = this.#runtime.after(delay, () => {
      this.#late.delete(timer);
      go(copy);
    });
    this.#late.add(timer);
  }
}
