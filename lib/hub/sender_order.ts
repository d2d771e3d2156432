/**
 * What senders say behind a message that has to wait.
 *
 * @module
 */

/** Keeps what each sender says in order, also where one message has to wait: to one recipient all of it arrives as it was said. */
export class SenderOrder<Sender> {
  /** What is held of those of whom a message waits. */
  readonly #held = new Map<Sender, (() => boolean)[]>();

  /** Whether what a sender says has to wait. */
  isHeld(sender: Sender): boolean {
    return this.#held.size > 0 && this.#held.has(sender);
  }

  /** Sends something behind what is held. It says whether what follows has to wait: {@linkcode SenderOrder.goOn} is called then. */
  push(sender: Sender, sending: () => boolean): void {
    this.#held.get(sender)?.push(sending);
  }

  /** A message of a sender waits from now on. */
  hold(sender: Sender): void {
    if (!this.#held.has(sender)) this.#held.set(sender, []);
  }

  /** It waits no more. */
  goOn(sender: Sender): void {
    const held = this.#held.get(sender) ?? [];
    for (let next = held.shift(); next !== undefined; next = held.shift()) if (next()) return;
    this.#held.delete(sender);
  }
}
