/**
 * Links over TCP: connecting to servers, and listening for clients.
 *
 * @module
 */

import { addressText } from "../core/address.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint, HalfClosingLink } from "../core/link.ts";
import type { ConnectSettings, Listener } from "../core/runtime.ts";
import { Acceptor, type AcceptorOptions } from "./acceptor.ts";
import { attempt } from "./attempt.ts";
import { BufferPool } from "./buffers.ts";
import { listening, reasonOf } from "./listening.ts";
import { shortageOf } from "./shortage.ts";
import { HEEDS_KEEP_ALIVE, openSocket } from "./tls/node_socket.ts";
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
export interface ListenOptions extends LinkOptions, AcceptorOptions {
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

class TcpListener implements TcpListening {
  readonly endpoint: Endpoint;
  readonly #options: ListenOptions;
  readonly #onLink: (link: HalfClosingLink) => void;
  #acceptor: Acceptor<Deno.Conn>;
  #isClosed = false;

  constructor(endpoint: Endpoint, options: ListenOptions, onLink: (link: HalfClosingLink) => void) {
    this.#options = options;
    this.#onLink = onLink;
    const listener = openListener(endpoint, options.certificate);
    this.endpoint = listener.addr as Deno.NetAddr;
    this.#acceptor = this.#accept(listener);
  }

  async renew(certificate: Certificate): Promise<void> {
    this.#acceptor.close();
    for (let attempt = 1; !this.#isClosed; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, attempt === 1 ? 0 : REOPENING.pause));
      if (this.#isClosed) return;
      try {
        this.#acceptor = this.#accept(openListener(this.endpoint, certificate));
        return;
      } catch (error) {
        if (attempt === REOPENING.attempts) throw error;
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#acceptor.close();
  }

  #accept(listener: Deno.Listener | Deno.TlsListener): Acceptor<Deno.Conn> {
    const options = this.#options;
    return new Acceptor<Deno.Conn>(listener, options, (connection) => {
      try {
        if ("setNoDelay" in connection) beLively(connection as Deno.TcpConn);
      } catch {
        // Some systems refuse this once the peer has reset the connection: the link finds that out when it reads.
      }
      const link = new StreamLink(connection, connection.remoteAddr as Deno.NetAddr, options);
      try {
        this.#onLink(link);
      } catch (error) {
        link.abort("fault");
        (options.onFault ?? reportError)(error);
      }
    });
  }
}

function openListener({ hostname, port }: Endpoint, certificate?: Certificate): Deno.Listener | Deno.TlsListener {
  return listening(
    { hostname, port },
    () => certificate ? Deno.listenTls({ hostname, port, ...certificate }) : Deno.listen({ hostname, port }),
  );
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
