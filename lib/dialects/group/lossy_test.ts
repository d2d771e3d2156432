import { assert, assertEquals } from "@std/assert";
import type { Endpoint } from "../../core/link.ts";
import type { Outcome } from "../../core/outcome.ts";
import { Hub } from "../../hub/hub.ts";
import { Chance } from "../../simulation/chance.ts";
import { CALM_DATAGRAMS, type DatagramConditions } from "../../simulation/conditions.ts";
import { DatagramNetwork, type Passage } from "../../simulation/datagrams.ts";
import { VirtualTime } from "../../simulation/virtual_time.ts";
import { Clock } from "../../transport/clock.ts";
import { randomNumbers } from "../../transport/random_numbers.ts";
import type { ClientEvents, ClientOutcome, DatagramGuard, InputResult } from "../dialect.ts";
import { GroupClient } from "./client.ts";
import { decodeAnswer, decodeRequest, decodeTable, type Row } from "./messages.ts";
import { GroupServer } from "./server.ts";
import { WARY } from "./testing/server_world.ts";

const ROUGH: DatagramConditions = { loss: 0.2, duplication: 0.1, delay: [0, 100] };
const SERVER: Endpoint = { hostname: "192.0.2.9", port: 4000 };
const NAMES = ["aysha", "sana", "sarah", "haider"] as const;
const GROUPS = ["skii", "golf"] as const;

/** One life of a client, from registering to the end of its session, and what its user did and saw. */
class Life implements ClientEvents {
  readonly client: GroupClient;
  /** What was entered and has an outcome to come, by number. */
  readonly entered = new Map<number, string>();
  /** What was entered and confirmed. */
  readonly confirmed: string[] = [];
  /** The messages that were shown. */
  readonly shown: string[] = [];
  isReady = false;
  isClosed = false;

  constructor(readonly world: World, readonly name: string, readonly endpoint: Endpoint) {
    const port = world.network.open(endpoint);
    this.client = new GroupClient(name, this, { port, server: SERVER, deadlines: world.deadlines });
    this.client.start();
    port.start(this.client);
  }

  get group(): string | undefined {
    return /\((\w+)\)/.exec(this.client.prompt ?? "")?.[1];
  }

  enter(line: string): InputResult["kind"] {
    const entered = this.client.enter(line);
    if (entered.kind === "sent" || entered.kind === "asked") this.entered.set(entered.id, line);
    return entered.kind;
  }

  ready(): void {
    this.isReady = true;
  }

  refused(): void {
    // Somebody has found this name silent, and it has come back from elsewhere before the server knew.
    this.client.leave(true);
    this.isClosed = true;
  }

  message(_from: string, _audience: string, body: Uint8Array): void {
    this.shown.push(new TextDecoder().decode(body));
  }

  notice(): void {}

  settled(id: number, outcome: ClientOutcome): void {
    if (outcome.kind === "delivered") this.confirmed.push(this.entered.get(id)!);
    this.entered.delete(id);
  }

  closed(): void {
    this.isClosed = true;
  }
}

/** A server, a network, clients that come back when they are lost, and somebody of another dialect. */
class World {
  readonly time = new VirtualTime(1);
  readonly deadlines = new Clock(this.time).deadlines;
  readonly hub = new Hub({ ackTimeout: 5000, deadlines: this.deadlines, wallClock: () => 0 });
  readonly network: DatagramNetwork;
  readonly random: () => number;
  readonly lives: Life[] = [];
  readonly current = new Map<string, Life>();
  /** Texts of direct and group messages, by the endpoint at which they have arrived. */
  readonly arrived = new Map<string, Set<string>>();
  readonly tables = new Map<string, ReadonlyMap<string, Row>>();
  /** When the copies of each request to pass something on to a group arrived at the server, by its text. */
  readonly requested = new Map<string, number[]>();
  /** What the member of another dialect was told of its messages, by text. */
  readonly outcomes = new Map<string, Outcome>();
  /** What that member has got. */
  readonly taken: string[] = [];
  #texts = 0;

  constructor(seed: number, guard?: DatagramGuard) {
    this.random = randomNumbers(seed);
    this.network = new DatagramNetwork(this.time, new Chance(seed + 1_000_000), ROUGH);
    const port = this.network.open(SERVER);
    const context = { hub: this.hub, deadlines: this.deadlines, maxMessage: 65_536, log: () => {} };
    port.start(new GroupServer(context, port, guard));
    this.network.watch((passage, fate) => fate === "arrived" && this.#note(passage));
    const other = this.hub.claim("bob", { dialect: "relay", remote: SERVER })!;
    other.enter({
      deliver: (delivery) => {
        const text = new TextDecoder().decode(delivery.body);
        // Some take their time, and some of them too much.
        const settle = () => {
          this.taken.push(text);
          delivery.settle({ kind: "delivered" });
        };
        this.deadlines.set(this.random() < 0.5 ? 0 : 1000 * this.random(), { expired: settle });
      },
    });
    this.say = (to, text) => {
      const report = { settled: (outcome: Outcome) => void this.outcomes.set(text, outcome) };
      const body = new TextEncoder().encode(text);
      if (to === undefined) other.broadcast(body, report);
      else other.send(to, body, report);
    };
    for (const name of NAMES) this.revive(name);
  }

  /** Has the member of another dialect say something to somebody, or to everybody. */
  readonly say: (to: string | undefined, text: string) => void;

  text(): string {
    return `text${++this.#texts}`;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }

  revive(name: string): void {
    const endpoint = {
      hostname: `192.0.2.${1 + NAMES.indexOf(name as typeof NAMES[number])}`,
      port: 2000 + this.lives.length,
    };
    const life = new Life(this, name, endpoint);
    this.lives.push(life);
    this.current.set(name, life);
  }

  pass(ms: number): void {
    this.time.advance(ms);
  }

  /** Somebody does something, or has just been lost and comes back. */
  step(): void {
    const life = this.current.get(this.pick(NAMES))!;
    if (life.isClosed) return this.revive(life.name);
    const others = [...NAMES.filter((name) => name !== life.name), "bob"];
    const inGroup = ["send_group", "send_group", "leave_group", "list_members"];
    const outside = ["send", "send", "join_group", "join_group", "create_group", "list_groups"];
    switch (this.pick(["bob", "bob to all", ...(life.group === undefined ? outside : inGroup)])) {
      case "bob":
        this.say(life.name, this.text());
        return this.say(life.name, this.text());
      case "bob to all":
        return this.say(undefined, this.text());
      case "send": {
        const to = this.pick(others);
        life.enter(`send ${to} ${this.text()}`);
        return void life.enter(`send ${to} ${this.text()}`);
      }
      case "send_group":
        // As soon as the first is acknowledged, which may happen twice.
        life.enter(`send_group ${this.text()}`);
        this.pass(100);
        return void life.enter(`send_group ${this.text()}`);
      case "join_group":
        return void life.enter(`join_group ${this.pick(GROUPS)}`);
      case "create_group":
        return void life.enter(`create_group ${this.pick(GROUPS)}`);
      case "leave_group":
        return void life.enter("leave_group");
      case "list_members":
        return void life.enter("list_members");
      case "list_groups":
        return void life.enter("list_groups");
    }
  }

  #note({ to, from, bytes }: Passage): void {
    const message = to.port === SERVER.port ? decodeRequest(bytes) : decodeAnswer(bytes);
    if (typeof message === "string") return;
    if (message.verb === "update" && from.port === SERVER.port) {
      this.tables.set(`${to.port}`, decodeTable(message.payload)!);
    }
    if (message.verb !== "send" && message.verb !== "send_group") return;
    const text = /text\d+/.exec(message.message)?.[0];
    if (text === undefined) return;
    if (to.port === SERVER.port) {
      this.requested.set(text, [...this.requested.get(text) ?? [], this.deadlines.now]);
    }
    const texts = this.arrived.get(`${to.port}`) ?? new Set();
    this.arrived.set(`${to.port}`, texts.add(text));
  }

  hasArrived(text: string, at: (port: string) => boolean): boolean {
    return [...this.arrived].some(([port, texts]) => at(port) && texts.has(text));
  }
}

/** What must hold at any time. */
function checkTruth({ lives, outcomes, taken, requested }: World, hasArrived: World["hasArrived"]): void {
  // Where the second of three copies was lost, the third is so late that it counts as new.
  const isRepeatedLate = (text: string) => {
    const times = requested.get(text) ?? [];
    return times.some((time, i) => i > 0 && time - times[i - 1]! > 700);
  };
  const portsOf = (name: string) =>
    new Set(lives.filter((life) => life.name === name).map(({ endpoint }) => `${endpoint.port}`));
  for (const life of lives) {
    for (const line of life.confirmed) {
      const [, command = "", to = ""] = /^(\w+) ?(\w*)/.exec(line)!;
      const text = /text\d+/.exec(line)?.[0];
      if (text === undefined) continue;
      if (command === "send_group") {
        assert(hasArrived(text, (port) => port === "4000"), `confirmed, not received: ${line}`);
      } else if (to === "bob") assert(taken.includes(text), `confirmed, not delivered: ${line}`);
      else assert(hasArrived(text, (port) => portsOf(to).has(port)), `confirmed, not delivered: ${line}`);
    }
    const once = life.shown.filter((text) => !isRepeatedLate(text));
    assertEquals(once.length, new Set(once).size, `${life.name} was shown something twice`);
  }
  assertEquals(taken.length, new Set(taken).size, "bob got something twice");
  for (const [text, outcome] of outcomes) {
    if (outcome.kind === "delivered") {
      assert(hasArrived(text, (port) => port !== "4000"), `confirmed, not delivered: ${text}`);
    }
  }
}

/** One run: a rough half-minute of everybody doing something, then calm, and then everybody must agree. */
function run(seed: number, guard?: DatagramGuard): { readonly lives: number; readonly confirmed: number } {
  const world = new World(seed, guard);
  for (let i = 0; i < 50; i++) {
    world.step();
    world.pass(10 * Math.floor(world.random() * 25));
  }
  world.network.conditions = CALM_DATAGRAMS;
  world.pass(4000);
  // A name may still be held for a life that has ended without a word: a message to it finds that out.
  for (const name of NAMES) world.say(name, world.text());
  world.pass(1000);
  // Whoever was found silent and has not heard of it learns so by asking, and comes back.
  for (const { client, group } of world.current.values()) {
    client.enter(group === undefined ? "list_groups" : "list_members");
  }
  world.pass(2000);
  for (const name of NAMES) if (world.current.get(name)!.isClosed) world.revive(name);
  world.pass(4000);
  checkTruth(world, (text, at) => world.hasArrived(text, at));
  // One more change, of which all hear.
  world.hub.claim("late", { dialect: "relay", remote: SERVER })!.enter({ deliver: () => {} });
  world.pass(1000);
  const lives = [...world.current.values()];
  const [table] = lives.map((life) => world.tables.get(`${life.endpoint.port}`)!);
  for (const life of lives) {
    assert(life.isReady && !life.isClosed && !life.client.isWaiting, `${life.name} is stuck`);
    assertEquals([...life.entered.values()], [], `${life.name} waits for ever`);
    assertEquals(world.tables.get(`${life.endpoint.port}`), table, "not all have the same table");
    const row = table!.get(life.name)!;
    assertEquals([row.isOnline, row.port], [true, life.endpoint.port], `${life.name} is elsewhere`);
    assertEquals(row.mode, life.group ?? "normal", `${life.name} believes to be in ${life.group}`);
  }
  const confirmed = world.lives.reduce((sum, life) => sum + life.confirmed.length, 0) + world.outcomes.size;
  return { lives: world.lives.length, confirmed };
}

Deno.test("what is said twice is shown twice, to a group and to one alone", () => {
  for (const conditions of [CALM_DATAGRAMS, { loss: 0, duplication: 1, delay: [0, 100] as const }]) {
    const world = new World(1);
    world.network.conditions = conditions;
    world.pass(3000);
    const [aysha, sana] = [world.current.get("aysha")!, world.current.get("sana")!];
    for (let i = 0; i < 3; i++) aysha.enter("send sana hi");
    world.pass(3000);
    assertEquals(sana.shown.splice(0), ["hi", "hi", "hi"]);
    aysha.enter("create_group skii");
    world.pass(1000);
    for (const life of [aysha, sana]) life.enter("join_group skii");
    world.pass(1000);
    for (let i = 0; i < 3; i++) {
      aysha.enter("send_group ok");
      world.pass(600);
    }
    world.pass(1000);
    assertEquals(sana.shown, ["ok", "ok", "ok"]);
  }
});

Deno.test("a thousand runs over a network that loses, duplicates and reorders end in agreement, and none confirms falsely", () => {
  let [lives, confirmed] = [0, 0];
  for (let seed = 1; seed <= 1000; seed++) {
    try {
      // In every other run clients have to prove their addresses, and get little before.
      const result = run(seed, seed % 2 === 0 ? undefined : { ...WARY, trusts: () => false, unprovenBudget: 4 * 1024 });
      lives += result.lives;
      confirmed += result.confirmed;
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
  }
  // Otherwise the runs would show nothing.
  assert(lives > 3000 && confirmed > 10_000, `${lives} lives, ${confirmed} outcomes`);
});
