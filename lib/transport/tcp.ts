/**
 * Links over TCP: connecting to servers, and listening for clients.
 *
 * @module
 */

import { addressText } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import type { ConnectSettings, Listener, PortSettings } from "../core/runtime.ts";
import { Acceptor, type AcceptorOptions } from "./acceptor.ts";
import { attempt } from "./attempt.ts";
import { BufferPool } from "./buffers.ts";
import { listening, reasonOf } from "./listening.ts";
import { shortageOf } from "./shortage.ts";
import { HEEDS_KEEP_ALIVE, openSocket } from "./tls/node_socket.ts";
import { rawConnection } from "./raw_connection.ts";
import { ReadingRounds } from "./reading_rounds.ts";
import { type ByteStream, DEFAULT_WRITE_TIMEOUT, type LinkOptions, StreamLink } from "./stream_link.ts";
import { type Certificate, startTls, type Trust } from "./tls/tls.ts";
import { WriteWatch } from "./write_watch.ts";

/** All links share it, clients' links and those of all listeners. */
const rounds = new ReadingRounds();

/** How to connect. */
export interface TcpConnectOptions extends LinkOptions, ConnectSettings {
  /** Whom to trust, if the server is to speak TLS; the handshake is part of connecting. */
  readonly tls?: Trust | undefined;
  /** After how long a silence a server that may have vanished is asked whether it is there, in ms; the system's own by default. */
  readonly keepAlive?: number | undefined;
}

/** A client has few links, and of some servers each write is a message (room). */
const CLIENTS_PIECE_SIZE = 1024;

/**
 * Connects to a server.
 *
 * @throws {ChatError} `unreachable`, with the host, the port and why in its message; `shortage` where this system is short of what
 * it takes.
 * @throws what `signal` was aborted with.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { connectTcp, listenTcp } from "./tcp.ts";
 *
 * const listener = listenTcp({ hostname: "127.0.0.1", port: 0 }, {}, (link) => {
 *   link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
 * });
 * const link = await connectTcp(listener.endpoint);
 * const answer = Promise.withResolvers<string>();
 * const closed = Promise.withResolvers<void>();
 * link.start({
 *   receive: (bytes) => answer.resolve(new TextDecoder().decode(bytes)),
 *   ended: () => link.end("left"),
 *   closed: () => closed.resolve(),
 * });
 * link.write(new TextEncoder().encode("hello"));
 * assertEquals(await answer.promise, "hello");
 * link.end("done");
 * await closed.promise;
 * listener.close();
 * ```
 */
export async function connectTcp(endpoint: Endpoint, options: TcpConnectOptions = {}): Promise<HalfClosingLink> {
  const { connectTimeout = 10_000, signal, tls } = options;
  try {
    const { stream, remote } = await attempt(
      (signal) => open(endpoint, options, signal),
      (late) => late.stream.close(),
      { timeout: connectTimeout, signal },
    );
    return new StreamLink(stream, remote, { pieceSize: CLIENTS_PIECE_SIZE, rounds, ...options });
  } catch (cause) {
    signal?.throwIfAborted();
    const what = `cannot reach ${addressText(endpoint)}${tls === undefined ? "" : " over TLS"}`;
    throw shortageOf(cause, what) ?? new ChatError("unreachable", `${what}: ${reasonOf(cause)}`, { cause });
  }
}

/** A connection, whatever it runs over. */
interface Opened {
  readonly stream: ByteStream;
  readonly remote: Endpoint;
}

async function openPlain(
  { hostname, port }: Endpoint,
  signal: AbortSignal,
): Promise<Opened & { stream: Deno.TcpConn }> {
  const stream = await Deno.connect({ hostname, port, signal });
  try {
    beLively(stream);
  } catch (error) {
    stream.close();
    throw error;
  }
  return { stream, remote: stream.remoteAddr as Deno.NetAddr };
}

/**
 * Deno's own connections cost less, but do not let us say when to ask for a sign of life, nor trust anybody, nor reset. Node's take an
 * authority in place of those that the program knows, and not besides them.
 */
async function open(
  endpoint: Endpoint,
  { tls, keepAlive = 0, canReset = false }: TcpConnectOptions,
  signal: AbortSignal,
): Promise<Opened> {
  const isNodes = canReset && tls === undefined || keepAlive > 0 && HEEDS_KEEP_ALIVE && tls?.ca === undefined;
  if (tls?.insecure || isNodes) {
    const kind = tls === undefined ? undefined : tls.insecure ? "unverified" : "verified";
    const stream = await openSocket(endpoint, { keepAlive, tls: kind }, signal);
    return { stream, remote: stream.remote };
  }
  const { stream, remote } = await openPlain(endpoint, signal);
  return { stream: tls === undefined ? stream : await startTls(stream, endpoint, tls, signal), remote };
}

/** How to listen. */
export interface ListenOptions extends LinkOptions, AcceptorOptions, PortSettings {
  /** What is shown to clients, who are then to speak TLS. Their handshake is part of the link's first read or write. */
  readonly certificate?: Certificate | undefined;
}

/** Something that listens for clients, over TLS where it has a certificate. */
export type TcpListening = Required<Listener>;

/**
 * Listens for clients and calls `onLink` for each, who is to start the link. The links share one pool of buffers, and one
 * timer.
 *
 * @throws {ChatError} `port-in-use` if somebody else listens there, `cannot-listen` if it fails for any other reason.
 */
export function listenTcp(
  endpoint: Endpoint,
  options: ListenOptions,
  onLink: (link: HalfClosingLink) => void,
): TcpListening {
  const shared = {
    pool: new BufferPool(),
    watch: new WriteWatch(options.writeTimeout ?? DEFAULT_WRITE_TIMEOUT),
    rounds,
  };
  return new TcpListener(endpoint, { ...shared, ...options }, onLink);
}

/** How often, and how far apart in milliseconds, a port is tried that was ours a moment ago. */
const REOPENING = { attempts: 20, pause: 25 } as const;

/** Whether a port can be opened once more while it is open: Linux divides new connections among all that listen there. */
const CAN_OVERLAP = Deno.build.os === "linux";
/**
 * How often, and how far apart in milliseconds, it is looked whether connections still come, and how often in a row none must have
 * come until the listener that goes is closed: what it has not accepted by then is reset.
 */
const RETIRING = { attempts: 500, pause: 1, quiet: 3 } as const;

class TcpListener implements TcpListening {
  readonly endpoint: Endpoint;
  readonly #options: ListenOptions;
  readonly #onLink: (link: HalfClosingLink) => void;
  #acceptor: Acceptor<Deno.Conn>;
  /** The one that goes, while another certificate takes over. */
  #retiring: Acceptor<Deno.Conn> | undefined;
  #isClosed = false;

  constructor(endpoint: Endpoint, options: ListenOptions, onLink: (link: HalfClosingLink) => void) {
    this.#options = options;
    this.#onLink = onLink;
    const listener = openListener(endpoint, options);
    this.endpoint = listener.addr as Deno.NetAddr;
    this.#acceptor = this.#accept(listener);
  }

  async renew(certificate: Certificate): Promise<void> {
    if (this.#isClosed) return;
    const next = CAN_OVERLAP ? openOnceMore(this.endpoint, certificate) : undefined;
    if (next === undefined) await this.#reopen(certificate);
    else await this.#retire(this.#acceptor, next);
  }

  /** The port is open a second time; the first is closed when nothing comes to it any more: somebody always listens. */
  async #retire(retiring: Acceptor<Deno.Conn>, next: Deno.TlsListener): Promise<void> {
    this.#retiring = retiring;
    this.#acceptor = this.#accept(next);
    for (let attempt = 0, quiet = 0; attempt < RETIRING.attempts && quiet < RETIRING.quiet; attempt++) {
      const [before, begun] = [retiring.accepted, performance.now()];
      await new Promise((resolve) => setTimeout(resolve, RETIRING.pause));
      // A turn that took long may be one in which something has come.
      const isSlow = performance.now() - begun > RETIRING.pause * 3;
      quiet = retiring.accepted === before && !isSlow ? quiet + 1 : 0;
    }
    await retiring.closed();
    this.#retiring = undefined;
  }

  /** Closes the port, and opens it as soon as the system lets us. */
  async #reopen(certificate: Certificate): Promise<void> {
    this.#acceptor.close();
    for (let attempt = 1; !this.#isClosed; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, attempt === 1 ? 0 : REOPENING.pause));
      if (this.#isClosed) return;
      try {
        this.#acceptor = this.#accept(openListener(this.endpoint, { ...this.#options, certificate }));
        return;
      } catch (error) {
        if (attempt === REOPENING.attempts) throw error;
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#acceptor.close();
    this.#retiring?.close();
  }

  #accept(listener: Deno.Listener | Deno.TlsListener): Acceptor<Deno.Conn> {
    const options = this.#options;
    return new Acceptor<Deno.Conn>(listener, options, (connection) => {
      try {
        if ("setNoDelay" in connection) beLively(connection as Deno.TcpConn);
      } catch {
        // Some systems refuse this once the peer has reset the connection: the link finds that out when it reads.
      }
      const link = new StreamLink(rawConnection(connection), connection.remoteAddr as Deno.NetAddr, options);
      try {
        this.#onLink(link);
      } catch (error) {
        link.abort("fault");
        (options.onFault ?? reportError)(error);
      }
    });
  }
}

function openListener(
  endpoint: Endpoint,
  { certificate, sharesPort = false }: Pick<ListenOptions, "certificate" | "sharesPort">,
): Deno.Listener | Deno.TlsListener {
  const { hostname, port } = endpoint;
  if (certificate === undefined) {
    return listening(endpoint, () => Deno.listen({ hostname, port, reusePort: sharesPort }));
  }
  if (!CAN_OVERLAP) return listening(endpoint, () => Deno.listenTls({ hostname, port, ...certificate }));
  // Who lets others open the same port must look by themselves whether somebody has it.
  if (port !== 0 && !sharesPort) listening(endpoint, () => Deno.listen({ hostname, port }).close());
  return listenOnceMore(endpoint, certificate);
}

function listenOnceMore(endpoint: Endpoint, certificate: Certificate): Deno.TlsListener {
  const { hostname, port } = endpoint;
  return listening(endpoint, () => Deno.listenTls({ hostname, port, ...certificate, reusePort: true }));
}

/** The same where it is open already; `undefined` where that cannot be, because it was not opened to be shared. */
function openOnceMore(endpoint: Endpoint, certificate: Certificate): Deno.TlsListener | undefined {
  try {
    return listenOnceMore(endpoint, certificate);
  } catch (error) {
    if (error instanceof ChatError && error.code === "port-in-use") return undefined;
    throw error;
  }
}

/**
 * A message must not wait for the acknowledgement of the one before; a peer that has vanished must be found out.
 *
 * @throws what some systems say once the peer has reset the connection.
 */
function beLively(connection: Deno.TcpConn): void {
  connection.setNoDelay();
  connection.setKeepAlive();
}
