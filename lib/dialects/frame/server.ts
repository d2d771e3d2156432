/**
 * The server's side of frame: an ID for everybody who connects, while there are any.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { DialectServer, ServerContext, ServerSession } from "../dialect.ts";
import { frameName } from "./ids.ts";
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
    const presence = this.#context.hub.claimId(frameName, { dialect: "frame", remote: link.remote });
    if (presence === undefined) return this.#refuse(link);
    this.#isFull = false;
    const session = new FrameSession(link, presence, this.#context, (session) => this.#sessions.delete(session));
    this.#sessions.add(session);
    session.begin();
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

  /** Closes a link without a word. */
  #refuse(link: Link): ServerSession {
    // Once is enough for the log: whoever is refused may try again as often as they like.
    if (!this.#isFull) this.#context.log("warning", "all 254 frame IDs are taken: clients are refused");
    this.#isFull = true;
    link.end("refused");
    return REFUSED;
  }
}

const nothing = () => {};
/** Hears nothing, and has nothing to say. */
const REFUSED: ServerSession = {
  isRegistered: true,
  complete: 0,
  unfinished: 0,
  dismiss: nothing,
  receive: nothing,
  ended: nothing,
  closed: nothing,
};
