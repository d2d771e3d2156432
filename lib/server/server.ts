/**
 * A running server: the hub, and a listener for each port of each dialect.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";
import type { Endpoint } from "../core/link.ts";
import { TotalQueued } from "../core/queued.ts";
import type { Surroundings } from "../core/runtime.ts";
import type { AnyDialect, DatagramDialect, Dialect, ServerContext } from "../dialects/dialect.ts";
import { ClusterNode } from "../cluster/node.ts";
import type { NodeOptions } from "../cluster/node_options.ts";
import { DIALECTS, memberIds, serverPorts } from "../dialects/registry.ts";
import type { ClusterHub } from "../hub/cluster.ts";
import { Hub } from "../hub/hub.ts";
import type { Member } from "../hub/member.ts";
import { Clock } from "../transport/clock.ts";
import { REAL_WORLD } from "../transport/real_world.ts";
import type { Certificate } from "../transport/tls/tls.ts";
import { Admission, type AdmissionOptions, nearby } from "./limits/admission.ts";
import { BroadcastRate } from "./limits/broadcast_limiter.ts";
import { CloseCounters } from "./status/close_counters.ts";
import { DatagramListener } from "./listeners/datagram_listener.ts";
import { type DialectListener, TcpListener } from "./listeners/listener.ts";
import type { WebServing } from "../transport/web/web_server_link.ts";
import { type PageFiles, pages } from "./listeners/web_pages.ts";
import type { ListenerContext } from "./listeners/listener_context.ts";
import type { LiveOptions } from "./live_options.ts";
import type { Log } from "./log/log.ts";
import { ownNetworks } from "../transport/udp/own_address.ts";
import { LogThrottle } from "./log/log_throttle.ts";
import type { PortChoice } from "./ports.ts";

/** What a server is told at its start. Times are in milliseconds, sizes in bytes. */
export interface ServerOptions extends AdmissionOptions, LiveOptions {
  /** The address to listen on. */
  readonly host: string;
  /** The ports, by their options without dashes; one that is missing is off. */
  readonly ports: Readonly<Record<string, PortChoice>>;
  /** What dialects' retired options were given, by the options without dashes. */
  readonly retired: Readonly<Record<string, string | undefined>>;
  /** Whether the ports are shared with other servers of this machine. */
  readonly reusePort?: boolean;
  /** How long a recipient may take to acknowledge. */
  readonly ackTimeout: number;
  /** How much may wait to be written to a peer. */
  readonly maxQueue: number;
  /** How long a peer may take nothing of what is written to it. */
  readonly writeTimeout: number;
  /** How many bytes a second all clients of datagrams are sent together that have acknowledged nothing yet. */
  readonly unprovenBudget: number;
  /** Origins whose pages may connect, besides the server's own. */
  readonly webOrigins?: readonly string[];
  /** The page that browsers are shown; none without it. */
  readonly page?: PageFiles | undefined;
}

/** What makes a server one node of a cluster. */
export type ClusterMembership = Pick<NodeOptions, "engine" | "label" | "machine" | "ports" | "claimTtl">;

/** Whether a server takes new connections, finishes what is under way, or has nobody any more. */
export type ServerState = "serving" | "draining" | "drained";

/** The part of the drain timeout that closing the connections may take, at most. */
const CLOSING_SHARE = 0.3;

/** Opens one of a dialect's ports. */
type OpenListener = (option: string, endpoint: Endpoint) => DialectListener;

/** A running server. */
export class Server {
  /** Who is present, and who gets what. */
  readonly hub: Hub;
  /** What waits to be written to all peers. */
  readonly queued: TotalQueued;
  /** Who may connect. */
  readonly admission: Admission;
  /** Why connections were closed. */
  readonly closeCounters = new CloseCounters();
  /** The server's part of a cluster, if it is not alone. */
  readonly node: ClusterNode | undefined;
  /** Shared with all who look at them anew each time, so that they can be changed. */
  readonly #options: ServerOptions;
  readonly #context: { -readonly [Name in keyof ServerContext]: ServerContext[Name] };
  readonly #listenerContext: ListenerContext;
  readonly #clock: Clock;
  readonly #listeners: DialectListener[] = [];
  #state: ServerState = "serving";
  #drained: Promise<void> | undefined;

  /**
   * Starts listening, over TLS where there is a certificate, except for datagrams. A default port that is taken is left out
   * with a warning. What is outside is the real world unless another one is given.
   *
   * @param membership makes it one node of a cluster, which it joins before anybody can connect.
   * @throws {ChatError} `port-in-use` or `cannot-listen` for a port that was asked for, `no-port` if none is left,
   * `bad-network` for networks that are none, and `cluster-unreachable` or `cluster-unusable`.
   */
  static async start(
    options: ServerOptions,
    log: Log,
    certificate?: Certificate,
    surroundings: Surroundings = REAL_WORLD,
    membership?: ClusterMembership,
  ): Promise<Server> {
    const server = new Server(options, log, certificate, surroundings, membership);
    try {
      await server.node?.start();
      const opens = await Promise.all(DIALECTS.map((dialect) => server.#opens(dialect)));
      for (const open of opens) open();
      if (server.#listeners.length === 0) {
        const advice = `choose a free port, for example with --${DIALECTS[0].name} PORT`;
        throw new ChatError("no-port", `nothing to listen on: ${advice}`);
      }
      return server;
    } catch (error) {
      server.abort();
      throw error;
    }
  }

  private constructor(
    options: ServerOptions,
    log: Log,
    certificate: Certificate | undefined,
    { runtime, network }: Surroundings,
    membership: ClusterMembership | undefined,
  ) {
    this.#clock = new Clock(runtime);
    this.#options = options = { ...options };
    const { ackTimeout, maxMessage, maxQueue, writeTimeout } = options;
    const queued = this.queued = new TotalQueued(options.maxQueued);
    const deadlines = this.#clock.deadlines;
    let node: ClusterNode | undefined;
    const cluster = membership &&
      ((hub: ClusterHub) => node = new ClusterNode(hub, { ...membership, runtime, ackTimeout, log }));
    this.hub = new Hub({ ackTimeout, deadlines, wallClock: () => runtime.wallClock(), ids: memberIds(), cluster });
    this.node = node;
    this.#context = { hub: this.hub, deadlines, maxMessage, maxQueue, queued, log };
    const admission = this.admission = new Admission(options);
    this.#listenerContext = {
      admission,
      limits: options,
      broadcasts: new BroadcastRate(options.broadcastRate, deadlines),
      deadlines,
      network,
      link: { maxQueue, queued, writeTimeout, certificate, sharesPort: options.reusePort },
      log,
      closeCounters: this.closeCounters,
      mentions: new LogThrottle(),
      warnings: new LogThrottle(),
    };
    this.#chargeAnnouncements(admission);
  }

  /** The listeners that are open. */
  get listeners(): readonly DialectListener[] {
    return this.#listeners;
  }

  /**
   * Shows another certificate to all who connect from now on. Those who are connected stay.
   *
   * @throws {ChatError} of the first listener that could not be opened again; the others are open.
   */
  async renew(certificate: Certificate): Promise<void> {
    const results = await Promise.allSettled(this.#listeners.map((listener) => listener.renew?.(certificate)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /**
   * Reads the files of networks again, for all who come from now on.
   *
   * @throws {ChatError} `bad-network` if one cannot be used; all stays as it was.
   */
  readNetworks(): void {
    this.#listenerContext.admission.readNetworks();
  }

  /**
   * Has other options hold: at once, or for those who connect from now on.
   *
   * @throws {ChatError} `bad-network` for networks that cannot be used; all stays as it was.
   */
  adopt(options: Partial<LiveOptions>): void {
    const { admission, broadcasts } = this.#listenerContext;
    const all = { ...this.#options, ...options };
    admission.adopt(all);
    Object.assign(this.#options, options);
    this.#context.maxMessage = all.maxMessage;
    this.queued.limit = all.maxQueued;
    broadcasts.rate = all.broadcastRate;
  }

  /** The largest body, in bytes. */
  get maxMessage(): number {
    return this.#context.maxMessage;
  }

  /** Whether it takes new connections. */
  get state(): ServerState {
    return this.#state;
  }

  /**
   * Within the drain timeout: accepts nobody any more, lets deliveries in flight finish, tells everybody, and closes all connections
   * in good order. Done once, however often it is asked for.
   */
  drain(): Promise<void> {
    return this.#drained ??= this.#drain();
  }

  /** Stops: {@linkcode Server.drain}s, and leaves the cluster. */
  async stop(): Promise<void> {
    await this.drain();
    await this.node?.stop();
    this.#clock.stop();
  }

  async #drain(): Promise<void> {
    this.#state = "draining";
    const { drainTimeout } = this.#options;
    const { deadlines } = this.#clock;
    const end = deadlines.time + drainTimeout;
    for (const listener of this.#listeners) listener.drain();
    await this.#idle(end - drainTimeout * CLOSING_SHARE);
    const closed = Promise.all(this.#listeners.map((listener) => listener.close()));
    const late = deadlines.set(end - deadlines.time, {
      expired: () => this.#listeners.forEach((listener) => listener.abort()),
    });
    await closed;
    late.cancel();
    this.#state = "drained";
  }

  /** Closes everything at once; a cluster finds out by itself. */
  abort(): void {
    for (const listener of this.#listeners) listener.abort();
    this.node?.abort();
    this.#clock.stop();
  }

  /** That somebody comes or leaves is told to all who are there, which is work that their address has caused. */
  #chargeAnnouncements(admission: Admission): void {
    let present = 0;
    const charge = ({ remote }: Member) => admission.announced(remote.hostname, present, this.#clock.deadlines.time);
    this.hub.watch({
      entered: (member) => {
        charge(member);
        present++;
      },
      left: (member) => {
        present--;
        charge(member);
      },
    });
  }

  /** Loads a dialect, unless all of its ports are off; what is returned opens them. */
  async #opens(dialect: AnyDialect): Promise<() => void> {
    const { ports, retired } = this.#options;
    const options = serverPorts(dialect).map(({ option }) => option);
    if (options.every((option) => portOf(ports, option) === "off")) return () => {};
    const open = dialect.transport === "udp"
      ? await this.#opensDatagrams(dialect)
      : await this.#opensStreams(dialect, retired[dialect.retiredOption?.option ?? ""]);
    return () => {
      for (const option of options) this.#open(option, portOf(ports, option), (endpoint) => open(option, endpoint));
    };
  }

  async #opensStreams(dialect: Dialect, retired: string | undefined): Promise<OpenListener> {
    const make = await dialect.server(this.#context, retired);
    const web = this.#webServing(dialect);
    return (option, endpoint) =>
      new TcpListener(dialect.name, make(option), endpoint, this.#listenerContext, option, web);
  }

  /** What carries a dialect that a WebSocket does. */
  #webServing({ webSocket }: Dialect): WebServing | undefined {
    if (webSocket === undefined) return undefined;
    const options = this.#options;
    const { host, webOrigins = [], page = new Map() } = options;
    const isSecure = this.#listenerContext.link.certificate !== undefined;
    const { deadlines } = this.#clock;
    return {
      protocol: webSocket,
      respond: pages(webSocket.path, page, { host, isSecure, origins: webOrigins }),
      // These change while it runs.
      get maxMessage() {
        return webSocket.longest(options.maxMessage);
      },
      get patience() {
        return { deadlines, messageTimeout: options.messageTimeout };
      },
    };
  }

  async #opensDatagrams(dialect: DatagramDialect): Promise<OpenListener> {
    const make = await dialect.server(this.#context);
    const { unprovenBudget, limitLoopback } = this.#options;
    const trusts = limitLoopback ? () => false : nearby(ownNetworks());
    return (option, endpoint) =>
      new DatagramListener(dialect.name, make, endpoint, this.#listenerContext, { trusts, unprovenBudget }, option);
  }

  #open(label: string, choice: PortChoice, open: (endpoint: Endpoint) => DialectListener): void {
    if (choice === "off") return;
    try {
      this.#listeners.push(open({ hostname: this.#options.host, port: choice.port }));
    } catch (error) {
      const isTaken = error instanceof ChatError && error.code === "port-in-use";
      if (choice.asked || !isTaken) throw error;
      const advice = `port ${choice.port} is taken: ${label} is left out, choose another with --${label} PORT`;
      this.#listenerContext.log("warning", advice);
    }
  }

  /** Waits until no message is on its way, or for a point in time. */
  #idle(end: number): Promise<void> {
    const { deadlines } = this.#clock;
    return new Promise((resolve) => {
      const look = {
        expired: () => {
          if (!this.#listeners.some((listener) => listener.isBusy) || deadlines.time >= end) resolve();
          else deadlines.set(10, look);
        },
      };
      look.expired();
    });
  }
}

function portOf(ports: ServerOptions["ports"], option: string): PortChoice {
  return ports[option] ?? "off";
}
