/**
 * The server's side of frame: an ID for everybody who connects, while there are any.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { DialectServer, ServerContext, ServerSession } from "../dialect.ts";
import { FrameSession } from "./session.ts";

/** Why clients are refused. */
const FULL = "all 254 frame IDs are taken: clients are refused";
const CUT_OFF = "no frame IDs can be given while this server is cut off from the others: clients are refused";

/** frame's server: whoever connects is present in the hub at once, as `id<N>`. */
export class FrameServer implements DialectServer {
  readonly #sessions = new Set<FrameSession>();

  readonly #context: ServerContext;
  /** Why the last who came was refused, if they were. */
  #refusing: string | undefined;

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
      const why = hasId ? undefined : this.#context.hub.isServing ? FULL : CUT_OFF;
      if (why !== undefined && why !== this.#refusing) this.#context.log("warning", why);
      this.#refusing = why;
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
