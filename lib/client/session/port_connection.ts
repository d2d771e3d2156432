/**
 * The port of one session that speaks datagrams.
 *
 * @module
 */

import type { DatagramHandler } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { DatagramSession } from "../../dialects/dialect.ts";
import type { Connection } from "./connection.ts";
import type { OpenPort } from "../environment.ts";

/** A port, and the session that it is for. */
export class PortConnection implements Connection {
  readonly #opened: Pick<OpenPort, "port" | "server">;
  readonly #session: DatagramSession;
  #isOpen = true;

  /** Takes the port with its server, and the session. */
  constructor(opened: Pick<OpenPort, "port" | "server">, session: DatagramSession) {
    this.#opened = opened;
    this.#session = session;
  }

  /** Whether the port is not closed yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Starts receiving. */
  start(changed: () => void): void {
    const { port, server } = this.#opened;
    const handler = this.#session.start(port, server);
    const noted: DatagramHandler = {
      receive: (bytes: Uint8Array, from: Endpoint) => {
        handler.receive(bytes, from);
        changed();
      },
      closed: (reason: CloseReason) => {
        this.#isOpen = false;
        handler.closed(reason);
        changed();
      },
    };
    port.start(noted);
  }

  /** Stops taking messages, or takes them again. */
  pause(pause: boolean): void {
    this.#session.pause(pause);
  }

  /** What was entered is out of the way when the server has answered it. */
  flush(): () => boolean {
    return () => !this.#session.isWaiting;
  }

  /** Closes the port. */
  abort(): void {
    this.#opened.port.close("done");
  }
}
