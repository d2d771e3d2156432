/**
 * What leaves the server: at once to those who have proven their address, within one small budget to all others.
 *
 * @module
 */

import { type DatagramPort, endpointKey } from "../../core/datagrams.ts";
import type { Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import type { DatagramGuard } from "../dialect.ts";
import { type Kind, SharedBudget } from "./budget.ts";

/** How long an answer may wait, in milliseconds: not quite what its client waits, since some of that is for the way. */
const ANSWER_MS = 400;
/** The same for what is true for longer: welcome and goodbye. */
const GREETING_MS = 5_000;

/** How long a line of a list may wait, in milliseconds. */
const LIST_MS = 2_000;

/** How many are kept in mind who have proven their address: they may go and come back. */
const MAX_PROVEN = 1_024;
/** Of how many addresses it is kept in mind whether they are near. */
const MAX_TRUSTED = 4_096;

/**
 * Anybody can say that they are somebody else's address: UDP has no handshake. An address is unproven until it has
 * acknowledged something; until then it shares its budget with all that are (PROTOCOLS.md, group).
 */
export class Outlet {
  readonly #port: DatagramPort;
  readonly #doorkeeper: Pick<DatagramGuard, "trusts">;
  readonly #shared: SharedBudget;
  readonly #proven = new Set<string>();
  /** What was said of addresses: it takes some time to find out, and is asked for every datagram. */
  readonly #trusted = new Map<string, boolean>();

  /** Takes the port, the time, who says which addresses need no proof, and how much all others may be sent. */
  constructor(port: DatagramPort, deadlines: Deadlines, doorkeeper: Pick<DatagramGuard, "trusts" | "unprovenBudget">) {
    this.#port = port;
    this.#doorkeeper = doorkeeper;
    this.#shared = new SharedBudget(deadlines, doorkeeper.unprovenBudget);
  }

  /** Whether an address is so near that it needs no proof. */
  trusts(hostname: string): boolean {
    let isTrusted = this.#trusted.get(hostname);
    if (isTrusted === undefined) {
      if (this.#trusted.size >= MAX_TRUSTED) this.#trusted.clear();
      this.#trusted.set(hostname, isTrusted = this.#doorkeeper.trusts(hostname));
    }
    return isTrusted;
  }

  /** Whether a client that listens there is there indeed. */
  isProven(endpoint: Endpoint): boolean {
    return this.trusts(endpoint.hostname) || this.#proven.has(endpointKey(endpoint));
  }

  /** On whose account goes what a client is sent: the port's where the address is near, since each may be somebody else. */
  payer(endpoint: Endpoint): string {
    return this.trusts(endpoint.hostname) ? endpointKey(endpoint) : endpoint.hostname;
  }

  /** A client that listens there has acknowledged what only it can have got. */
  prove(endpoint: Endpoint): void {
    const key = endpointKey(endpoint);
    this.#proven.delete(key);
    this.#proven.add(key);
    const [oldest] = this.#proven;
    if (oldest !== undefined && this.#proven.size > MAX_PROVEN) this.#proven.delete(oldest);
  }

  /** Sends an answer, unless it would have to wait for so long that it were of no use: whoever gets none asks again. */
  answer(datagram: Uint8Array, to: Endpoint): void {
    if (this.isProven(to)) this.#port.send(datagram, to);
    else this.#shared.post("answer", () => this.#send(datagram, to), ANSWER_MS);
  }

  /** Sends a welcome or a goodbye, which may wait for longer; `isWanted` says when its turn comes whether it is still true. */
  greet(datagram: Uint8Array, to: Endpoint, isWanted: () => boolean): void {
    if (this.isProven(to)) this.#port.send(datagram, to);
    else this.#shared.post("greeting", () => isWanted() ? this.#send(datagram, to) : 0, GREETING_MS);
  }

  /** Sends a line of a list, which may wait for longer than what makes sense only now. */
  list(datagram: Uint8Array, to: Endpoint): void {
    if (this.isProven(to)) this.#port.send(datagram, to);
    else this.#shared.post("list", () => this.#send(datagram, to), LIST_MS);
  }

  /** Sends what must be acknowledged. `goes` is told when it does, and may say that it is not wanted any more. */
  letter(datagram: Uint8Array, to: Endpoint, goes: () => boolean): void {
    const go = () => goes() ? this.#send(datagram, to) : 0;
    if (this.isProven(to)) go();
    else this.#shared.post("letter", go);
  }

  /** Has a table made and sent when an address that is not proven may have one; `go` says how many bytes went. */
  table(kind: Extract<Kind, "table" | "next-table">, go: () => number): void {
    this.#shared.post(kind, go);
  }

  /** Sends nothing more of what waits. */
  close(): void {
    this.#shared.close();
  }

  #send(datagram: Uint8Array, to: Endpoint): number {
    this.#port.send(datagram, to);
    return datagram.length;
  }
}
