/**
 * What others say to a web user, until the user acknowledges it.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { DELIVERED, GONE, refused } from "../../core/outcome.ts";
import type { Delivery, Recipient, Waiting } from "../../hub/delivery.ts";
import { Patience, type PatienceOptions } from "../session/unresponsive_timer.ts";
import { encodeNumbered, MESSAGE_FORM } from "./server_messages.ts";

/** How many messages one user may leave without an answer that are not given up yet. */
const MAX_UNANSWERED = 4096;

/** What {@linkcode WebRecipient} is told at its start. */
export interface WebRecipientOptions extends PatienceOptions {
  /** How many bytes may wait to be written to the user. */
  readonly maxQueue: number;
  /** The user answers nothing, and says nothing. */
  unresponsive(): void;
}

/** Passes messages on, each under a number, and settles each when its number is acknowledged (`web/received`). */
export class WebRecipient implements Recipient {
  readonly #link: Link;
  readonly #options: WebRecipientOptions;
  /** Those without an answer, by number, oldest first; some of them may be given up. */
  readonly #unanswered = new Map<number, Delivery>();
  #lastNumber = 0;
  /** Made for the first message: most users are only there. */
  #patience: Patience | undefined;
  #isGone = false;

  constructor(link: Link, options: WebRecipientOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** See {@linkcode Recipient.waiting}. */
  get waiting(): Waiting {
    let messages = 0;
    for (const { isSettled } of this.#unanswered.values()) if (!isSettled) messages++;
    return { messages, bytes: this.#link.queued ?? 0 };
  }

  /** Passes a message on, and waits for the answer. */
  deliver(delivery: Delivery): void {
    if (this.#isGone) return delivery.settle(GONE);
    this.#dropSettled();
    if (this.#unanswered.size >= MAX_UNANSWERED) return delivery.settle(refused("overloaded"));
    const message = encodeNumbered(this.#lastNumber + 1, delivery.as(MESSAGE_FORM));
    if (message.length > this.#options.maxQueue) return delivery.settle(refused("too-long"));
    this.#unanswered.set(++this.#lastNumber, delivery);
    this.#patience ??= new Patience(
      this.#options,
      (nthFromLast) => this.#unanswered.get(this.#lastNumber + 1 - nthFromLast)?.isSettled ?? true,
      () => this.#options.unresponsive(),
    );
    this.#patience.passedOn();
    this.#link.write(message);
    delivery.passedOn();
  }

  /** The user has said something. */
  heard(): void {
    this.#patience?.heard();
  }

  /** The user has this message. One that is given up, acknowledged already, or was never sent, is nothing. */
  received(number: number): void {
    if (number > this.#lastNumber) return;
    this.#patience?.answered(this.#lastNumber - number);
    const delivery = this.#unanswered.get(number);
    this.#unanswered.delete(number);
    delivery?.settle(DELIVERED);
  }

  /** The user is gone, and will not answer any more. */
  gone(): void {
    this.#isGone = true;
    this.#patience?.stop();
    const deliveries = [...this.#unanswered.values()];
    this.#unanswered.clear();
    for (const delivery of deliveries) delivery.settle(GONE);
  }

  /** All have the same time, so that those that are given up are the oldest. */
  #dropSettled(): void {
    for (const [number, delivery] of this.#unanswered) {
      if (!delivery.isSettled) break;
      this.#unanswered.delete(number);
    }
  }
}
