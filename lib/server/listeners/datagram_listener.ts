/**
 * The listener of a dialect that speaks datagrams.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { DatagramGuard, DatagramServer } from "../../dialects/dialect.ts";
import { type DialectListener, messageOf, stackOf } from "./listener.ts";
import { type ListenerContext, logRefusal } from "./listener_context.ts";
import { type AddressTrust, ServerDatagramGuard } from "../limits/datagram_guard.ts";

/**
 * One port for all clients. Each datagram's sender is checked against the allowed networks, and not answered if it is refused:
 * its address may be false. The other limits are {@linkcode ServerDatagramGuard}'s.
 */
export class DatagramListener implements DialectListener, DatagramHandler {
  readonly #context: ListenerContext;
  readonly #port: DatagramPort;
  readonly #server: DatagramServer;
  readonly #guard: ServerDatagramGuard;
  readonly #closed = Promise.withResolvers<void>();

  /**
   * Opens the port.
   *
   * @throws {ChatError} `port-in-use` or `cannot-listen`.
   */
  constructor(
    /** The dialect. */
    readonly dialect: string,
    makeServer: (port: DatagramPort, guard: DatagramGuard) => DatagramServer,
    endpoint: Endpoint,
    context: ListenerContext,
    trust: AddressTrust,
    /** See {@linkcode DialectListener.label}. */
    readonly label = dialect,
  ) {
    this.#context = context;
    const { log, mentions, deadlines } = context;
    this.#port = context.network.openPort(endpoint, {
      queued: context.link.queued,
      sharesPort: context.link.sharesPort,
      onAcceptError: (error, retryIn) =>
        log("error", "a datagram could not be received", { dialect, error: messageOf(error), retryIn }),
      onLost: (error) => {
        if (!mentions.allows(`unknown, of ${dialect}`, deadlines.time)) return;
        log("info", "a datagram was lost before it was received", { dialect, error: messageOf(error) });
      },
      onFault: (error) => log("error", "an error of our own lost a datagram", { dialect, error: stackOf(error) }),
    });
    this.#guard = new ServerDatagramGuard(dialect, context, trust);
    this.#server = makeServer(this.#port, this.#guard);
    this.#port.start(this);
  }

  /** Where it is open. */
  get endpoint(): Endpoint {
    return this.#port.local;
  }

  /** Whether messages are still on their way. */
  get isBusy(): boolean {
    return this.#server.isBusy;
  }

  /** How many clients are registered. */
  get connections(): number {
    return this.#guard.clients;
  }

  /** Reads no new messages. */
  drain(): void {
    this.#server.drain();
  }

  /** Says goodbye to all clients; resolves when that is sent. */
  close(): Promise<void> {
    this.#server.close();
    return this.#closed.promise;
  }

  /** Closes the port at once. */
  abort(): void {
    this.#port.close("shutdown");
  }

  /** A datagram has come; the server gets it if its sender may connect. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#context.admission.permits(from.hostname)) this.#server.receive(bytes, from);
    else logRefusal(this.#context, "a datagram was refused", this.dialect, from.hostname, "denied");
  }

  /** The port is closed. */
  closed(reason: CloseReason): void {
    this.#server.closed(reason);
    this.#closed.resolve();
  }
}
