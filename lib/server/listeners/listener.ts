/**
 * The connections of one dialect, from accepting to the last byte.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, Link, LinkHandler } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Listener } from "../../core/runtime.ts";
import type { DialectServer } from "../../dialects/dialect.ts";
import type { ForeignProtocol } from "../../dialects/foreign_protocol.ts";
import type { ListenOptions } from "../../transport/tcp.ts";
import type { Certificate } from "../../transport/tls/tls.ts";
import { WebServerLink, type WebServing } from "../../transport/web/web_server_link.ts";
import { BroadcastLimiter } from "../limits/broadcast_limiter.ts";
import { ProtocolSniffer } from "./protocol_sniffer.ts";
import { Guard } from "../limits/guard.ts";
import { type ListenerContext, logClosing, logRefusal } from "./listener_context.ts";

/** Where one dialect is spoken. */
export interface DialectListener {
  /** The dialect. */
  readonly dialect: string;
  /** The name of its option, without dashes. */
  readonly label: string;
  /** Where it is open. */
  readonly endpoint: Endpoint;
  /** Whether messages are still on their way. */
  readonly isBusy: boolean;
  /** How many peers there are, registered or not. */
  readonly connections: number;
  /** Shows another certificate from now on, where there is one. Rejects if the port could not be opened again. */
  renew?(certificate: Certificate): Promise<void>;
  /** Accepts no more connections, and takes no new messages. */
  drain(): void;
  /** Closes all connections in good order; resolves when the last is closed. */
  close(): Promise<void>;
  /** Closes everything at once. */
  abort(): void;
}

/** The listener of a dialect over TCP, and all connections that it has accepted. */
export class TcpListener implements DialectListener {
  readonly #server: DialectServer;
  readonly #context: ListenerContext;
  readonly #listener: Listener;
  readonly #links = new Set<Link>();
  readonly #web: WebServing | undefined;
  #onEmpty: (() => void) | undefined;
  /** How many connections were lost before they were accepted, and not logged yet. */
  #unlogged = 0;

  /**
   * Opens the port.
   *
   * @throws {ChatError} `port-in-use` or `cannot-listen`.
   */
  constructor(
    /** The dialect. */
    readonly dialect: string,
    server: DialectServer,
    endpoint: Endpoint,
    context: ListenerContext,
    /** See {@linkcode DialectListener.label}. */
    readonly label = dialect,
    /** The WebSocket that carries the dialect, if one does, and the page beside it. */
    web?: WebServing,
  ) {
    this.#server = server;
    this.#context = context;
    this.#web = web;
    const { log } = context;
    const options: ListenOptions = {
      ...context.link,
      pieceSize: server.pieceSize,
      onAcceptError: (error, retryIn) =>
        log("error", "a connection could not be accepted", { dialect, error: messageOf(error), retryIn }),
      onLost: (error) => this.#lost(error),
      onFault: (error) => log("error", "an error of our own closed a connection", { dialect, error: stackOf(error) }),
    };
    this.#listener = context.network.listen(endpoint, options, (link) => this.#accept(link));
  }

  /** Where it is open. */
  get endpoint(): Endpoint {
    return this.#listener.endpoint;
  }

  /** Whether messages are still on their way. */
  get isBusy(): boolean {
    return this.#server.isBusy;
  }

  /** How many links there are. */
  get connections(): number {
    return this.#links.size;
  }

  /** Shows another certificate to new connections. */
  async renew(certificate: Certificate): Promise<void> {
    await this.#listener.renew?.(certificate);
  }

  /** Accepts no more connections, and takes no new messages. */
  drain(): void {
    this.#listener.close();
    this.#server.drain();
  }

  /** Closes all connections in good order; resolves when the last is closed. */
  close(): Promise<void> {
    this.#server.close();
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      if (this.#links.size === 0) resolve();
    });
  }

  /** Closes everything at once. */
  abort(): void {
    this.#listener.close();
    for (const link of this.#links) link.abort("shutdown");
  }

  #accept(accepted: HalfClosingLink): void {
    const { admission, deadlines } = this.#context;
    const link = this.#web === undefined ? accepted : new WebServerLink(accepted, this.#web);
    const refused = admission.enter(link.remote.hostname, deadlines.time);
    if (refused === undefined) this.#admit(accepted, link);
    else this.#refuse(link, refused);
  }

  /** A connection was over before it was accepted: that of an unknown address, so that no limit can be held against it. */
  #lost(error: unknown): void {
    const { mentions, deadlines, log, closeCounters } = this.#context;
    closeCounters.count(this.dialect, "lost");
    this.#unlogged++;
    if (!mentions.allows(`unknown, of ${this.dialect}`, deadlines.time)) return;
    const about = { dialect: this.dialect, count: this.#unlogged, error: messageOf(error) };
    log("info", "connections were lost before they were accepted", about);
    this.#unlogged = 0;
  }

  #admit(accepted: Link, link: Link | WebServerLink): void {
    const { limits, deadlines, broadcasts, log } = this.#context;
    log("debug", "a peer has connected", this.#about(link));
    this.#links.add(link);
    const session = this.#server.accept(link, new BroadcastLimiter(broadcasts, link));
    const guard = new Guard(session, link, limits, deadlines, this.#onClosed);
    const handler = link instanceof WebServerLink ? link.attach(guard) : guard;
    accepted.start(new ProtocolSniffer(this.dialect, accepted, handler, this.#onForeign));
  }

  // One for all links: an idle user is to cost little.
  readonly #onClosed = (link: Link, reason: CloseReason): void => {
    this.#context.admission.leave(link.remote.hostname);
    logClosing(this.#context, this.#about(link), reason);
    this.#gone(link, reason);
  };

  readonly #onForeign = (link: Link, { protocol }: ForeignProtocol): void => {
    const { mentions, deadlines, log } = this.#context;
    if (!mentions.allows(link.remote.hostname, deadlines.time)) return;
    log("info", "a peer speaks a foreign protocol", { ...this.#about(link), protocol });
  };

  #about({ remote }: Link): { dialect: string; address: string; port: number } {
    return { dialect: this.dialect, address: remote.hostname, port: remote.port };
  }

  /** Sends why, and closes. */
  #refuse(link: Link, reason: CloseReason): void {
    logRefusal(this.#context, "a connection was refused", this.dialect, link.remote.hostname, reason);
    this.#links.add(link);
    link.start(new Refused((reason) => this.#gone(link, reason)));
    const words = this.#server.refusal(reason);
    if (words !== undefined) link.write(words);
    link.end(reason);
  }

  #gone(link: Link, reason: CloseReason): void {
    this.#context.closeCounters.count(this.dialect, reason);
    this.#links.delete(link);
    if (this.#links.size === 0) this.#onEmpty?.();
  }
}

/** The handler of a link that is not admitted: what it receives is dropped. */
class Refused implements LinkHandler {
  readonly closed: (reason: CloseReason) => void;

  constructor(closed: (reason: CloseReason) => void) {
    this.closed = closed;
  }

  receive(): void {}
  ended(): void {}
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What an error says, and where it was thrown. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? error.stack ?? error.message : String(error);
}
