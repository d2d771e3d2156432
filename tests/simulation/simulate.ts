/**
 * The truth, simulated: everybody talks to everybody, in all dialects, on one hub, over networks that fail; and every message is
 * followed to its end.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { messageCounterLines } from "../../lib/server/status/status.ts";
import { Server } from "../../lib/server/server.ts";
import type { Chance } from "../../lib/simulation/chance.ts";
import { World } from "../../lib/simulation/world.ts";
import { Invariants } from "./invariants.ts";
import { type Counts, MessageTracker, Violation } from "./message_tracker.ts";
import { datagramsIn, drawBehaviour, drawWire } from "./behaviour.ts";
import { NumberScanner } from "./message.ts";
import { PresenceWatch } from "./presence.ts";
import { DRAIN_TIMEOUT, HOST, serverOptions } from "./server_options.ts";
import type { SimulatedDialect, SimulatedUser } from "./simulated_dialect.ts";
import { SIMULATED_DIALECTS } from "./simulated_dialects.ts";
import type { SimulationContext, Somebody } from "./user.ts";

/** What is simulated. */
export interface SimulationOptions {
  /** Decides everything. */
  readonly seed: number;
  /** How many messages are sent. */
  readonly messages: number;
  /** Reads along what happens, line by line. */
  readonly reader?: (line: string) => void;
}

/** What has happened. */
export interface Simulated {
  /** What became of the messages. */
  readonly counts: Readonly<Counts>;
  /** How many lives there were. */
  readonly lives: number;
  /** How much time has passed in the world, in milliseconds. */
  readonly duration: number;
  /** How many events there were. */
  readonly events: number;
  /** The server's own counts, in words. */
  readonly messageCounters: readonly string[];
  /** Why it closed connections, in words. */
  readonly closeCounters: readonly string[];
}

/** How much longer than it may something takes, since deadlines are a table with steps, in milliseconds. */
const SLACK = 50;
/** How long a calm phase lasts, and then a rough one, in milliseconds. */
const PHASE = 3_000;
/** How often is looked whether everything holds, in milliseconds. */
const LOOK = 50;
/** The share of messages that go to nobody. */
const TO_NOBODY = 0.01;
/** How long it may take until all have gone who leave, in milliseconds. */
const LEAVING = 120_000;
/** How long the server may hold on to anything when all have gone, in milliseconds. */
const AFTERWARDS = 120_000;

/**
 * Runs a simulation to its end.
 *
 * @throws {Violation} with the seed and the last events, if something does not hold.
 */
export async function simulate(options: SimulationOptions): Promise<Simulated> {
  const world = new World(options);
  try {
    return await (await Simulation.start(world, options.messages)).run();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const last = world.trace.last();
    const lines = [`seed ${options.seed}: ${error.message}`, "The last events:", ...last];
    throw new Violation(lines.join("\n"), { cause: error });
  }
}

class Simulation implements SimulationContext {
  readonly #world: World;
  readonly #messages: number;
  readonly #server: Server;
  readonly #present: PresenceWatch;
  readonly #invariants: Invariants;
  readonly #users: SimulatedUser[] = [];
  readonly #enough = Promise.withResolvers<void>();
  readonly #allGone = Promise.withResolvers<void>();
  #lives = 0;
  #alive = 0;
  readonly tracker: MessageTracker;

  /** Starts the server, before any time passes. */
  static async start(world: World, messages: number): Promise<Simulation> {
    const { net, runtime } = world;
    let simulation: Simulation | undefined;
    const server = await Server.start(
      serverOptions(),
      (level, text, about) => {
        if (level === "error" && text !== "a connection could not be accepted") {
          simulation?.tracker.violated(`${text}: ${JSON.stringify(about)}`);
        }
      },
      undefined,
      { runtime, network: net.host(HOST) },
    );
    return simulation = new Simulation(world, messages, server);
  }

  private constructor(world: World, messages: number, server: Server) {
    this.#world = world;
    this.#messages = messages;
    this.#server = server;
    const { net, runtime } = world;
    const wholes = this.#ports(({ beginsInOnePiece }) => beginsInOnePiece);
    net.conditions = (_client, server, chance) => drawWire(chance, this.#isCalm, wholes.has(server.port));
    net.accepting = { failures: 0.002, maxConnections: 500, backlog: 64 };
    net.datagrams.conditions = datagramsIn(true);
    const { hub } = server;
    this.#present = new PresenceWatch(hub, () => runtime.now(), (what) => this.tracker.violated(what));
    this.tracker = new MessageTracker(() => runtime.now(), this.#present, world.trace);
    this.#invariants = new Invariants(world, this.#server, this.#present, this.tracker);
    this.#settle();
    this.#watchWires();
  }

  get runtime(): World["runtime"] {
    return this.#world.runtime;
  }

  get net(): World["net"] {
    return this.#world.net;
  }

  get #isCalm(): boolean {
    return Math.floor(this.runtime.now() / PHASE) % 2 === 0;
  }

  at(dialect: string): Endpoint {
    return this.#server.listeners.find((listener) => listener.dialect === dialect)!.endpoint;
  }

  /** The ports of the dialects of which this is so. */
  #ports(is: (dialect: SimulatedDialect) => true | undefined): ReadonlySet<number> {
    const dialects = [...SIMULATED_DIALECTS].filter(([, dialect]) => is(dialect));
    return new Set(dialects.map(([name]) => this.at(name).port));
  }

  behaviour(chance: Chance): ReturnType<typeof drawBehaviour> {
    return drawBehaviour(chance, this.#isCalm);
  }

  somebody(chance: Chance, but: string): Somebody | undefined {
    if (chance.happens(TO_NOBODY)) return { name: "nobody", frameId: 2 + chance.below(254) };
    for (let tries = 0; tries < 10; tries++) {
      const { name, isReady } = chance.pick(this.#users);
      if (!isReady || name === but) continue;
      const frameId = this.#server.hub.find(name)?.id;
      this.#present.noteFrameId({ name, id: frameId });
      return { name, frameId };
    }
    return undefined;
  }

  mayTalk(): boolean {
    if (this.tracker.counts.sent < this.#messages) return true;
    this.#enough.resolve();
    return false;
  }

  counted(what: "life begun" | "life over"): void {
    if (what === "life begun") {
      this.#lives++;
      this.#alive++;
    } else if (--this.#alive === 0) this.#allGone.resolve();
  }

  async run(): Promise<Simulated> {
    const { runtime, tracker } = this;
    for (const user of this.#users) user.start();
    const looking = runtime.every(LOOK, () => {
      this.net.datagrams.conditions = datagramsIn(this.#isCalm);
      this.#invariants.always();
    });
    await this.#until(this.#enough.promise);
    const accepted = () => this.net.accepted;
    // Half of all servers stop amid all that, the others when everybody has gone.
    const isStoppedAmid = this.#world.chance.fork("end").happens(0.5);
    for (const user of this.#users) user.stayAway();
    let connections = accepted();
    if (isStoppedAmid) connections = await this.#stop();
    const late = runtime.after(LEAVING, () => {
      const left = this.#users.filter(({ isAlive }) => isAlive).map(({ name }) => name);
      tracker.violated(`not all find an end: ${left.join(", ")}`);
    });
    for (const user of this.#users) user.finish();
    await this.#until(this.#allGone.promise);
    looking.cancel();
    late.cancel();
    await runtime.pass(AFTERWARDS);
    if (!isStoppedAmid) connections = accepted();
    this.#invariants.nothingLeft(connections);
    if (!isStoppedAmid) await this.#stop();
    await runtime.pass(AFTERWARDS);
    this.#invariants.empty();
    // Whatever was found last is told as well.
    await Promise.race([tracker.failed, Promise.resolve()]);
    const { hub, closeCounters } = this.#server;
    return {
      counts: tracker.counts,
      lives: this.#lives,
      duration: runtime.now(),
      events: this.#world.trace.count,
      messageCounters: messageCounterLines(hub.counters),
      closeCounters: closeCounters.lines(),
    };
  }

  /** Lets time pass until something has come about, or something does not hold. */
  async #until(what: Promise<unknown>): Promise<void> {
    await this.#world.run(() => Promise.race([what, this.tracker.failed]));
  }

  /** Stops the server, and says how many connections it has had. */
  async #stop(): Promise<number> {
    const before = this.runtime.now();
    const listening = this.net.accepted;
    await this.#until(this.#server.stop());
    const took = this.runtime.now() - before;
    if (took > DRAIN_TIMEOUT + SLACK) this.tracker.violated(`the server takes ${took} ms to stop`);
    return listening;
  }

  #settle(): void {
    const chance = this.#world.chance.fork("users");
    for (const [dialect, { users, make }] of SIMULATED_DIALECTS) {
      const network = `198.51.${DIALECTS.findIndex(({ name }) => name === dialect)}`;
      for (let i = 0; i < users; i++) {
        this.#users.push(make(`${dialect}${i}`, this, dialect, chance.fork(`${dialect} ${i}`), `${network}.${i}`));
      }
    }
  }

  /** Sees which messages were handed to the network for those who do not acknowledge. */
  #watchWires(): void {
    const scanners = new Map<string, { readonly port: number; readonly scanner: NumberScanner }>();
    const acknowledging = this.#ports(({ acknowledges }) => acknowledges);
    this.net.watch({
      taken: ({ hostname, port }, server, from, bytes) => {
        if (from === "client" || acknowledging.has(server.port)) return;
        let scanned = scanners.get(hostname);
        if (scanned?.port !== port) {
          const found = (id: number) => this.tracker.handed(id, this.#present.at(hostname) ?? "nobody who is there");
          scanned = { port, scanner: new NumberScanner(found) };
          scanners.set(hostname, scanned);
        }
        scanned.scanner.push(bytes);
      },
    });
  }
}
