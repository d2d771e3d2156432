/**
 * Telling a newcomer who is there, however many they are.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { Member } from "../../hub/member.ts";
import { encodeServerMessage, type Present } from "./server_messages.ts";

/** How many are told at once; those behind them when the client has taken these. */
const AT_ONCE = 500;

/** Tells a client that it has joined, and who was there before it. */
export class NameList {
  readonly #link: Link;
  readonly #isHere: (name: string) => boolean;
  #rest: readonly Present[] = [];

  /** @param isHere whether somebody of this name is still there. */
  constructor(link: Link, isHere: (name: string) => boolean) {
    this.#link = link;
    this.#isHere = isHere;
  }

  /** The client has joined under a name. Those who are not known to be where they say are told of when they are. */
  begin(name: string, members: Iterable<Member>): void {
    const present: Present[] = [];
    for (const { name, dialect, isProvisional } of members) if (!isProvisional) present.push({ name, dialect });
    this.#link.write(encodeServerMessage({ type: "joined", name, present: present.slice(0, AT_ONCE) }));
    this.#rest = present.slice(AT_ONCE);
    this.#goOn();
  }

  /** The client leaves: nothing more is told. */
  stop(): void {
    this.#rest = [];
  }

  #goOn(): void {
    if (this.#rest.length === 0) return;
    this.#link.flushed((isHandedOver) => {
      const next = this.#rest.slice(0, AT_ONCE);
      this.#rest = isHandedOver ? this.#rest.slice(AT_ONCE) : [];
      if (!isHandedOver) return;
      for (const { name, dialect } of next) {
        if (this.#isHere(name)) this.#link.write(encodeServerMessage({ type: "present", name, dialect }));
      }
      this.#goOn();
    });
  }
}
