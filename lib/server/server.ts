/**
 * A running server: the hub, and a door for each dialect. The one file that knows everybody.
 *
 * @module
 */

import type { DatagramPort } from "../core/datagrams.ts";
import { ChatError } from "../core/error.ts";
import type { Endpoint } from "../core/link.ts";
import { TotalQueued } from "../core/queued.ts";
import type { Surroundings } from "../core/runtime.ts";
import type { DatagramGuard, DialectServer, ServerContext } from "../dialects/dialect.ts";
import { frameIds } from "../dialects/frame/ids.ts";
import { FrameServer } from "../dialects/frame/server.ts";
import { GroupServer } from "../dialects/group/server.ts";
import { RelayServer } from "../dialects/relay/server.ts";
import { RelayUsers } from "../dialects/relay/users.ts";
import { RoomServer } from "../dialects/room/server.ts";
import { SlashServer } from "../dialects/slash/server.ts";
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
import type { Limits } from "./limits/guard.ts";
import type { ListenerContext } from "./listeners/listener_context.ts";
import type { Log } from "./log/log.ts";
import { ownNetworks } from "../transport/udp/own_address.ts";
import { LogThrottle } from "./log/log_throttle.ts";
import type { PortChoice } from "./ports.ts";

/** What a server is told at its start. Times are in milliseconds, sizes in bytes. */
export interface ServerOptions extends AdmissionOptions, Limits {
  /** The address to listen on. */
  readonly host: string;
  /** The port for relay. */
  readonly relay: PortChoice;
  /** The port for a second relay, whose word for a delivered message is `SEND`. */
  readonly relaySend: PortChoice;
  /** The port for frame. */
  readonly frame: PortChoice;
  /** The port for slash. */
  readonly slash: PortChoice;
  /** The port for group, of UDP. */
  readonly group: PortChoice;
  /** The port for room. */
  readonly room: PortChoice;
  /** relay's word for a delivered message on its first port, if it is not `SENT`; goes in the next version. */
  readonly relayReply?: "SENT" | "SEND" | undefined;
  /** How long a recipient may take to acknowledge. */
  readonly ackTimeout: number;
  /** How many deliveries a second the broadcasts of a peer may cost. */
  readonly broadcastRate: number;
  /** The largest body. */
  readonly maxMessage: number;
  /** How much may wait to be written to a peer. */
  readonly maxQueue: number;
  /** How much may wait to be written to all peers together. */
  readonly maxQueued: number;
  /** How long a peer may take nothing of what is written to it. */
  readonly writeTimeout: number;
  /** How long a shutdown may take. */
  readonly drainTimeout: number;
  /** How many bytes a second all group clients are sent together that have acknowledged nothing yet. */
  readonly unprovenBudget: number;
}

/** The part of the drain timeout that closing the connections may take, at most. */
const CLOSING_SHARE = 0.3;

/** A running server. */
export class Server {
  /** Who is present, and who gets what. */
  readonly hub: Hub;
  /** What waits to be written to all peers. */
  readonly queued: TotalQueued;
  /** Why connections were closed. */
  readonly closeCounters = new CloseCounters();
  readonly #options: ServerOptions;
  readonly #house: ListenerContext;
  readonly #clock: Clock;
  readonly #doors: DialectListener[] = [];

  /**
   * Starts listening, over TLS where there is a certificate, except for datagrams. A default port that is taken is left out
   * with a warning. What is outside is the real world unless another one is given.
   *
   * @throws {ChatError} `port-in-use` or `cannot-listen` for a port that was asked for, `no-port` if none is left, and
   * `bad-network` for networks that are none.
   */
  constructor(
    options: ServerOptions,
    log: Log,
    certificate?: Certificate,
    { runtime, network }: Surroundings = REAL_WORLD,
  ) {
    this.#clock = new Clock(runtime);
    this.#options = options;
    const { ackTimeout, maxMessage, maxQueue, writeTimeout } = options;
    const queued = this.queued = new TotalQueued(options.maxQueued);
    const deadlines = this.#clock.deadlines;
    this.hub = new Hub({ ackTimeout, deadlines, wallClock: () => runtime.wallClock(), ids: frameIds() });
    const context: ServerContext = { hub: this.hub, deadlines, maxMessage, maxQueue, queued, log };
    const admission = new Admission(options);
    this.#house = {
      admission,
      limits: options,
      broadcasts: new BroadcastRate(options.broadcastRate, deadlines),
      deadlines,
      network,
      link: { maxQueue, queued, writeTimeout, certificate },
      log,
      closeCounters: this.closeCounters,
      mentions: new LogThrottle(),
      warnings: new LogThrottle(),
    };
    this.#chargeAnnouncements(admission);
    try {
      const users = new RelayUsers(context);
      this.#openTcp("relay", options.relay, new RelayServer(context, { reply: options.relayReply ?? "SENT", users }));
      this.#openTcp("relay", options.relaySend, new RelayServer(context, { reply: "SEND", users }), "relay-send");
      this.#openTcp("frame", options.frame, new FrameServer(context));
      this.#openTcp("slash", options.slash, new SlashServer(context));
      this.#open("group", options.group, (endpoint) => {
        const make = (port: DatagramPort, doorkeeper: DatagramGuard) => new GroupServer(context, port, doorkeeper);
        const { unprovenBudget, limitLoopback } = options;
        const trusts = limitLoopback ? () => false : nearby(ownNetworks());
        return new DatagramListener("group", make, endpoint, this.#house, { trusts, unprovenBudget });
      });
      this.#openTcp("room", options.room, new RoomServer(context));
      if (this.#doors.length === 0) {
        throw new ChatError("no-port", "nothing to listen on: choose a free port, for example with --relay PORT");
      }
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  /** The doors that are open. */
  get listeners(): readonly DialectListener[] {
    return this.#doors;
  }

  /**
   * Shows another certificate to all who connect from now on. Those who are connected stay.
   *
   * @throws {ChatError} of the first door that could not be opened again; the others are open.
   */
  async renew(certificate: Certificate): Promise<void> {
    const results = await Promise.allSettled(this.#doors.map((door) => door.renew?.(certificate)));
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  /**
   * Reads the files of networks again, for all who come from now on.
   *
   * @throws {ChatError} `bad-network` if one cannot be used; all stays as it was.
   */
  readNetworks(): void {
    this.#house.admission.readNetworks();
  }

  /**
   * Stops within the drain timeout: accepts nobody any more, lets deliveries in flight finish, tells everybody, and closes
   * all connections in good order.
   */
  async stop(): Promise<void> {
    const { drainTimeout } = this.#options;
    const { deadlines } = this.#clock;
    const end = deadlines.time + drainTimeout;
    for (const door of this.#doors) door.drain();
    await this.#idle(end - drainTimeout * CLOSING_SHARE);
    const closed = Promise.all(this.#doors.map((door) => door.close()));
    const late = deadlines.set(end - deadlines.time, { expired: () => this.#doors.forEach((door) => door.abort()) });
    await closed;
    late.cancel();
    this.#clock.stop();
  }

  /** Closes everything at once. */
  abort(): void {
    for (const door of this.#doors) door.abort();
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

  /** `label` is the name of the port's option, where that is not the dialect's. */
  #openTcp(dialect: string, choice: PortChoice, server: DialectServer, label = dialect): void {
    this.#open(label, choice, (endpoint) => new TcpListener(dialect, server, endpoint, this.#house, label));
  }

  #open(label: string, choice: PortChoice, open: (endpoint: Endpoint) => DialectListener): void {
    if (choice === "off") return;
    try {
      this.#doors.push(open({ hostname: this.#options.host, port: choice.port }));
    } catch (error) {
      const isTaken = error instanceof ChatError && error.code === "port-in-use";
      if (choice.asked || !isTaken) throw error;
      const advice = `port ${choice.port} is taken: ${label} is left out, choose another with --${label} PORT`;
      this.#house.log("warning", advice);
    }
  }

  /** Waits until no message is on its way, or for a point in time. */
  #idle(end: number): Promise<void> {
    const { deadlines } = this.#clock;
    return new Promise((resolve) => {
      const look = {
        expired: () => {
          if (!this.#doors.some((door) => door.isBusy) || deadlines.time >= end) resolve();
          else deadlines.set(10, look);
        },
      };
      look.expired();
    });
  }
}
