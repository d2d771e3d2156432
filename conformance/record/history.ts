/**
 * What went over the wire between clients and a server, in the order in which it went, as it is recorded.
 *
 * @module
 */

import type { Runtime } from "../../lib/core/runtime.ts";

/** What happened on a connection. */
export type SessionEventKind =
  /** A client connected, and so did we to the server for it. */
  | "opened"
  /** The client sent bytes. */
  | "sent"
  /** The server sent bytes. */
  | "received"
  /** The client has nothing more to say: it has closed its connection, or its half of it. */
  | "client-ended"
  /** The client has broken off. */
  | "client-reset"
  /** The server has closed the connection, or broken it off. */
  | "server-closed";

/** One thing that happened. */
export interface SessionEvent {
  /** When, in milliseconds since the recording began. */
  readonly at: number;
  /** Which connection, counted from 0 in the order in which clients connected. */
  readonly connection: number;
  /** What happened. */
  readonly kind: SessionEventKind;
  /** What was sent or received; empty where that is not what happened. */
  readonly bytes: Uint8Array;
}

/** How much of a session is recorded. */
export interface SessionBounds {
  /** All bytes together, as many at most. */
  readonly bytes: number;
  /** Events, as many at most. */
  readonly events: number;
}

/** Far more than anybody reads as a transcript. */
export const SESSION_BOUNDS: SessionBounds = { bytes: 4 * 1024 * 1024, events: 10_000 };

const NO_BYTES = new Uint8Array();

/** Writes a session down, up to its bounds: what comes behind them is passed on, and not recorded. */
export class SessionHistory {
  readonly #time: Pick<Runtime, "now">;
  readonly #began: number;
  readonly #bounds: SessionBounds;
  readonly #events: SessionEvent[] = [];
  #bytes = 0;
  #isFull = false;

  constructor(time: Pick<Runtime, "now">, bounds: SessionBounds = SESSION_BOUNDS) {
    this.#time = time;
    this.#began = time.now();
    this.#bounds = bounds;
  }

  /** In the order in which it happened. */
  get events(): readonly SessionEvent[] {
    return this.#events;
  }

  /** Whether more has happened than was written down. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Whether any client has said anything. */
  get hasWords(): boolean {
    return this.#events.some(({ kind }) => kind === "sent");
  }

  /** Writes something down; the bytes are copied. */
  add(connection: number, kind: SessionEventKind, bytes: Uint8Array = NO_BYTES): void {
    const { bytes: mostBytes, events: mostEvents } = this.#bounds;
    this.#isFull ||= this.#events.length >= mostEvents || this.#bytes + bytes.length > mostBytes;
    if (this.#isFull) return;
    this.#bytes += bytes.length;
    this.#events.push({ at: this.#time.now() - this.#began, connection, kind, bytes: bytes.slice() });
  }
}
