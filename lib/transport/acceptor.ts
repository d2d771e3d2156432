/**
 * Accepting connections for as long as a listener is open, whatever goes wrong on the way.
 *
 * @module
 */

import type { AcceptSettings, Runtime, Timer } from "../core/runtime.ts";
import { REAL_TIME } from "./real_time.ts";
import { isShortage } from "./shortage.ts";

/** Who hears about accepting, and whose time it is. */
export interface AcceptorOptions extends AcceptSettings {
  /** The time. Real time by default. */
  readonly runtime?: Runtime;
}

/** What accepts connections: the part of `Deno.Listener` that is needed. */
export interface Accepting<Connection> {
  /** Waits for the next connection; fails after {@linkcode Accepting.close}. */
  accept(): Promise<Connection>;
  /** Stops listening. */
  close(): void;
}

/** The first pause in a shortage, in milliseconds; each further error in a row doubles it. */
const FIRST_PAUSE = 5;
/** The longest pause, in milliseconds. */
const LONGEST_PAUSE = 1_000;
/**
 * After how many failures in a row, none of them a shortage, everything else gets its turn, one timer long. A thousand
 * connections that were reset take seven such turns, a few milliseconds, so that nobody can keep others out with them; and a
 * listener that fails for ever does not eat the processor.
 */
const FAILURES_A_TURN = 128;

/** Accepts one connection after the other until it is closed. */
export class Acceptor<Connection> {
  /** How many connections it has accepted. */
  accepted = 0;
  readonly #listener: Accepting<Connection>;
  readonly #options: AcceptorOptions;
  readonly #onConnection: (connection: Connection) => void;
  #isClosed = false;
  #pause = FIRST_PAUSE;
  /** Connections lost since one was accepted. */
  #lost = 0;
  #timer: Timer | undefined;
  #accepting: Promise<void>;

  /** @param listener open, and owned by this from then on. */
  constructor(
    listener: Accepting<Connection>,
    options: AcceptorOptions,
    onConnection: (connection: Connection) => void,
  ) {
    this.#listener = listener;
    this.#options = options;
    this.#onConnection = onConnection;
    this.#accepting = this.#accept();
  }

  /** Stops accepting, at once and for good. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#listener.close();
  }

  /** Closes it, and waits until the system knows: for as long as it is being asked for a connection, it may still be given one. */
  async closed(): Promise<void> {
    this.close();
    await this.#accepting;
  }

  async #accept(): Promise<void> {
    while (!this.#isClosed) {
      let connection: Connection;
      try {
        connection = await this.#listener.accept();
      } catch (error) {
        if (this.#isClosed) return;
        const pause = this.#failed(error);
        if (pause === 0) continue;
        this.#timer = (this.#options.runtime ?? REAL_TIME).after(pause, () => {
          this.#accepting = this.#accept();
        });
        return;
      }
      this.#pause = FIRST_PAUSE;
      this.#lost = 0;
      this.accepted++;
      this.#onConnection(connection);
    }
  }

  /** Says how long the next attempt has to wait, in milliseconds. In a shortage until others may have closed. */
  #failed(error: unknown): number {
    if (!isShortage(error)) {
      this.#options.onLost?.(error);
      return ++this.#lost % FAILURES_A_TURN === 0 ? 1 : 0;
    }
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE);
    this.#options.onAcceptError?.(error, pause);
    return pause;
  }
}
