/**
 * The page's connection to its server.
 *
 * @module
 */

import { type IncomingMessage, type PageMessage, readIncoming } from "./web_message.ts";

/** What the page needs of a WebSocket. */
export type PageSocket = Pick<WebSocket, "onmessage" | "onclose" | "readyState" | "send" | "close">;

/** Who is told what comes. */
export interface ConnectionListener {
  /** The server says something. */
  heard(message: IncomingMessage): void;
  /** The connection is lost, or could not be made. Not after {@linkcode WebConnection.close}. */
  closed(): void;
}

/** One connection after another to the same server: never two at once. */
export class WebConnection {
  readonly #make: () => PageSocket;
  readonly #events: ConnectionListener;
  #socket: PageSocket | undefined;

  /** There is no connection yet; `make` opens a socket. */
  constructor(make: () => PageSocket, events: ConnectionListener) {
    this.#make = make;
    this.#events = events;
  }

  /** Makes a connection, in the place of the one before. */
  open(): void {
    this.close();
    const socket = this.#make();
    this.#socket = socket;
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      const message = typeof data === "string" ? readIncoming(data) : undefined;
      if (message !== undefined) this.#events.heard(message);
    };
    socket.onclose = () => {
      this.#socket = undefined;
      this.#events.closed();
    };
  }

  /** Says something; nothing if there is no connection, which its owner is told. */
  say(message: PageMessage): void {
    if (this.#socket?.readyState === 1) this.#socket.send(JSON.stringify(message));
  }

  /** Ends the connection. Nothing of it is heard any more. */
  close(): void {
    if (this.#socket === undefined) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = undefined;
  }
}
