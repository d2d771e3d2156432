/**
 * A link without another end, for tests of sessions: what is written is recorded, what arrives is said by the test, and
 * everything happens at once.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, Link, LinkHandler } from "../../core/link.ts";
import type { CloseReason } from "../../core/close_reason.ts";

/** The link, and the test's hold on it. */
export class RecordedLink implements Link {
  /** The pretended address of the peer. */
  readonly remote: Endpoint;
  /** Whether the session has stopped reading. */
  paused = false;
  /** How the session closed the link, once it has. */
  finish: { readonly how: "end" | "abort"; readonly reason: CloseReason } | undefined;
  #handler: LinkHandler | undefined;
  #written: Uint8Array[] = [];
  #flushed: ((handedOver: boolean) => void)[] = [];

  constructor(hostname = "127.0.0.1", port = 50_000) {
    this.remote = { hostname, port };
  }

  /** Has `bytes` arrive, or the bytes of a text, each piece of them on its own. */
  feed(...pieces: (string | Uint8Array)[]): void {
    for (const piece of pieces) {
      this.#handler?.receive(typeof piece === "string" ? new TextEncoder().encode(piece) : piece.slice());
    }
  }

  /** The peer sends no more. */
  feedEnd(): void {
    this.#handler?.ended();
  }

  /** The link closes: as the session asked, or because the connection was lost. */
  close(reason: CloseReason = this.finish?.reason ?? "lost"): void {
    const handler = this.#handler;
    this.#handler = undefined;
    this.flush(false);
    handler?.closed(reason);
  }

  /** All that was written since the last call, as bytes. */
  takeBytes(): Uint8Array {
    const bytes = new Uint8Array(this.#written.reduce((sum, piece) => sum + piece.length, 0));
    let at = 0;
    for (const piece of this.#written) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.#written = [];
    return bytes;
  }

  /** All that was written since the last call, as text. */
  take(): string {
    return new TextDecoder().decode(this.takeBytes());
  }

  /** Hands all that was written over to the operating system, or fails to. */
  flush(handedOver = true): void {
    for (const callback of this.#flushed.splice(0)) callback(handedOver);
  }

  /** Names the session. */
  start(handler: LinkHandler): void {
    this.#handler = handler;
  }

  /** Records what is written. */
  write(bytes: Uint8Array): void {
    if (this.finish === undefined) this.#written.push(bytes.slice());
  }

  /** Calls back at {@linkcode RecordedLink.flush}. */
  flushed(callback: (handedOver: boolean) => void): void {
    this.#flushed.push(callback);
  }

  /** Records that reading stops. */
  pause(): void {
    this.paused = true;
  }

  /** Records that reading goes on. */
  resume(): void {
    this.paused = false;
  }

  /** Records how the link was closed. */
  end(reason: CloseReason): void {
    this.finish ??= { how: "end", reason };
  }

  /** Records how the link was closed. */
  abort(reason: CloseReason): void {
    this.finish ??= { how: "abort", reason };
  }
}

/** The same link for a session that may have nothing more to say and read on; `finish` is told of that. */
export function halfClosing(link: RecordedLink, finish: () => void = () => {}): HalfClosingLink {
  return {
    remote: link.remote,
    start: (handler) => link.start(handler),
    write: (bytes) => link.write(bytes),
    flushed: (callback) => link.flushed(callback),
    pause: () => link.pause(),
    resume: () => link.resume(),
    end: (reason) => link.end(reason),
    abort: (reason) => link.abort(reason),
    finish,
  };
}
