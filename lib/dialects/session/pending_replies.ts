/**
 * What a sender is still to be told of its messages.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { OutcomeObserver } from "../../hub/delivery.ts";

/** Tells a sender what there is to tell: a session. */
export interface ReplyWriter<To, Words> {
  /** Tells the outcome of the message to `to`, or words of the session's own. */
  tell(to: To, known: Outcome | Words): void;
  /** All that is known has been told. */
  told(): void;
}

/** When a reply is told: behind those to all messages before it, or as soon as it is known. */
export type ReplyOrder = "as-sent" | "as-known";

/**
 * The replies that are owed to a sender. Each is made when a message is sent, and observes its outcome.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { DELIVERED, UNKNOWN } from "../../core/outcome.ts";
 *
 * const told: string[] = [];
 * const replies = new PendingReplies<string>({ tell: (to, { kind }) => told.push(`${to} ${kind}`), told: () => {} }, "as-sent");
 * const [first, second] = [replies.add("bob"), replies.add("carol")];
 * second.settled(UNKNOWN);
 * assertEquals([told, replies.size], [[], 2]);
 * first.settled(DELIVERED);
 * assertEquals([told, replies.size], [["bob delivered", "carol unknown"], 0]);
 * ```
 */
export class PendingReplies<To, Words = never> {
  readonly #writer: ReplyWriter<To, Words>;
  /** Where they are told in the order of the messages, those that are not told yet. */
  readonly #queue: Fifo<PendingReply<To, Words>> | undefined;
  #size = 0;

  constructor(writer: ReplyWriter<To, Words>, order: ReplyOrder) {
    this.#writer = writer;
    this.#queue = order === "as-sent" ? new Fifo() : undefined;
  }

  /** How many are owed. */
  get size(): number {
    return this.#size;
  }

  /** A message is sent to `to`: the reply that is owed for it. */
  add(to: To): OutcomeObserver {
    return this.#add(new PendingReply(this, to));
  }

  /** Says something in its turn that is known already. */
  say(to: To, words: Words): void {
    this.#add(new PendingReply(this, to, words)).markKnown();
  }

  #add(reply: PendingReply<To, Words>): PendingReply<To, Words> {
    this.#size++;
    this.#queue?.push(reply);
    return reply;
  }

  /** A reply is known: it is told, with those behind it that wait for it alone. {@linkcode PendingReply} calls this. */
  known(reply: PendingReply<To, Words>): void {
    const queue = this.#queue;
    if (queue === undefined) this.#tell(reply.to, reply.known!);
    else {
      if (queue.peek() !== reply) return;
      for (let next = queue.peek(); next?.known !== undefined; next = queue.peek()) {
        queue.shift();
        this.#tell(next.to, next.known);
      }
    }
    this.#writer.told();
  }

  #tell(to: To, known: Outcome | Words): void {
    this.#size--;
    this.#writer.tell(to, known);
  }
}

/** One reply. It keeps no closure, since there is one for each message. */
export class PendingReply<To, Words> implements OutcomeObserver {
  readonly #replies: PendingReplies<To, Words>;

  /** {@linkcode PendingReplies} makes these. */
  constructor(
    replies: PendingReplies<To, Words>,
    /** The recipient of the message. */
    readonly to: To,
    /** What is to be told, once it is known. */
    public known?: Outcome | Words,
  ) {
    this.#replies = replies;
  }

  /** The message's outcome is known. */
  settled(outcome: Outcome): void {
    this.known = outcome;
    this.markKnown();
  }

  /** What is to be told is known. */
  markKnown(): void {
    this.#replies.known(this);
  }
}
