/**
 * How a client registers.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import type { Reply } from "./request_queue.ts";
import { encodeRequest, type Request } from "./messages.ts";
import { canAnswer, NAME_TAKEN } from "./texts.ts";
import { ACK_MS, TRIES } from "./times.ts";

/** How long the server may take, in milliseconds: the document's own does not answer before 500 ms have passed. */
const PATIENCE_MS = 2 * ACK_MS;

/** Who is told how registering goes. */
export interface RegistrationEvents {
  /** Sends a datagram to the server. */
  send(datagram: Uint8Array): void;
  /** The server has the client in its table. */
  registered(): void;
  /** The server does not take the name. */
  refused(why: string): void;
  /** The server does not answer. */
  silent(): void;
}

/**
 * Registers one name: complete when the server has acknowledged it and sent the table, which a server that we have asked
 * again sends again. Where only the table does not come, it goes on without.
 */
export class Registration {
  readonly #deadlines: Deadlines;
  readonly #events: RegistrationEvents;
  readonly #request: Request;
  readonly #isMarked: boolean;
  #tries = 0;
  #deadline: Deadline | undefined;
  #isAcknowledged = false;
  #hasTable = false;

  /**
   * Takes the time, the name, where the client listens, who is told, and whether the request is marked, so that it is not taken
   * for the one before it; asks at once.
   */
  constructor(deadlines: Deadlines, name: string, listening: Endpoint, events: RegistrationEvents, isMarked = false) {
    this.#deadlines = deadlines;
    this.#events = events;
    this.#isMarked = isMarked;
    const { hostname: ip, port } = listening;
    this.#request = { verb: "register", user: name, ip, port };
    this.#try();
  }

  /** Whether the server has acknowledged the name, so that it takes the client for registered. */
  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** The server has answered. */
  heard(reply: Reply): void {
    if ((reply.verb !== "ack" && reply.verb !== "nack") || !canAnswer(reply.message, this.#request)) return;
    if (reply.verb === "ack" && reply.message !== NAME_TAKEN) {
      this.#isAcknowledged = true;
      return this.#look();
    }
    // Another server may refuse what it has taken a moment ago, when it is asked again.
    if (this.#isAcknowledged) return;
    this.close();
    this.#events.refused(reply.message);
  }

  /** A table has come in which the client is. */
  listed(): void {
    this.#hasTable = true;
    this.#look();
  }

  /** Asks no more. */
  close(): void {
    this.#deadline?.cancel();
  }

  #look(): void {
    if (!this.#isAcknowledged || !this.#hasTable) return;
    this.close();
    this.#events.registered();
  }

  #try(): void {
    if (this.#tries === TRIES) {
      if (this.#isAcknowledged) this.#events.registered();
      else this.#events.silent();
      return;
    }
    this.#tries++;
    this.#deadline = this.#deadlines.set(PATIENCE_MS, { expired: () => this.#try() });
    this.#events.send(encodeRequest(this.#request, this.#isMarked));
  }
}
