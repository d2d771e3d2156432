/**
 * The ports to the world outside: time, chance and the network. In a program they are Deno's, in the simulation one seed
 * decides all three, and the code between cannot tell.
 *
 * @module
 */

import type { DatagramPort } from "./datagrams.ts";
import type { Endpoint, HalfClosingLink } from "./link.ts";
import type { TotalQueued } from "./queued.ts";

/** Something that happens later, until it is cancelled. */
export interface Timer {
  /** Makes sure that it does not happen any more. May be called at any time, any number of times. */
  cancel(): void;
}

/** Time and chance. All times are in milliseconds. */
export interface Runtime {
  /** The time since some beginning; it never goes back. */
  now(): number;
  /** The same, when it was first asked for in this turn: cheaper for what happens a dozen times in one. Where it is not there, `now` does. */
  readonly turnNow?: () => number;
  /** The time of day, since 1970. It may be set while the program runs, and so is for people to read. */
  wallClock(): number;
  /** Calls back once, after a delay, never from within this call. Errors that `callback` throws are uncaught. */
  after(delay: number, callback: () => void): Timer;
  /** Calls back again and again, an interval apart, until it is cancelled. */
  every(interval: number, callback: () => void): Timer;
  /** Calls back once all that is to be done now is done, and whatever has arrived meanwhile has been told. */
  nextTurn(callback: () => void): void;
  /** A number from 0 to 1, without 1. Not for secrets. */
  random(): number;
}

/** The limits of a link, and who is told of its faults. */
export interface LinkSettings {
  /** How many bytes may wait to be written before the peer counts as a slow reader. 1 MiB by default. */
  readonly maxQueue?: number;
  /** What waits to be written on all links together; the peer of the fullest queue counts as a slow reader as well. */
  readonly queued?: TotalQueued | undefined;
  /** How long a peer may take none of what is written to it, in milliseconds. 10 s by default. */
  readonly writeTimeout?: number;
  /** How long an ended link waits for its peer to close too, in milliseconds. 2 s by default. */
  readonly lingerTimeout?: number;
  /**
   * Told about an error that a handler or callback threw; its link was aborted with the reason `fault`, others go on.
   * By default the error is reported as uncaught, which ends the program unless it listens for that.
   */
  readonly onFault?: (error: unknown) => void;
  /** How many bytes that have come at once must be handed on in one piece. 256 by default; more costs every idle link. */
  readonly pieceSize?: number | undefined;
}

/** How to connect. */
export interface ConnectSettings extends LinkSettings {
  /** How long connecting may take, names looked up included, in milliseconds. 10 s by default. */
  readonly connectTimeout?: number;
  /** Gives up connecting; has no effect on a link that is open. */
  readonly signal?: AbortSignal;
  /** Whether it must be possible to reset the connection. */
  readonly canReset?: boolean;
}

/** Who hears about accepting. */
export interface AcceptSettings {
  /**
   * Told that the system is short of something that accepting takes (file descriptors, memory), and in how many
   * milliseconds the next attempt follows.
   */
  readonly onAcceptError?: (error: unknown, retryIn: number) => void;
  /**
   * Told that one connection was over before it could be accepted: its peer has reset it, for example. The next one is
   * accepted at once. The system does not say whose it was.
   */
  readonly onLost?: (error: unknown) => void;
}

/** How a port is taken. */
export interface PortSettings {
  /** Whether other programs of the same user may have the port as well, who take it in the same way. Only Linux has that. */
  readonly sharesPort?: boolean | undefined;
}

/** How to listen. */
export interface ListenSettings extends LinkSettings, AcceptSettings, PortSettings {}

/** How to open a port for datagrams. */
export interface DatagramSettings extends AcceptSettings, PortSettings {
  /** Told of an error that the handler threw, which costs no more than that datagram. */
  readonly onFault?: (error: unknown) => void;
  /** Counts what waits to be sent. */
  readonly queued?: TotalQueued | undefined;
}

/** Something that listens for clients. */
export interface Listener {
  /** Where it listens, with the port that the system chose if it was left open. */
  readonly endpoint: Endpoint;
  /**
   * Shows another certificate, in PEM, to clients who connect from now on, where the network has TLS; the links that there
   * are keep theirs. The port stays open on Linux, and is closed for a moment elsewhere. Rejects with a `ChatError` if it
   * could not be opened again.
   */
  renew?(certificate: { readonly cert: string; readonly key: string }): Promise<void>;
  /** Stops listening; the port is free a turn of the event loop later. The links that it has made live on. */
  close(): void;
}

/** What connects programs. */
export interface Network {
  /**
   * Connects to a server.
   *
   * Rejects with a `ChatError`, `unreachable`, whose message has the host, the port and why; or with what `signal` was
   * aborted with.
   */
  connect(endpoint: Endpoint, settings?: ConnectSettings): Promise<HalfClosingLink>;
  /**
   * Listens for clients and calls `onLink` for each, who is to start the link. Port 0 takes any that is free.
   *
   * Throws a `ChatError`: `port-in-use` if somebody else listens there, `cannot-listen` if it fails for any other reason.
   */
  listen(endpoint: Endpoint, settings: ListenSettings, onLink: (link: HalfClosingLink) => void): Listener;
  /** Opens a port for datagrams; port 0 takes any that is free. Throws as {@linkcode Network.listen} does. */
  openPort(endpoint: Endpoint, settings?: DatagramSettings): DatagramPort;
}

/** The whole of what is outside a program, as far as it chats. */
export interface Surroundings {
  /** Time and chance. */
  readonly runtime: Runtime;
  /** The network. */
  readonly network: Network;
}
