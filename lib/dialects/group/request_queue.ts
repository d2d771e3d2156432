/**
 * What a client asks its server, and the lists that it gets.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { Fifo } from "../../core/fifo.ts";
import { Retransmission } from "../session/retransmission.ts";
import { type Answer, encodeRequest, type Request } from "./messages.ts";
import { canAnswer } from "./texts.ts";
import { ACK_MS, delayOfCopies, Lifetime, TRIES } from "./times.ts";

/** What a server says to a request: `dereg` and `leave` are acknowledgements of their own. */
export type Reply = Extract<Answer, { verb: "ack" | "nack" | "dereg" | "leave" }>;

/** A request in the queue; `settled` gets the answer, or `undefined` if there was none. */
interface QueuedRequest {
  readonly request: Request;
  readonly settled: (reply: Reply | undefined) => void;
}

/**
 * Asks one thing at a time, each up to five times, and takes for its answer only what can be one. A request whose answer would
 * read the same as that of an earlier one waits until no copy of the earlier answer can come any more. Every other request
 * is marked, so that the server can tell the same thing said twice from a repetition.
 */
export class RequestQueue {
  readonly #deadlines: Deadlines;
  readonly #lifetime: Lifetime;
  readonly #send: (datagram: Uint8Array) => void;
  readonly #waiting = new Fifo<QueuedRequest>();
  #current: QueuedRequest & { readonly retransmission: Retransmission } | undefined;
  /** Until when a request of the same subject has to wait. */
  readonly #held = new Map<string, Deadline>();
  #isMarked = false;
  #isClosed = false;

  /**
   * Nothing is sent before {@linkcode RequestQueue.ask}.
   *
   * @param hostname the server's IP address.
   * @param send sends a datagram to it.
   */
  constructor(deadlines: Deadlines, hostname: string, send: (datagram: Uint8Array) => void) {
    this.#deadlines = deadlines;
    this.#lifetime = new Lifetime(deadlines, hostname);
    this.#send = send;
  }

  /** Whether an answer is waited for. */
  get isWaiting(): boolean {
    return this.#current !== undefined || this.#waiting.size > 0;
  }

  /** Asks, when what was asked before is answered. `settled` is called once: with the answer, or without if there is none. */
  ask(request: Request, settled: (reply: Reply | undefined) => void): void {
    if (this.#isClosed) return;
    this.#waiting.push({ request, settled });
    this.#askNext();
  }

  /**
   * The server has sent something.
   *
   * @returns whether that was the answer to the current request.
   */
  heard(reply: Reply): boolean {
    const current = this.#current;
    const words = `${reply.verb} ${reply.message}`;
    if (current === undefined || !fits(reply, current.request)) {
      this.#lifetime.unawaited(words);
      return false;
    }
    current.retransmission.stop();
    this.#current = undefined;
    // Where more than one went out, more than one answer may come.
    const lifetime = current.retransmission.sent > 1
      ? ACK_MS
      : Math.max(this.#lifetime.afterAnswer(words), this.#lifetime.afterSending);
    this.#hold(subjectOf(current.request), lifetime);
    current.settled(reply);
    this.#askNext();
    return true;
  }

  /** Settles everything that is asked with the same reply. */
  refuseAll(reply: Reply): void {
    const current = this.#current;
    current?.retransmission.stop();
    this.#current = undefined;
    current?.settled(reply);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.settled(reply);
  }

  /** Asks nothing any more; nothing is settled. */
  close(): void {
    this.#isClosed = true;
    this.#current?.retransmission.stop();
    this.#current = undefined;
    for (const deadline of this.#held.values()) deadline.cancel();
    this.#held.clear();
    while (this.#waiting.size > 0) this.#waiting.shift();
  }

  #askNext(): void {
    const next = this.#waiting.peek();
    if (next === undefined || this.#current !== undefined || this.#held.has(subjectOf(next.request))) return;
    this.#waiting.shift();
    const datagram = encodeRequest(next.request, this.#isMarked);
    this.#isMarked = !this.#isMarked;
    const retransmission = new Retransmission(this.#deadlines, {
      interval: ACK_MS,
      attempts: TRIES,
      send: () => this.#send(datagram),
      exhausted: () => {
        this.#current = undefined;
        next.settled(undefined);
      },
    });
    this.#current = { ...next, retransmission };
    retransmission.start();
  }

  #hold(subject: string, time: number): void {
    if (time === 0) return;
    const expired = () => {
      this.#held.delete(subject);
      this.#askNext();
    };
    this.#held.set(subject, this.#deadlines.set(time, { expired }));
  }
}

/** What an answer tells of the request that it is for, and no more: the same for requests whose answers read the same. */
function subjectOf(request: Request): string {
  return "group" in request && request.verb !== "send_group" ? `${request.verb} ${request.group}` : request.verb;
}

function fits(reply: Reply, request: Request): boolean {
  if (reply.verb === "dereg") return request.verb === "dereg";
  if (reply.verb === "leave") return request.verb === "leave_group" && canAnswer(reply.message, request);
  // What is acknowledged with a word of its own may still be refused.
  if (reply.verb === "ack" && (request.verb === "dereg" || request.verb === "leave_group")) return false;
  return canAnswer(reply.message, request);
}

/** How long nothing more must come until a list is taken for complete, in milliseconds, beyond what the network delays. */
const PAUSE_MS = 50;

/**
 * A list that a server sends, a line a datagram. Nothing says where it ends: it is complete when no more has come for a while
 * after the server's answer. What comes later still belongs to it: a server that is busy takes its time.
 */
export class Listing {
  readonly #deadlines: Deadlines;
  readonly #pause: number;
  readonly #added: (line: string) => void;
  readonly #completed: () => void;
  readonly #lines = new Set<string>();
  #deadline: Deadline | undefined;
  #isComplete = false;

  /**
   * Lines are taken before the server has answered, too.
   *
   * @param hostname the server's IP address.
   * @param added gets each line once.
   * @param completed is called once, when the list is complete.
   */
  constructor(deadlines: Deadlines, hostname: string, added: (line: string) => void, completed: () => void) {
    this.#deadlines = deadlines;
    this.#pause = PAUSE_MS + delayOfCopies(hostname);
    this.#added = added;
    this.#completed = completed;
  }

  /** The server has answered: what has not come by now comes soon. */
  answered(): void {
    this.#deadline?.cancel();
    this.#deadline = this.#deadlines.set(this.#pause, {
      expired: () => {
        this.#isComplete = true;
        this.#completed();
      },
    });
  }

  /** A line has come, maybe after the list was taken for complete: the same one comes again where the server was asked twice. */
  add(line: string): void {
    if (!this.#lines.has(line)) {
      this.#lines.add(line);
      this.#added(line);
    }
    if (this.#deadline !== undefined && !this.#isComplete) this.answered();
  }

  /** Waits no more. */
  close(): void {
    this.#deadline?.cancel();
  }
}
