/**
 * The client's side of group, from before its port is open.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../chat/datagrams.ts";
import type { Deadlines } from "../../chat/deadlines.ts";
import type { Endpoint } from "../../chat/link.ts";
import type { ClientEvents, DatagramSession, Entered } from "../dialect.ts";
import { Talk } from "./talk.ts";

/** A session that talks once it is started. */
export class GroupClient implements DatagramSession {
  readonly #name: string;
  readonly #events: ClientEvents;
  readonly #deadlines: Deadlines;
  #talk: Talk | undefined;

  /** Takes the name to register, who is told what happens, and the time. */
  constructor(name: string, events: ClientEvents, deadlines: Deadlines) {
    this.#name = name;
    this.#events = events;
    this.#deadlines = deadlines;
  }

  /** Shows the group that the client is in. */
  get prompt(): string | undefined {
    return this.#talk?.prompt;
  }

  /** Everybody else who is online. */
  get present(): readonly string[] {
    return this.#talk?.present ?? [];
  }

  /** The groups that the server has told us of. */
  get groups(): readonly string[] {
    return this.#talk?.groups ?? [];
  }

  /** Whether the server has yet to answer. */
  get isWaiting(): boolean {
    return this.#talk?.isWaiting ?? true;
  }

  /** Registers. */
  start(port: DatagramPort, server: Endpoint): DatagramHandler {
    return this.#talk = new Talk(this.#name, this.#events, this.#deadlines, port, server);
  }

  /** Registers under another name. */
  rename(name: string): void {
    this.#talk?.rename(name);
  }

  /** Takes one of the document's commands. */
  enter(line: string): Entered {
    return this.#talk?.enter(line) ?? { kind: "rejected", hint: "it again when the client is registered" };
  }

  /** Leaves: with `dereg`, or without a word (a silent leave) where the user has broken off. */
  leave(isInterrupted?: boolean): void {
    this.#talk?.leave(isInterrupted);
  }

  /** Takes no messages, or takes them again. */
  pause(pause: boolean): void {
    this.#talk?.pause(pause);
  }
}
