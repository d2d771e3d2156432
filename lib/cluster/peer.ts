/**
 * Another node of the cluster, as this one sees it, and how messages are passed on to it.
 *
 * @module
 */

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

/** Another node. It takes what is for everybody who is present there. */
export class Peer implements PeerNode {
  readonly #engine: ClusterEngine;
  readonly #timeout: number;
  readonly #requests: RequestCounter;
  #open = 0;
  #openBytes = 0;
  /** How many are present there. */
  members = 0;
  /** Whether its lease was not renewed in time. */
  isSilent = false;

  /**
   * @param lease as it was last written.
   * @param seen when that was seen first, on our own clock in milliseconds.
   * @param timeout how long an answer is waited for, in milliseconds.
   * @param requests where what is asked is counted.
   */
  constructor(
    engine: ClusterEngine,
    public lease: Lease,
    public seen: number,
    timeout: number,
    requests: RequestCounter,
  ) {
    this.#engine = engine;
    this.#requests = requests;
    this.#timeout = timeout;
  }

  /** Passes on what is for everybody there. */
  deliver(delivery: Delivery): void {
    this.passOn("everyone", delivery);
  }

  /** Tells the members of a group there something, if nobody knows whether it has arrived. */
  tellGroup(group: string, from: Member, text: Uint8Array): void {
    void this.#ask(encodePassing({ group }, from, text));
  }

  /** Passes a message on: to the holder of a claim, or to everybody there. */
  passOn(to: Addressee, delivery: Delivery): void {
    const request = encodePassing(to, delivery.from, delivery.body);
    if (this.#open >= MAX_OPEN || this.#openBytes + request.length > MAX_OPEN_BYTES) {
      this.#requests.asked++;
      this.#requests.refused++;
      return delivery.settle(refused("overloaded"));
    }
    this.#open++;
    this.#openBytes += request.length;
    delivery.passedOn();
    this.#ask(request).then((answer) => {
      this.#open--;
      this.#openBytes -= request.length;
      if (typeof answer === "string") return delivery.settle(refused("undeliverable"));
      const outcome = decodeOutcome(answer);
      // Nobody there counts: the others decide.
      if (to === "everyone" && outcome.kind === "unknown") delivery.exempt();
      else delivery.settle(outcome);
    });
  }

  async #ask(request: Uint8Array): Promise<Uint8Array | "nobody" | "unknown"> {
    this.#requests.asked++;
    const answer = await this.#engine.ask(this.lease.node, request, this.#timeout);
    this.#requests.settled(answer);
    return answer;
  }
}
