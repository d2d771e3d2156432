/**
 * Accepting connections for as long as a listener is open, whatever goes wrong on the way.
 *
 * @module
 */

/** Who hears about accepting. */
export interface AcceptorOptions {
  /**
   * Told that a connection could not be accepted (out of file descriptors, for example), and in how many milliseconds
   * the next attempt follows.
   */
  readonly onAcceptError?: (error: unknown, retryIn: number) => void;
}

/** What accepts connections: the part of `Deno.Listener` that is needed. */
export interface Accepting<Connection> {
  /** Waits for the next connection; fails after {@linkcode Accepting.close}. */
  accept(): Promise<Connection>;
  /** Stops listening. */
  close(): void;
}

/** The first pause after an error, in milliseconds; each further error in a row doubles it. */
const FIRST_PAUSE = 5;
/** The longest pause, in milliseconds. */
const LONGEST_PAUSE = 1_000;

/** Accepts one connection after the other until it is closed. */
export class Acceptor<Connection> {
  readonly #listener: Accepting<Connection>;
  readonly #options: AcceptorOptions;
  readonly #onConnection: (connection: Connection) => void;
  #isClosed = false;
  #pause = FIRST_PAUSE;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes an open listener, which it owns from then on, and whom to tell of each connection. */
  constructor(
    listener: Accepting<Connection>,
    options: AcceptorOptions,
    onConnection: (connection: Connection) => void,
  ) {
    this.#listener = listener;
    this.#options = options;
    this.#onConnection = onConnection;
    this.#accept();
  }

  /** Stops accepting, at once and for good. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#listener.close();
  }

  async #accept(): Promise<void> {
    while (!this.#isClosed) {
      let connection: Connection;
      try {
        connection = await this.#listener.accept();
      } catch (error) {
        if (!this.#isClosed) this.#tryAgain(error);
        return;
      }
      this.#pause = FIRST_PAUSE;
      this.#onConnection(connection);
    }
  }

  /** Waits a little: until then others may have closed, and a loop that fails at once must not eat the processor. */
  #tryAgain(error: unknown): void {
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, LONGEST_PAUSE);
    this.#timer = setTimeout(() => this.#accept(), pause);
    this.#options.onAcceptError?.(error, pause);
  }
}
