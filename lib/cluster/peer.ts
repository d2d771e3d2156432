/**
 * Another node of the cluster, as this one sees it, and how messages are passed on to it.
 *
 * @module
 */

import type { Endpoint } from "../core/link.ts";
import { refused } from "../core/outcome.ts";
import type { PeerNode } from "../hub/cluster.ts";
import type { Delivery } from "../hub/delivery.ts";
import type { Member } from "../hub/member.ts";
import type { RequestCounter } from "./counts.ts";
import type { ClusterEngine } from "./engine.ts";
import { type Addressee, decodeOutcome, encodePassing } from "./requests.ts";
import type { Lease } from "./records.ts";

/** How much may be on its way to one node whose outcome is open: messages, and bytes. */
const MAX_OPEN = 8192;
const MAX_OPEN_BYTES = 16 * 1024 * 1024;

/** What all of them need. */
export interface PeerContext extends Pick<Lease, "machine" | "ports"> {
  /** What carries the cluster. */
  readonly engine: ClusterEngine;
  /** How long an answer is waited for, in milliseconds. */
  readonly timeout: number;
  /** Where what is asked is counted. */
  readonly requests: RequestCounter;
}

/** Another node. It takes what is for everybody who is present there. */
export class Peer implements PeerNode {
  readonly #services: PeerContext;
  #open = 0;
  #openBytes = 0;
  /** How many are present there. */
  members = 0;
  /** Whether its lease was not renewed in time. */
  isSilent = false;

  /**
   * @param lease as it was last written.
   * @param seen when that was seen first, on our own clock in milliseconds.
   */
  constructor(services: PeerContext, public lease: Lease, public seen: number) {
    this.#services = services;
  }

  /** Passes on what is for everybody there. */
  deliver(delivery: Delivery): void {
    this.passOn("everyone", delivery);
  }

  /** Asks something of the node itself, or tells it something that may be lost. */
  ask(to: Addressee, from: Member, body: Uint8Array): Promise<Uint8Array | "nobody" | "unknown"> {
    return this.#ask(encodePassing(to, from, body));
  }

  /** Whether it is on this machine. */
  get isNear(): boolean {
    const { machine } = this.#services;
    return machine !== undefined && this.lease.machine === machine;
  }

  /** Whether it has the same ports of the same machine. */
  get sharesPorts(): boolean {
    const { ports } = this.#services;
    return this.isNear && ports !== undefined && this.lease.ports === ports;
  }

  /** Passes on what has come for a client of the node to another one; too much of it is lost. */
  passDatagram(client: Member, bytes: Uint8Array, from: Endpoint): void {
    const request = encodePassing({ port: client.dialect }, { ...client, remote: from }, bytes);
    if (this.#hasRoomFor(request)) void this.#ask(request);
  }

  /** Passes a message on: to the holder of a claim, or to everybody there. */
  passOn(to: Addressee, delivery: Delivery): void {
    const request = encodePassing(to, delivery.from, delivery.body);
    if (!this.#hasRoomFor(request)) return delivery.settle(refused("overloaded"));
    delivery.passedOn();
    this.#ask(request).then((answer) => {
      if (typeof answer === "string") return delivery.settle(refused("undeliverable"));
      const outcome = decodeOutcome(answer);
      // Nobody there counts: the others decide.
      if (to === "everyone" && outcome.kind === "unknown") delivery.exempt();
      else delivery.settle(outcome);
    });
  }

  #hasRoomFor(request: Uint8Array): boolean {
    if (this.#open < MAX_OPEN && this.#openBytes + request.length <= MAX_OPEN_BYTES) return true;
    this.#services.requests.asked++;
    this.#services.requests.refused++;
    return false;
  }

  async #ask(request: Uint8Array): Promise<Uint8Array | "nobody" | "unknown"> {
    this.#services.requests.asked++;
    this.#open++;
    this.#openBytes += request.length;
    const answer = await this.#services.engine.ask(this.lease.node, request, this.#services.timeout);
    this.#open--;
    this.#openBytes -= request.length;
    this.#services.requests.settled(answer);
    return answer;
  }
}
