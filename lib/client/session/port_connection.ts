/**
 * The port of one session that speaks datagrams.
 *
 * @module
 */

import type { DatagramPort } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { DatagramSession } from "../../dialects/dialect.ts";
import type { ServerConnection } from "./connection.ts";

/** A port, and the session that it is for. */
export class PortConnection implements ServerConnection {
  readonly #port: DatagramPort;
  readonly #session: DatagramSession;
  #isOpen = true;

  constructor(port: DatagramPort, session: DatagramSession) {
    this.#port = port;
    this.#session = session;
  }

  /** Whether the port is not closed yet. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Registers, and starts receiving. */
  start(changed: () => void): void {
    const session = this.#session;
    session.start();
    this.#port.start({
      receive: (bytes: Uint8Array, from: Endpoint) => {
        session.receive(bytes, from);
        changed();
      },
      closed: (reason: CloseReason) => {
        this.#isOpen = false;
        session.closed(reason);
        changed();
      },
    });
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
    this.#port.close("done");
  }
}
