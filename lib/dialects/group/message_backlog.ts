/**
 * Private messages that come to a client inside a group.
 *
 * @module
 */

/** A private message that came inside a group. */
export interface PrivateMessage {
  /** Who sent it. */
  readonly from: string;
  /** What it says. */
  readonly message: string;
}

/** How many private messages are kept, and how many characters of them. */
const MAX_KEPT = 1_000;
const MAX_CHARACTERS = 1024 * 1024;

/** Private messages that are shown when the group is left. */
export class MessageBacklog {
  #messages: PrivateMessage[] = [];
  #characters = 0;

  /** Keeps a message; `false` if there are too many already, and it must not be acknowledged. */
  add(message: PrivateMessage): boolean {
    const characters = this.#characters + message.from.length + message.message.length;
    if (this.#messages.length >= MAX_KEPT || characters > MAX_CHARACTERS) return false;
    this.#messages.push(message);
    this.#characters = characters;
    return true;
  }

  /** Gives away what is kept. */
  take(): readonly PrivateMessage[] {
    const taken = this.#messages;
    this.#messages = [];
    this.#characters = 0;
    return taken;
  }
}
