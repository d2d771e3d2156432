/**
 * Where clients under test connect to, and how they are started.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../lib/core/datagrams.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint, HalfClosingLink, Link } from "../../lib/core/link.ts";
import type { LinkSettings, Network, Runtime } from "../../lib/core/runtime.ts";
import type { ClientRun, Launch } from "./client_run.ts";
import { AnyPeerLink } from "./any_peer_link.ts";

/** How clients are hosted. */
export interface ClientHostOptions {
  /** What we listen on. */
  readonly network: Network;
  /** Chooses among free ports. */
  readonly chance: Pick<Runtime, "random">;
  /** What starts a client. */
  readonly launch: Launch;
  /** Where we listen: port 0 is any that is free. */
  readonly listen: Endpoint;
}

/** What a client is started for. */
export interface Hosting {
  /** Its user's name. */
  readonly name: string;
  /** Whether it speaks datagrams. */
  readonly hasDatagrams: boolean;
  /** Whether anybody listens where it connects to. */
  readonly isListening: boolean;
  /** The limits of its links. */
  readonly link: LinkSettings;
  /** It has connected, or sent its first datagram. */
  onLink(link: HalfClosingLink): void;
}

/** A client that was started, and what it connects to. */
export interface Hosted {
  /** The client. */
  readonly run: ClientRun;
  /** Opens another port for datagrams, of somebody else whom the client speaks with: what comes from anywhere arrives there. */
  openPeer(): AnyPeerLink;
  /** Ends the client, and listens no more. */
  close(): Promise<void>;
}

/** A client that has not connected so many times is not waited for long any more, in milliseconds. */
const PATIENT_TIMES = 3;
const IMPATIENT = 500;

/** Ports below those that systems give to whoever asks for any that is free; so many are kept that were tried. */
const PORTS = { begin: 20_000, end: 30_000, kept: 32 };

/** Starts clients, each with something of its own to connect to. */
export class ClientHost {
  readonly #options: ClientHostOptions;
  readonly #freePorts: number[] = [];
  #nextPort: number;
  #hasConnected = false;
  #inVain = 0;

  constructor(options: ClientHostOptions) {
    this.#options = options;
    this.#nextPort = PORTS.begin + Math.floor(options.chance.random() * (PORTS.end - PORTS.begin));
  }

  /** Whether several clients can be there at the same time: not if all connect to one port. */
  get hasOnePort(): boolean {
    return this.#options.listen.port !== 0;
  }

  /** How long is waited for a client to connect at most, in milliseconds: not long for one that never has. */
  get patience(): number {
    return !this.#hasConnected && this.#inVain >= PATIENT_TIMES ? IMPATIENT : Infinity;
  }

  /** Notes whether a client has connected while a fixture was played in which it should. */
  note(hasConnected: boolean): void {
    if (hasConnected) this.#hasConnected = true;
    else this.#inVain++;
  }

  /**
   * Listens, and starts a client.
   *
   * @throws {ChatError} `unreachable` if it cannot be started, `port-in-use` or `cannot-listen`.
   */
  async start(hosting: Hosting): Promise<Hosted> {
    const { network, launch, listen } = this.#options;
    const settings: LinkSettings = hosting.link;
    const open = (endpoint: Endpoint, isAnyone: boolean) => {
      const port = network.openPort(endpoint, settings.onFault && { onFault: settings.onFault });
      return new AnyPeerLink(port, isAnyone ? hosting.onLink : undefined);
    };
    const listening = hosting.hasDatagrams
      ? open(listen, true)
      : network.listen(listen, settings, (link) => hosting.onLink(halfClosing(link)));
    const server = "endpoint" in listening ? listening.endpoint : listening.local;
    const stopListening = () => "close" in listening ? listening.close() : listening.end("done");
    if (!hosting.isListening) stopListening();
    try {
      const place = { server, name: hosting.name, clientPort: await this.#freePort(server.hostname) };
      const run = await launch(place);
      return {
        run,
        openPeer: () => open({ hostname: server.hostname, port: 0 }, false),
        close: async () => {
          if (hosting.isListening) stopListening();
          await run.stop();
        },
      };
    } catch (error) {
      if (hosting.isListening) stopListening();
      throw error;
    }
  }

  /**
   * A port for datagrams that is free until the client takes it: no system gives it to whoever asks for any that is free. It was tried a
   * while ago: a program that is being started holds for a moment what was open here.
   */
  async #freePort(hostname: string): Promise<number> {
    while (this.#freePorts.length <= PORTS.kept) {
      const port = this.#nextPort++;
      if (this.#nextPort === PORTS.end) this.#nextPort = PORTS.begin;
      if (await isFree(this.#options.network, { hostname, port })) this.#freePorts.push(port);
    }
    return this.#freePorts.shift()!;
  }
}

/** Opens a port for datagrams and closes it again; says whether that could be done. */
async function isFree(network: Network, endpoint: Endpoint): Promise<boolean> {
  let port: DatagramPort;
  try {
    port = network.openPort(endpoint);
  } catch (error) {
    if (error instanceof ChatError && error.code === "port-in-use") return false;
    throw error;
  }
  const closed = Promise.withResolvers<void>();
  const handler: DatagramHandler = { receive: () => {}, closed: () => closed.resolve() };
  port.start(handler);
  port.close("done");
  await closed.promise;
  return true;
}

/** What listens gives links that can half-close, wherever the network can. */
function halfClosing(link: Link): HalfClosingLink {
  if ("finish" in link && typeof link.finish === "function") return link as HalfClosingLink;
  throw new TypeError("this network cannot half-close what it has accepted");
}
