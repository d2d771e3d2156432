/**
 * What went over the wire while a fixture was played: what was sent and received on each connection, in order, and when.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, Holder, LinkHandler } from "../../../lib/core/link.ts";
import type { Role } from "../../transcript/check.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";
import type { Runtime } from "../../../lib/core/runtime.ts";

/** Of the bytes sent or received at once, so many are kept. */
const KEPT_OF_ONE = 4096;
/** Of all bytes of a fixture, so many are kept. */
const KEPT_OF_ALL = 64 * 1024;
/** So many events of a fixture are kept. */
const KEPT_EVENTS = 2048;

/** What happened on a connection. */
export type WireKind =
  /** It was opened. */
  | "connected"
  /** It could not be opened. */
  | "refused"
  /** We sent bytes. */
  | "sent"
  /** Bytes arrived, as one piece. */
  | "received"
  /** We said that this was all, and read on (`end x`). */
  | "ended"
  /** We closed it in good order (`close x`). */
  | "closed"
  /** We broke it off (`reset x`). */
  | "reset"
  /** The server closed it. */
  | "server-closed"
  /** The client closed it, if we play the server to one. */
  | "client-closed"
  /** It broke: the server reset it, or is gone. */
  | "lost"
  /** It broke: the client reset it, or is gone. */
  | "client-lost";

/** One thing that happened on a connection. */
export interface WireEvent {
  /** When, in milliseconds since the fixture began. */
  readonly at: number;
  /** The connection's name in the fixture. */
  readonly connection: string;
  /** What happened. */
  readonly kind: WireKind;
  /** What was sent or received; empty where that is not what happened. */
  readonly bytes: Uint8Array;
  /** How many more bytes there were that are not kept. */
  readonly cut: number;
}

/** All that happened on the wire. */
export interface WireLog {
  /** In the order in which it happened. */
  readonly events: readonly WireEvent[];
  /** How many more events there were that are not kept. */
  readonly omitted: number;
  /** The names that were made up. */
  readonly names: ReadonlyMap<string, string>;
}

/** Writes down what happens on the links of one fixture, within bounds. */
export class Recording {
  readonly #time: Pick<Runtime, "now">;
  readonly #began: number;
  readonly #events: WireEvent[] = [];
  readonly #names = new Map<string, string>();
  /** What connections are called that had no name yet when they were opened. */
  readonly #called = new Map<string, string>();
  #omitted = 0;
  #room = KEPT_OF_ALL;
  #isOver = false;

  constructor(time: Pick<Runtime, "now">) {
    this.#time = time;
    this.#began = time.now();
  }

  /** All that was written down so far. */
  get wire(): WireLog {
    return { events: this.#events, omitted: this.#omitted, names: this.#names };
  }

  /** A name was made up. */
  named(name: string, value: string): void {
    this.#names.set(name, value);
  }

  /** A connection was opened; gives a link that is the same, and all that happens on it is written down. */
  opened(connection: string, link: HalfClosingLink, peer: Role = "server"): HalfClosingLink {
    this.note(connection, "connected");
    const told = peer === "client" ? BY_CLIENT : {};
    return new RecordedLink(link, (kind, bytes) => this.note(connection, told[kind] ?? kind, bytes));
  }

  /** A connection has got its name only now: all that happens on it, and has happened, is written down under that. */
  renamed(connection: string, name: string): void {
    this.#called.set(connection, name);
    for (const [i, event] of this.#events.entries()) {
      if (event.connection === connection) this.#events[i] = { ...event, connection: name };
    }
  }

  /** Something happened on a connection. */
  note(connection: string, kind: WireKind, bytes: Uint8Array = new Uint8Array()): void {
    if (this.#isOver) return;
    if (this.#events.length === KEPT_EVENTS) {
      this.#omitted++;
      return;
    }
    const kept = bytes.slice(0, Math.min(KEPT_OF_ONE, this.#room));
    this.#room -= kept.length;
    const at = this.#time.now() - this.#began;
    const name = this.#called.get(connection) ?? connection;
    this.#events.push({ at, connection: name, kind, bytes: kept, cut: bytes.length - kept.length });
  }

  /** The fixture is over: closing its connections is not recorded. */
  finish(): void {
    this.#isOver = true;
  }
}

/** What the kinds of events are called where the peer is a client. */
const BY_CLIENT: Partial<Record<WireKind, WireKind>> = { "server-closed": "client-closed", "lost": "client-lost" };

/** A link that records what happens on it, up to its first end. */
class RecordedLink implements HalfClosingLink {
  readonly #link: HalfClosingLink;
  readonly #tell: (kind: WireKind, bytes?: Uint8Array) => void;
  #isOver = false;

  constructor(link: HalfClosingLink, tell: (kind: WireKind, bytes?: Uint8Array) => void) {
    this.#link = link;
    this.#tell = tell;
  }

  get remote(): Endpoint {
    return this.#link.remote;
  }

  start(handler: LinkHandler): void {
    this.#link.start({
      receive: (bytes) => {
        this.#tell("received", bytes);
        handler.receive(bytes);
      },
      ended: () => {
        this.#over("server-closed");
        handler.ended();
      },
      closed: (reason) => {
        this.#over("lost");
        handler.closed(reason);
      },
    });
  }

  write(bytes: Uint8Array): void {
    this.#tell("sent", bytes);
    this.#link.write(bytes);
  }

  flushed(callback: (handedOver: boolean) => void): void {
    this.#link.flushed(callback);
  }

  pause(by?: Holder): void {
    this.#link.pause(by);
  }

  resume(by?: Holder): void {
    this.#link.resume(by);
  }

  finish(): void {
    if (!this.#isOver) this.#tell("ended");
    this.#link.finish();
  }

  end(reason: CloseReason): void {
    this.#over("closed");
    this.#link.end(reason);
  }

  abort(reason: CloseReason): void {
    this.#over("reset");
    this.#link.abort(reason);
  }

  reset(reason: CloseReason): void {
    this.#over("reset");
    if (this.#link.reset === undefined) this.#link.abort(reason);
    else this.#link.reset(reason);
  }

  #over(kind: WireKind): void {
    if (!this.#isOver) this.#tell(kind);
    this.#isOver = true;
  }
}
