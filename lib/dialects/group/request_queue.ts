/**
 * What a client asks its server.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import { Fifo } from "../../core/fifo.ts";
import { type Answer, encodeRequest, type Request } from "./messages.ts";
import { canAnswer } from "./texts.ts";
import { ACK_MS, Lifetime, TRIES } from "./times.ts";

/** What a server says to a request: `dereg` and `leave` are acknowledgements of their own. */
export type Reply = Extract<Answer, { verb: "ack" | "nack" | "dereg" | "leave" }>;

/** A request, and who is told what came of it: the answer, or that there was none. */
interface Asked {
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
  readonly #waiting = new Fifo<Asked>();
  #current: { readonly asked: Asked; readonly datagram: Uint8Array; tries: number } | undefined;
  #deadline: Deadline | undefined;
  readonly #quiet = new Map<string, Deadline>();
  #isMarked = false;
  #isClosed = false;

  /** Takes the time, the server's address, and what sends a datagram there. */
  constructor(deadlines: Deadlines, hostname: string, send: (datagram: Uint8Array) => void) {
    this.#deadlines = deadlines;
    this.#lifetime = new Lifetime(deadlines, hostname);
    this.#send = send;
  }

  /** Whether an answer is waited for. */
  get isWaiting(): boolean {
    return this.#current !== undefined || this.#waiting.size > 0;
  }

  /** Asks, when what was asked before is answered. `settled` is told once. */
  ask(request: Request, settled: (reply: Reply | undefined) => void): void {
    if (this.#isClosed) return;
    this.#waiting.push({ request, settled });
    this.#askNext();
  }

  /** The server has said something; says whether that was the answer to what was asked. */
  heard(reply: Reply): boolean {
    const current = this.#current;
    const words = `${reply.verb} ${reply.message}`;
    if (current === undefined || !fits(reply, current.asked.request)) {
      this.#lifetime.unawaited(words);
      return false;
    }
    this.#deadline?.cancel();
    this.#current = undefined;
    // Where more than one went out, more than one answer may come.
    const lifetime = current.tries > 1
      ? ACK_MS
      : Math.max(this.#lifetime.afterAnswer(words), this.#lifetime.afterSending);
    this.#keepQuiet(subjectOf(current.asked.request), lifetime);
    current.asked.settled(reply);
    this.#askNext();
    return true;
  }

  /** Has everything that was asked answered with the same words. */
  refuseAll(reply: Reply): void {
    this.#deadline?.cancel();
    const current = this.#current;
    this.#current = undefined;
    current?.asked.settled(reply);
    for (let asked = this.#waiting.shift(); asked !== undefined; asked = this.#waiting.shift()) asked.settled(reply);
  }

  /** Asks nothing any more; nobody is told. */
  close(): void {
    this.#isClosed = true;
    this.#deadline?.cancel();
    this.#current = undefined;
    for (const deadline of this.#quiet.values()) deadline.cancel();
    this.#quiet.clear();
    while (this.#waiting.size > 0) this.#waiting.shift();
  }

  #askNext(): void {
    const asked = this.#waiting.peek();
    if (asked === undefined || this.#current !== undefined || this.#quiet.has(subjectOf(asked.request))) return;
    this.#waiting.shift();
    const datagram = encodeRequest(asked.request, this.#isMarked);
    this.#isMarked = !this.#isMarked;
    this.#current = { asked, datagram, tries: 0 };
    this.#try();
  }

  #try(): void {
    const current = this.#current;
    if (current === undefined) return;
    if (current.tries === TRIES) {
      this.#current = undefined;
      return current.asked.settled(undefined);
    }
    current.tries++;
    this.#deadline = this.#deadlines.set(ACK_MS, { expired: () => this.#try() });
    this.#send(current.datagram);
  }

  #keepQuiet(subject: string, time: number): void {
    if (time === 0) return;
    const expired = () => {
      this.#quiet.delete(subject);
      this.#askNext();
    };
    this.#quiet.set(subject, this.#deadlines.set(time, { expired }));
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
