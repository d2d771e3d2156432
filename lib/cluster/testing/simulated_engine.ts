/**
 * What carries a cluster in the simulation: one store, links to it that are slow, cut or held up, and nodes that are stopped.
 *
 * @module
 */

import type { Runtime } from "../../core/runtime.ts";
import type { EngineTraffic } from "../counts.ts";
import type { ClusterEngine, EngineEvents, StoredRecord, Written } from "../engine.ts";

/** How long one way takes, in milliseconds: from so long to so long. */
export interface Latency {
  /** At least. */
  readonly from: number;
  /** At most. */
  readonly to: number;
}

/** How long an engine waits before it says that nobody can tell, in milliseconds. */
const PATIENCE = 2_000;

/** The store and the switchboard that all nodes share. */
export class SimulatedBus {
  readonly #runtime: Runtime;
  readonly #records = new Map<string, StoredRecord>();
  readonly #engines = new Set<SimulatedEngine>();
  #revision = 0;
  /** Whether it can be reached at all. */
  isUp = true;

  /** An empty store. */
  constructor(runtime: Runtime, readonly latency: Latency = { from: 1, to: 20 }) {
    this.#runtime = runtime;
  }

  /** A node's connection. */
  connect(): SimulatedEngine {
    const engine = new SimulatedEngine(this, this.#runtime);
    this.#engines.add(engine);
    return engine;
  }

  /** All records there are. */
  get records(): readonly StoredRecord[] {
    return [...this.#records.values()];
  }

  /** Goes away, and comes back; the store is lost unless it is kept. */
  stop(): void {
    this.isUp = false;
    for (const engine of this.#engines) engine.cut();
  }

  /** Is there again. */
  restart(keepsStore: boolean): void {
    this.isUp = true;
    if (!keepsStore) this.#records.clear();
    for (const engine of this.#engines) engine.heal();
  }

  /** Writes a record, if it is at this revision; 0 is for one that is not there. */
  put(key: string, value: Uint8Array, revision: number): Written {
    if ((this.#records.get(key)?.revision ?? 0) !== revision) return "conflict";
    const record = { key, value: value.slice(), revision: ++this.#revision };
    this.#records.set(key, record);
    for (const engine of this.#engines) engine.tell((events) => events.stored(record));
    return record.revision;
  }

  /** Removes a record, if it is at this revision. */
  drop(key: string, revision: number): Written {
    if (this.#records.get(key)?.revision !== revision) return "conflict";
    this.#records.delete(key);
    for (const engine of this.#engines) engine.tell((events) => events.removed(key));
    return ++this.#revision;
  }

  /** A record as it is now. */
  get(key: string): StoredRecord | "none" {
    return this.#records.get(key) ?? "none";
  }

  /** The connection of a node, if it has one. */
  find(node: string): SimulatedEngine | undefined {
    return [...this.#engines].find((engine) => engine.node === node && engine.isConnected);
  }

  /** A connection has ended for good. */
  forget(engine: SimulatedEngine): void {
    this.#engines.delete(engine);
  }

  /** How long the next way takes. */
  delay(): number {
    return this.latency.from + this.#runtime.random() * (this.latency.to - this.latency.from);
  }
}

/** One node's connection. What goes one way arrives in order; what is on its way when it is cut is lost. */
export class SimulatedEngine implements ClusterEngine {
  readonly #bus: SimulatedBus;
  readonly #runtime: Runtime;
  #events: EngineEvents | undefined;
  #isCut = false;
  #isStopped = false;
  /** Counts the connections: what belongs to an earlier one is lost. */
  #connection = 0;
  /** Not before then does what goes there, or comes from there, arrive. */
  #there = 0;
  #back = 0;
  /** What happens to a node that is stopped happens when it goes on. */
  #held: (() => void)[] | undefined;
  /** The node. */
  node = "";
  /** See {@linkcode ClusterEngine.traffic}: what is in records and requests. */
  readonly traffic: { sent: number; received: number } & EngineTraffic = { sent: 0, received: 0 };

  /** {@linkcode SimulatedBus.connect} makes these. */
  constructor(bus: SimulatedBus, runtime: Runtime) {
    this.#bus = bus;
    this.#runtime = runtime;
  }

  /** Whether it can be reached. */
  get isConnected(): boolean {
    return !this.#isCut && !this.#isStopped && this.#bus.isUp && this.#events !== undefined;
  }

  /** The connection is cut. */
  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#connection++;
    this.#arrive(() => this.#events?.disconnected());
  }

  /** It is there again. */
  heal(): void {
    if (!this.#isCut || !this.#bus.isUp || this.#isStopped) return;
    this.#isCut = false;
    this.#tellAll();
  }

  /** The node stops to run (SIGSTOP); the connection stays. Its own timers have to be stopped by whoever made them. */
  pause(): void {
    this.#held ??= [];
  }

  /** The node runs on, and hears what has happened meanwhile. */
  goOn(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const happens of held) happens();
  }

  /** See {@linkcode ClusterEngine.start}. */
  start(node: string, events: EngineEvents): Promise<void> {
    this.node = node;
    this.#events = events;
    return new Promise((resolve) => {
      this.#tellAll();
      this.#later("back", () => resolve());
    });
  }

  /** See {@linkcode ClusterEngine.stop}. */
  stop(): Promise<void> {
    this.#isStopped = true;
    this.#events = undefined;
    this.#bus.forget(this);
    return Promise.resolve();
  }

  /** The node dies: nobody says goodbye. */
  kill(): void {
    void this.stop();
  }

  /** See {@linkcode ClusterEngine.create}. */
  create(key: string, value: Uint8Array): Promise<Written> {
    return this.#request(() => this.#bus.put(key, value, 0));
  }

  /** See {@linkcode ClusterEngine.update}. */
  update(key: string, value: Uint8Array, revision: number): Promise<Written> {
    return this.#request(() => this.#bus.put(key, value, revision));
  }

  /** See {@linkcode ClusterEngine.remove}. */
  remove(key: string, revision: number): Promise<Written> {
    return this.#request(() => this.#bus.drop(key, revision));
  }

  /** See {@linkcode ClusterEngine.read}. */
  read(key: string): Promise<StoredRecord | "none" | "unknown"> {
    return this.#request(() => this.#bus.get(key));
  }

  /** See {@linkcode ClusterEngine.sync}: what is told and what is answered come in one order. */
  async sync(): Promise<void> {
    await this.#request(() => true);
  }

  /** See {@linkcode ClusterEngine.ask}. */
  ask(node: string, request: Uint8Array, timeout: number): Promise<Uint8Array | "nobody" | "unknown"> {
    const bytes = request.slice();
    this.traffic.sent += bytes.length;
    return this.#exchange<Uint8Array | "nobody">(timeout, (answered) => {
      const other = this.#bus.find(node);
      if (other === undefined) return answered("nobody");
      other.tell((events) => {
        other.traffic.received += bytes.length;
        events.asked(bytes, (answer) => other.#later("there", () => answered(answer)));
      });
    });
  }

  /** Tells the node something, after a while; see {@linkcode EngineEvents}. */
  tell(event: (events: EngineEvents) => void): void {
    this.#later("back", () => {
      if (this.#events !== undefined) event(this.#events);
    });
  }

  #tellAll(): void {
    this.tell((events) => events.connected());
    for (const record of this.#bus.records) this.tell((events) => events.stored(record));
    this.tell((events) => events.told());
  }

  #request<Answer>(act: () => Answer): Promise<Answer | "unknown"> {
    return this.#exchange<Answer>(PATIENCE, (answered) => answered(act()));
  }

  /** Something is asked of the other end, and answered, unless the connection is cut before. */
  #exchange<Answer>(timeout: number, act: (answered: (answer: Answer) => void) => void): Promise<Answer | "unknown"> {
    if (!this.isConnected) return Promise.resolve("unknown");
    const connection = this.#connection;
    return new Promise((resolve) => {
      const late = this.#runtime.after(timeout, () => this.#arrive(() => resolve("unknown")));
      this.#later("there", () =>
        act((answer) =>
          this.#later("back", () => {
            if (connection !== this.#connection) return;
            late.cancel();
            resolve(answer);
          })
        ));
    });
  }

  #later(way: "there" | "back", happens: () => void): void {
    const connection = this.#connection;
    const now = this.#runtime.now();
    const at = now + this.#bus.delay();
    const due = way === "there" ? this.#there = Math.max(this.#there, at) : this.#back = Math.max(this.#back, at);
    this.#runtime.after(due - now, () => {
      // What is on its way when the connection is cut is lost.
      if (connection !== this.#connection || this.#isStopped) return;
      if (way === "there") happens();
      else this.#arrive(happens);
    });
  }

  #arrive(happens: () => void): void {
    if (this.#held === undefined) happens();
    else this.#held.push(happens);
  }
}
