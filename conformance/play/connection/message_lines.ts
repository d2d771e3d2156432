/**
 * A WebSocket as transcripts have it: each message is a line.
 *
 * @module
 */

import type { CloseReason } from "../../../lib/core/close_reason.ts";
import { ChatError } from "../../../lib/core/error.ts";
import type { Endpoint, HalfClosingLink, Holder, LinkHandler } from "../../../lib/core/link.ts";
import type { Runtime } from "../../../lib/core/runtime.ts";
import type { WebSocketCarrier } from "../../../lib/dialects/dialect.ts";
import { OPCODES } from "../../../lib/transport/web/frames.ts";
import { openWebSocket } from "../../../lib/transport/web/web_socket_client.ts";
import type { WebSocketLink } from "../../../lib/transport/web/web_socket_link.ts";

/** What is needed to ask for a WebSocket. */
export interface MessageLinesOptions {
  /** The server, as it is addressed. */
  readonly server: Endpoint;
  /** Time and chance. */
  readonly runtime: Runtime;
  /** How long the server may take to answer, in milliseconds. */
  readonly timeout: number;
}

/** A line that is sent as a message of bytes, and not of text. */
const BINARY = /^\[binary\] ?/;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A link of lines over one that was not started, on which a WebSocket is asked for first. What is sent is one message for each line that
 * it has, without its line break; what comes is one line for each message, in the dialect's canonical form. How the server closes is a
 * line as well, `[close 1000 left]`, and so is why there is no WebSocket, `[no WebSocket: …]`.
 */
export class MessageLines implements HalfClosingLink {
  /** The server's address. */
  readonly remote: Endpoint;
  readonly #link: HalfClosingLink;
  readonly #carrier: WebSocketCarrier;
  readonly #options: MessageLinesOptions;
  readonly #givingUp = new AbortController();
  #handler: LinkHandler | undefined;
  #socket: WebSocketLink | undefined;
  /** What is done once there is a WebSocket, or it is known that there is none; nothing is kept from then on. */
  #waiting: ((socket?: WebSocketLink) => void)[] | undefined = [];
  /** The line that is being sent, as far as it has come. */
  #line = "";
  /** How the link was ended before there was a WebSocket. */
  #reason: CloseReason = "lost";

  constructor(link: HalfClosingLink, carrier: WebSocketCarrier, options: MessageLinesOptions) {
    this.#link = link;
    this.remote = link.remote;
    this.#carrier = carrier;
    this.#options = options;
  }

  /** See {@linkcode HalfClosingLink.start}. */
  start(handler: LinkHandler): void {
    this.#handler = handler;
    void this.#open(handler);
  }

  /** See {@linkcode HalfClosingLink.write}. */
  write(bytes: Uint8Array): void {
    const lines = (this.#line + decoder.decode(bytes)).split("\n");
    this.#line = lines.pop()!;
    for (const line of lines) {
      const isBinary = BINARY.test(line);
      const message = encoder.encode(line.replace(BINARY, ""));
      this.#do((socket) => isBinary ? socket?.sendFrame(OPCODES.binary, message) : socket?.write(message));
    }
  }

  /** See {@linkcode HalfClosingLink.flushed}. */
  flushed(callback: (handedOver: boolean) => void): void {
    this.#do((socket) => socket === undefined ? queueMicrotask(() => callback(false)) : socket.flushed(callback));
  }

  /** See {@linkcode HalfClosingLink.pause}. */
  pause(by?: Holder): void {
    this.#do((socket) => socket?.pause(by));
  }

  /** See {@linkcode HalfClosingLink.resume}. */
  resume(by?: Holder): void {
    this.#do((socket) => socket?.resume(by));
  }

  /** See {@linkcode HalfClosingLink.finish}: a closing frame. */
  finish(): void {
    this.#do((socket) => socket?.finish());
  }

  /** See {@linkcode HalfClosingLink.end}. */
  end(reason: CloseReason): void {
    if (this.#socket !== undefined) this.#socket.end(reason);
    else this.#giveUp(reason);
  }

  /** See {@linkcode HalfClosingLink.abort}. */
  abort(reason: CloseReason): void {
    if (this.#socket !== undefined) this.#socket.abort(reason);
    else this.#giveUp(reason);
  }

  /** See {@linkcode HalfClosingLink.reset}. */
  reset(reason: CloseReason): void {
    if (this.#socket !== undefined) this.#socket.reset(reason);
    else this.#giveUp(reason);
  }

  async #open(handler: LinkHandler): Promise<void> {
    const { server, runtime, timeout } = this.#options;
    try {
      const socket = await openWebSocket(this.#link, this.#carrier, {
        server,
        timeout,
        signal: this.#givingUp.signal,
        random: () => runtime.random(),
        after: (delay, callback) => {
          const timer = runtime.after(delay, callback);
          return () => timer.cancel();
        },
        onClose: (code, reason) => this.#tell(`[close ${code}${reason === "" ? "" : ` ${reason}`}]`),
      });
      this.#socket = socket;
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      socket.start({
        receive: (bytes) => this.#tell(this.#carrier.canonical(decoder.decode(bytes))),
        ended: () => handler.ended(),
        closed: (reason) => handler.closed(reason),
      });
      for (const act of waiting) act(socket);
    } catch (error) {
      this.#fail(error, handler);
    }
  }

  /** There is no WebSocket: that is all that the server ever says. */
  #fail(error: unknown, handler: LinkHandler): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    const isOurs = this.#givingUp.signal.aborted;
    if (!isOurs) {
      if (!(error instanceof ChatError)) throw error;
      this.#tell(`[no WebSocket: ${error.message.replace(/^cannot open a WebSocket at \S+: /, "")}]`);
      handler.ended();
    }
    for (const act of waiting) act();
    if (isOurs) handler.closed(this.#reason);
  }

  #giveUp(reason: CloseReason): void {
    this.#reason = reason;
    if (this.#waiting === undefined) queueMicrotask(() => this.#handler?.closed(reason));
    else this.#givingUp.abort();
  }

  #do(act: (socket?: WebSocketLink) => void): void {
    if (this.#waiting === undefined) act(this.#socket);
    else this.#waiting.push(act);
  }

  /** A line from the server: whatever is in a message, it stays one line. */
  #tell(line: string): void {
    this.#handler?.receive(encoder.encode(`${line.replaceAll("\n", " ")}\n`));
  }
}
