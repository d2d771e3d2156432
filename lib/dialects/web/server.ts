/**
 * The server's side of web: all who have connected, and who is told of whom.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { Member, Watcher } from "../../hub/member.ts";
import type { BroadcastLimit, DialectServer, ServerContext, ServerSession } from "../dialect.ts";
import { encodeServerMessage } from "./server_messages.ts";
import { type WebHost, WebSession } from "./session.ts";

/** web's server: a session for each WebSocket. */
export class WebServer implements DialectServer, WebHost, Watcher {
  /** What all dialects' servers share. */
  readonly context: ServerContext;
  readonly #sessions = new Set<WebSession>();
  readonly #unwatch: () => void;

  constructor(context: ServerContext) {
    this.context = context;
    this.#unwatch = context.hub.watch(this);
  }

  /** Whether the outcome of a message is open. */
  get isBusy(): boolean {
    for (const session of this.#sessions) if (session.isBusy) return true;
    return false;
  }

  /** A client has connected. */
  accept(link: Link, broadcasts?: BroadcastLimit): ServerSession {
    const session = new WebSession(this, link, broadcasts);
    this.#sessions.add(session);
    return session;
  }

  /** Nothing: whoever is not let in is told so in HTTP. */
  refusal(): undefined {}

  /** Stops reading what clients send. */
  drain(): void {
    for (const session of this.#sessions) session.drain();
  }

  /** Says goodbye to everybody, and closes all connections, each when what is owed to it is said. */
  close(): void {
    // Nobody needs to hear that everybody leaves.
    this.#unwatch();
    for (const session of this.#sessions) session.dismiss("shutdown");
  }

  /** A session's link is closed. */
  forget(session: WebSession): void {
    this.#sessions.delete(session);
  }

  /** Somebody has become reachable: all others are told, once it is known that there is somebody. */
  entered(member: Member): void {
    if (!member.isProvisional) this.confirmed(member);
  }

  /** Somebody who has become reachable is where they say. */
  confirmed(member: Member): void {
    const { name, dialect } = member;
    this.#announce(encodeServerMessage({ type: "present", name, dialect }), member);
  }

  /** Somebody has left. */
  left(member: Member): void {
    if (!member.isProvisional) this.#announce(encodeServerMessage({ type: "absent", name: member.name }), member);
  }

  #announce(message: Uint8Array, about: Member): void {
    for (const session of this.#sessions) session.announce(message, about);
  }
}
