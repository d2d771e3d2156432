/**
 * How a client registers.
 *
 * @module
 */

import type { Deadline } from "../../core/deadlines.ts";
import type { ClientPort } from "../dialect.ts";
import { Retransmission } from "../session/retransmission.ts";
import type { Reply } from "./request_queue.ts";
import { encodeRequest, type Request } from "./messages.ts";
import { canAnswer, NAME_TAKEN } from "./texts.ts";
import { ACK_MS, lifetimeOfAnswers, TRIES } from "./times.ts";

/** How long the server may take, in milliseconds: the document's own does not answer before 500 ms have passed. */
const PATIENCE_MS = 2 * ACK_MS;

/** After how long without being deregistered the client may register again as often as before, in milliseconds. */
const CALM_MS = 10_000;

/** What becomes of a registration. */
export interface RegistrationEvents {
  /** The server has the client in its table. */
  registered(): void;
  /** The server does not take the name; another one may be tried. */
  refused(why: string): void;
  /** The server has deregistered the client, and does not take it again. */
  failed(why: string): void;
  /** The server does not answer. */
  unanswered(): void;
}

/**
 * A registration is complete when the server has acknowledged the name and sent the table, which a server that is asked again
 * sends again. Where only the table does not come, the client goes on without.
 */
export class Registration {
  readonly #open: ClientPort;
  readonly #events: RegistrationEvents;
  #request: Request | undefined;
  #isAcknowledged = false;
  #hasTable = false;
  #isAgain = false;
  /** How often the client has registered again, of late. */
  #count = 0;
  #retransmission: Retransmission | undefined;
  #deadline: Deadline | undefined;

  /** Nothing is sent before {@linkcode Registration.register}. */
  constructor(open: ClientPort, events: RegistrationEvents) {
    this.#open = open;
    this.#events = events;
  }

  /** Whether the server has acknowledged the name, so that it takes the client for registered. */
  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** Registers this name, in place of any before it. */
  register(name: string): void {
    this.#isAgain = false;
    this.#send(name);
  }

  /** Registers once more with a server that has deregistered the client, when no answer to the last time can come any more. */
  registerAgain(name: string): void {
    this.close();
    this.#request = undefined;
    this.#isAcknowledged = false;
    this.#isAgain = true;
    if (++this.#count > TRIES) return this.#events.failed("it deregisters us again and again");
    const { deadlines, server } = this.#open;
    this.#deadline = deadlines.set(lifetimeOfAnswers(server.hostname), { expired: () => this.#send(name) });
  }

  /** The server has answered. */
  heard(reply: Reply): void {
    if (this.#request === undefined || (reply.verb !== "ack" && reply.verb !== "nack")) return;
    if (!canAnswer(reply.message, this.#request)) return;
    if (reply.verb === "ack" && reply.message !== NAME_TAKEN) {
      this.#isAcknowledged = true;
      return this.#completeIfListed();
    }
    // Another server may refuse what it has taken a moment ago, when it is asked again.
    if (this.#isAcknowledged) return;
    this.close();
    if (this.#isAgain) this.#events.failed(reply.message);
    else this.#events.refused(reply.message);
  }

  /** A table has come in which the client is. */
  listed(): void {
    this.#hasTable = true;
    this.#completeIfListed();
  }

  /** Sends nothing any more. */
  close(): void {
    this.#retransmission?.stop();
    this.#deadline?.cancel();
  }

  #send(name: string): void {
    this.close();
    this.#isAcknowledged = this.#hasTable = false;
    const { deadlines, port, server } = this.#open;
    const own = port.addressFor(server);
    this.#request = { verb: "register", user: name, ip: own.hostname, port: own.port };
    // Marked every other time, so that it is not taken for a repetition of the time before.
    const datagram = encodeRequest(this.#request, this.#count % 2 === 1);
    this.#retransmission = new Retransmission(deadlines, {
      interval: PATIENCE_MS,
      attempts: TRIES,
      send: () => port.send(datagram, server),
      exhausted: () => this.#isAcknowledged ? this.#complete() : this.#events.unanswered(),
    });
    this.#retransmission.start();
  }

  #completeIfListed(): void {
    if (this.#isAcknowledged && this.#hasTable) this.#complete();
  }

  #complete(): void {
    this.close();
    this.#deadline = this.#open.deadlines.set(CALM_MS, { expired: () => this.#count = 0 });
    this.#events.registered();
  }
}
