/**
 * The port between a dialect's session and whatever carries its bytes: TCP, TLS, or memory.
 *
 * @module
 */

import type { CloseReason } from "./close_reason.ts";

/** Where a peer is, or where something listens. */
export interface Endpoint {
  /** A host name or an IP address, without brackets. */
  readonly hostname: string;
  /** A port, 0 to 65535; 0 lets the system choose where something is to listen. */
  readonly port: number;
}

/**
 * Who stops a link's reading: its session (unless said otherwise), or the server that minds everybody's limits: how many
 * messages come, and what those cost that are for many.
 */
export type Holder = "session" | "server" | "broadcasts";

/**
 * A stream of bytes to and from one peer. Nothing here waits and nothing here throws: what goes wrong closes the link,
 * and its handler is told why.
 */
export interface Link {
  /** The peer's address, for logs and tables. */
  readonly remote: Endpoint;

  /** How many bytes are queued for the peer, where that is known. */
  readonly queued?: number;

  /**
   * Names who is told about what arrives, and starts reading. Called once.
   */
  start(handler: LinkHandler): void;

  /**
   * Queues bytes for the peer. They are copied before this returns, and all that is queued in one turn of the event loop
   * goes out in one write. If the peer lets more than the link's bound pile up, the link is closed as a `slow-reader`.
   * Does nothing once the link is ending or closed.
   */
  write(bytes: Uint8Array): void;

  /**
   * Calls back once all bytes queued so far were handed to the operating system (`true`), or the link closed before that
   * (`false`). Called back at most once, never from within this call.
   */
  flushed(callback: (handedOver: boolean) => void): void;

  /**
   * Stops reading (backpressure) until {@linkcode Link.resume} by the same holder; what was read already may still
   * arrive. A link is read while nobody holds it.
   */
  pause(by?: Holder): void;

  /** Reads on after {@linkcode Link.pause} by the same holder, if no other one holds the link. */
  resume(by?: Holder): void;

  /**
   * Closes in good order: writes what is queued, tells the peer that this was all, and throws away what still arrives
   * until the peer closes too or a bounded time has passed, so that the last bytes are not lost to a reset.
   * The handler's `receive` is not called any more.
   */
  end(reason: CloseReason): void;

  /** Closes at once; what is queued is lost. */
  abort(reason: CloseReason): void;
}

/** A link that can say that it has nothing more to say, and still listen: a half-close. */
export interface HalfClosingLink extends Link {
  /**
   * Tells the peer, behind all that is queued, that this was all; reading goes on. What is written later is dropped.
   * {@linkcode Link.end} or {@linkcode Link.abort} is still to be called.
   */
  finish(): void;

  /**
   * Closes at once like {@linkcode Link.abort}, and the peer finds its connection reset, if the link was opened so that it can
   * be. A link that has no such thing is aborted in place of it.
   */
  reset?(reason: CloseReason): void;
}

/** Who is told what happens on a {@linkcode Link}. */
export interface LinkHandler {
  /** Bytes arrived. They are only valid during this call: whoever keeps any must copy them. */
  receive(bytes: Uint8Array): void;

  /** The peer has sent its last byte, and may still be reading. A handler that has nothing more to say ends the link. */
  ended(): void;

  /** The link is closed; the last call, made exactly once and never from within a call of the link's own methods. */
  closed(reason: CloseReason): void;
}
