/**
 * The server's side of frame: an ID for everybody who connects, while there are any.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { DialectServer, ServerContext, ServerSession } from "../dialect.ts";
import { FrameSession } from "./session.ts";

/** frame's server: whoever connects is present in the hub at once, as `id<N>`. */
export class FrameServer implements DialectServer {
  readonly #sessions = new Set<FrameSession>();

  readonly #context: ServerContext;
  /** Whether the last who came was refused. */
  #isFull = false;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** Whether a sender may still have to be told what became of a message. */
  get isBusy(): boolean {
    for (const session of this.#sessions) if (session.isBusy) return true;
    return false;
  }

  /** A client has connected: it gets its ID, or is refused when all are taken (`frame/assign-full`). */
  accept(link: Link): ServerSession {
    const session = new FrameSession(link, this.#context, (session) => this.#sessions.delete(session));
    this.#sessions.add(session);
    session.begin((hasId) => {
      // Once is enough for the log: whoever is refused may try again as often as they like.
      if (!hasId && !this.#isFull) this.#context.log("warning", "all 254 frame IDs are taken: clients are refused");
      this.#isFull = !hasId;
    });
    return session;
  }

  /** Nothing: any byte of ours would be taken for an ID. */
  refusal(): undefined {}

  /** Stops reading what clients send. */
  drain(): void {
    for (const session of this.#sessions) session.drain();
  }

  /** Says goodbye to everybody, and closes all connections. */
  close(): void {
    for (const session of this.#sessions) session.dismiss("shutdown");
  }
}
