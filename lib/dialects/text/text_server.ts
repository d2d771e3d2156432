/**
 * The server's side of a dialect that carries text: what slash and room have in common.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Member, Watcher } from "../../hub/member.ts";
import type { BroadcastLimit, DialectServer, ServerContext, ServerSession } from "../dialect.ts";
import type { TextHost, TextSession } from "./text_session.ts";

/** What differs between the servers of such dialects. */
export interface TextDialect {
  /** The dialect's name. */
  readonly name: string;
  /** Makes the session of a client. */
  session(host: TextHost, link: Link, broadcasts?: BroadcastLimit): TextSession;
  /** The last words to a client that is not let in, as they go over the wire. */
  refusal(reason: CloseReason): string;
  /** What everybody is told when somebody comes. */
  joined(member: Member): string;
  /** What everybody is told when somebody leaves. */
  left(member: Member): string;
}

/** Makes a session for each client, and tells all of them who comes and goes, whatever dialect that one speaks. */
export class TextServer implements DialectServer, TextHost, Watcher {
  readonly #dialect: TextDialect;
  readonly #sessions = new Set<TextSession>();
  readonly #unwatch: () => void;

  constructor(
    /** What all dialects' servers share. */
    readonly context: ServerContext,
    dialect: TextDialect,
  ) {
    this.#dialect = dialect;
    this.#unwatch = context.hub.watch(this);
  }

  /** The dialect's name. */
  get dialect(): string {
    return this.#dialect.name;
  }

  /** Whether the outcome of a message is open. */
  get isBusy(): boolean {
    for (const session of this.#sessions) if (session.isBusy) return true;
    return false;
  }

  /** A client has connected: it is greeted. */
  accept(link: Link, broadcasts?: BroadcastLimit): ServerSession {
    const session = this.#dialect.session(this, link, broadcasts);
    this.#sessions.add(session);
    session.greet();
    return session;
  }

  /** A line that says why. */
  refusal(reason: CloseReason): Uint8Array {
    return new TextEncoder().encode(this.#dialect.refusal(reason));
  }

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
  forget(session: TextSession): void {
    this.#sessions.delete(session);
  }

  /** Somebody has become reachable: all are told but the one who has, once it is known that there is somebody. */
  entered(member: Member): void {
    if (!member.isProvisional) this.confirmed(member);
  }

  /** Somebody who has become reachable is where they say. */
  confirmed(member: Member): void {
    this.#announce(this.#dialect.joined(member), member);
  }

  /** Somebody has left. */
  left(member: Member): void {
    if (!member.isProvisional) this.#announce(this.#dialect.left(member), member);
  }

  #announce(text: string, about: Member): void {
    for (const session of this.#sessions) if (session.isPresent && session.presence !== about) session.say(text);
  }
}
