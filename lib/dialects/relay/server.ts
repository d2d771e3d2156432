/**
 * The server's side of relay: who has registered on which socket.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { BroadcastLimit, DialectServer, ServerContext, ServerSession } from "../dialect.ts";
import { errorFor, type RelayHost, RelaySession } from "./session.ts";
import type { RelayUser, Side, UserSocket } from "./user.ts";
import { RelayUsers } from "./users.ts";

/** What may differ between relay servers. */
export interface RelayOptions {
  /** The word for a delivered message: the documents' table and prose differ (PROTOCOLS.md, relay). */
  readonly reply: "SENT" | "SEND";
  /** Its users, where it shares them with another port; by default it has users of its own. */
  readonly users?: RelayUsers;
}

/** relay's server, on one port: `REGISTER` on two sockets makes a user, who is then present in the hub. */
export class RelayServer implements DialectServer, RelayHost {
  readonly #users: RelayUsers;
  readonly #sessions = new Set<RelaySession>();

  /** The word for a delivered message. */
  readonly reply: "SENT" | "SEND";

  constructor(
    /** What all dialects' servers share. */
    readonly context: ServerContext,
    options: RelayOptions,
  ) {
    this.reply = options.reply;
    this.#users = options.users ?? new RelayUsers(context);
  }

  /** Whether a sender waits for an answer. */
  get isBusy(): boolean {
    for (const session of this.#sessions) if (session.isBusy) return true;
    return false;
  }

  /** A socket has connected; what it is for shows when it registers. */
  accept(link: Link, broadcasts?: BroadcastLimit): ServerSession {
    const session = new RelaySession(this, link, broadcasts);
    this.#sessions.add(session);
    return session;
  }

  /** An ERROR that says why. */
  refusal(reason: CloseReason): Uint8Array {
    return errorFor(reason, false);
  }

  /** Stops reading what senders send; recipients are still heard. */
  drain(): void {
    for (const session of this.#sessions) session.drain();
  }

  /** Closes all sockets, each when its answers are given. */
  close(): void {
    for (const session of this.#sessions) session.dismiss("shutdown");
  }

  /** A session's link is closed; {@linkcode RelaySession.closed} calls this. */
  forget(session: RelaySession): void {
    this.#sessions.delete(session);
  }

  /** Gives a socket its user, or says why not: see {@linkcode RelayUsers.register}. */
  register(socket: UserSocket, side: Side, name: string): RelayUser | "malformed" | "taken" {
    return this.#users.register(socket, side, name);
  }
}
