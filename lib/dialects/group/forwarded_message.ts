/**
 * A direct message that a group client has sent to somebody who does not speak group.
 *
 * @module
 */

import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { OutcomeObserver } from "../../hub/delivery.ts";
import { ACK_MS } from "./times.ts";

/** How long the recipient may take, in milliseconds: the sender waits 500, and half of it is for the way. */
const PASSING_MS = ACK_MS / 2;

/**
 * Waits for the recipient to have it, and then acknowledges it in the recipient's place; not any more when the sender has
 * given it up, since it would take the acknowledgement for that of its next message.
 */
export class ForwardedMessage implements OutcomeObserver {
  readonly #acknowledge: () => void;
  readonly #over: () => void;
  readonly #deadline: Deadline;
  #state: "open" | "delivered" | "over" = "open";

  /** Takes the time, what acknowledges the message, and who is told once that its outcome is known or of no use. */
  constructor(deadlines: Deadlines, acknowledge: () => void, over: (passing: ForwardedMessage) => void) {
    this.#acknowledge = acknowledge;
    this.#over = () => over(this);
    this.#deadline = deadlines.set(PASSING_MS, { expired: () => this.#end("over") });
  }

  /** The outcome is known. */
  settled(outcome: Outcome): void {
    if (this.#state !== "open") return;
    if (outcome.kind === "delivered") this.#acknowledge();
    this.#end(outcome.kind === "delivered" ? "delivered" : "over");
  }

  /** The sender's datagram came twice: the acknowledgement goes out twice. */
  again(): void {
    if (this.#state === "delivered") this.#acknowledge();
  }

  #end(state: "delivered" | "over"): void {
    this.#state = state;
    this.#deadline.cancel();
    this.#over();
  }
}
