/**
 * Where clients under test connect to, and how they are started.
 *
 * @module
 */

import type { Endpoint, HalfClosingLink, Link } from "../../lib/core/link.ts";
import type { LinkSettings, Network, Runtime } from "../../lib/core/runtime.ts";
import type { ClientRun, Launch } from "./client_run.ts";
import { AnyPeerLink } from "./any_peer_link.ts";
import { FreePorts } from "./free_ports.ts";

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

/** Starts clients, each with something of its own to connect to. */
export class ClientHost {
  readonly #options: ClientHostOptions;
  readonly #ports: FreePorts;
  #hasConnected = false;
  #inVain = 0;

  constructor(options: ClientHostOptions) {
    this.#options = options;
    this.#ports = new FreePorts(options.network, options.chance);
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
      const place = { server, name: hosting.name, clientPort: await this.#ports.next(server.hostname) };
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
}

/** What listens gives links that can half-close, wherever the network can. */
function halfClosing(link: Link): HalfClosingLink {
  if ("finish" in link && typeof link.finish === "function") return link as HalfClosingLink;
  throw new TypeError("this network cannot half-close what it has accepted");
}
