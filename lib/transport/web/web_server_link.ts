/**
 * A client's connection to a server of a page and a WebSocket: HTTP first, and messages once the client asks for them.
 *
 * @module
 */

import type { CloseReason } from "../../core/close_reason.ts";
import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Endpoint, Holder, Link, LinkHandler } from "../../core/link.ts";
import { upgradeResponse, type WebSocketProtocol } from "./handshake.ts";
import {
  encodeResponse,
  HeadCollector,
  type HttpRequest,
  type HttpResponse,
  readRequest,
  textResponse,
} from "./http_head.ts";
import { WebSocketLink } from "./web_socket_link.ts";

/** What a server of a page and a WebSocket does. */
export interface WebServing {
  /** What is spoken, and where. */
  readonly protocol: WebSocketProtocol;
  /** The longest message, in bytes. */
  readonly maxMessage: number;
  /** Answers a request for anything else, or refuses one. `undefined` where the WebSocket is asked for, and may be. */
  respond(request: HttpRequest): HttpResponse | undefined;
  /** How long a message may take from its first byte to its last, in milliseconds, and what measures it; for ever without it. */
  readonly patience?: { readonly deadlines: Deadlines; readonly messageTimeout: number };
}

/** What a client is told whose connection is over before it has asked for anything. */
const REFUSALS: Readonly<Partial<Record<CloseReason, HttpResponse>>> = {
  "denied": textResponse(403, "Connections from this address are not allowed."),
  "unregistered": textResponse(408, "The request has not come in time."),
};
const NOTHING = new Uint8Array();
const TOO_LATE = textResponse(503, "Try again later.");

/**
 * A link whose messages are those of the WebSocket. What is written before there is one waits for it; a connection that asks for
 * something else is answered, and ended as `done`.
 */
export class WebServerLink implements Link, LinkHandler {
  /** The client's address. */
  readonly remote: Endpoint;
  readonly #link: Link;
  readonly #serving: WebServing;
  readonly #collector = new HeadCollector();
  /** What is to be said first on the WebSocket. */
  #early: Uint8Array[] = [];
  #handler: LinkHandler | undefined;
  #socket: WebSocketLink | undefined;
  #isAnswered = false;
  #stalling: Deadline | undefined;

  /** Lays it over a link, which belongs to this from then on. */
  constructor(link: Link, serving: WebServing) {
    this.#link = link;
    this.remote = link.remote;
    this.#serving = serving;
  }

  /** See {@linkcode Link.start}. */
  start(handler: LinkHandler): void {
    this.#link.start(this.attach(handler));
  }

  /** Names who is told of messages, as {@linkcode start} does; returns who is to be told of what happens on the link below. */
  attach(handler: LinkHandler): LinkHandler {
    this.#handler = handler;
    return this;
  }

  /** Bytes of the client. */
  receive(bytes: Uint8Array): void {
    if (this.#socket !== undefined) return this.#socket.receive(bytes);
    if (this.#isAnswered) return;
    const found = this.#collector.push(bytes);
    if (found !== undefined) this.#asked(readRequest(found.head), found.rest);
    else if (this.#collector.isForeign) this.#asked(undefined, NOTHING);
    else if (this.#collector.isTooLong) this.#answer(textResponse(431, "The request is too long."));
  }

  /** The client sends no more. */
  ended(): void {
    if (this.#socket !== undefined) this.#socket.ended();
    else if (this.#collector.hasBegun && !this.#isAnswered) this.#asked(undefined, NOTHING);
    else this.#link.end("left");
  }

  /** The link is closed. */
  closed(reason: CloseReason): void {
    this.#stalling?.cancel();
    if (this.#socket !== undefined) this.#socket.closed(reason);
    else this.#handler?.closed(reason);
  }

  /** See {@linkcode Link.write}. */
  write(bytes: Uint8Array): void {
    if (this.#socket !== undefined) this.#socket.write(bytes);
    else if (!this.#isAnswered) this.#early.push(bytes.slice());
  }

  /** See {@linkcode Link.queued}. */
  get queued(): number {
    return this.#link.queued ?? 0;
  }

  /** See {@linkcode Link.flushed}. */
  flushed(callback: (handedOver: boolean) => void): void {
    this.#link.flushed(callback);
  }

  /** See {@linkcode Link.pause}. */
  pause(by?: Holder): void {
    (this.#socket ?? this.#link).pause(by);
  }

  /** See {@linkcode Link.resume}. */
  resume(by?: Holder): void {
    (this.#socket ?? this.#link).resume(by);
  }

  /** See {@linkcode Link.end}. A client that has said nothing at all is not told anything: browsers connect in advance. */
  end(reason: CloseReason): void {
    if (this.#socket !== undefined) this.#socket.end(reason);
    else if (this.#isAnswered) this.#link.end(reason);
    else if (reason === "unregistered" && !this.#collector.hasBegun) this.#link.end("idle");
    else this.#answer(REFUSALS[reason] ?? TOO_LATE, reason);
  }

  /** See {@linkcode Link.abort}. */
  abort(reason: CloseReason): void {
    (this.#socket ?? this.#link).abort(reason);
  }

  #asked(request: HttpRequest | undefined, rest: Uint8Array): void {
    if (request === undefined) return this.#answer(textResponse(400, "This is a server of web pages and WebSockets."));
    const response = this.#serving.respond(request) ?? upgradeResponse(request, this.#serving.protocol);
    if (response.status === 101) this.#open(response, rest);
    else this.#answer(response, "done", request.method !== "HEAD");
  }

  #open(response: HttpResponse, rest: Uint8Array): void {
    this.#link.write(encodeResponse(response));
    const { maxMessage } = this.#serving;
    const socket = this.#socket = new WebSocketLink(this.#link, {
      maxMessage,
      onProgress: (unfinished) => this.#watchMessage(unfinished),
    });
    for (const message of this.#early) socket.write(message);
    this.#early = [];
    socket.start(this.#handler!);
    if (rest.length > 0) socket.receive(rest);
  }

  /** A message that is begun has so long to be finished. */
  #watchMessage(unfinished: number): void {
    this.#stalling?.cancel();
    const { patience } = this.#serving;
    this.#stalling = unfinished === 0
      ? undefined
      : patience?.deadlines.set(patience.messageTimeout, { expired: () => this.#socket?.end("stalled") });
  }

  #answer(response: HttpResponse, reason: CloseReason = "done", hasBody = true): void {
    this.#isAnswered = true;
    this.#early = [];
    this.#link.write(encodeResponse(response, hasBody));
    this.#link.end(reason);
  }
}
