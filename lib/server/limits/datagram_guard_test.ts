import { assertEquals } from "@std/assert";
import type { DatagramPort } from "../../core/datagrams.ts";
import { GroupServer } from "../../dialects/group/server.ts";
import { Hub } from "../../hub/hub.ts";
import { Chance } from "../../simulation/chance.ts";
import { DatagramNetwork } from "../../simulation/datagrams.ts";
import { VirtualTime } from "../../simulation/virtual_time.ts";
import { Clock } from "../../transport/clock.ts";
import { Admission, type AdmissionOptions } from "./admission.ts";
import { BroadcastRate } from "./broadcast_limiter.ts";
import { CloseCounters } from "../status/close_counters.ts";
import type { Limits } from "./guard.ts";
import { type AddressTrust, ServerDatagramGuard } from "./datagram_guard.ts";
import { LogThrottle } from "../log/log_throttle.ts";

/** How long a request and its answer take, in milliseconds: a step of the clock each. */
const THERE_AND_BACK = 30;
const SERVER = { hostname: "192.0.2.9", port: 4000 };

/** A client: a port in memory, and what came to it but for tables, in short. */
interface Client {
  readonly port: DatagramPort;
  ask(text: string): void;
  take(): string[];
}

/** A group server under limits, on a network in memory. */
function startServer(
  options: Partial<AdmissionOptions & Limits & AddressTrust & { readonly broadcastRate: number }> = {},
) {
  const time = new VirtualTime(1);
  const { deadlines } = new Clock(time);
  const network = new DatagramNetwork(time, new Chance(1));
  const log: string[] = [];
  const closeCounters = new CloseCounters();
  const hub = new Hub({ ackTimeout: 5000, deadlines, wallClock: () => 0 });
  const limits = { registrationTimeout: 20_000, messageTimeout: 30_000, idleTimeout: undefined, rate: 10, ...options };
  const admission = new Admission({
    maxConnections: 100,
    maxPerAddress: 100,
    connectRate: 100,
    limitLoopback: false,
    allow: [],
    deny: [],
    ...options,
  });
  const lodging = new ServerDatagramGuard("group", {
    admission,
    limits,
    broadcasts: new BroadcastRate(options.broadcastRate ?? 20_000, deadlines),
    deadlines,
    closeCounters,
    mentions: new LogThrottle(),
    warnings: new LogThrottle(),
    log: (level, text, about) => log.push(`${level} ${text}: ${about?.["why"]}`),
  }, { trusts: () => true, unprovenBudget: 16 * 1024, ...options });
  const context = { hub, deadlines, maxMessage: 65_536, log: () => {} };
  const port = network.open(SERVER);
  const server = new GroupServer(context, port, lodging);
  port.start(server);
  const pass = (ms: number) => time.advance(ms);
  const client = (hostname: string, portNumber = 3000): Client => {
    const port = network.open({ hostname, port: portNumber });
    const came: string[] = [];
    port.start({
      receive: (bytes) => {
        const [, verb, , text] = new TextDecoder().decode(bytes).split("\n");
        if (verb !== "update") came.push(`${verb} ${text}`);
      },
      closed: () => {},
    });
    return {
      port,
      ask: (text) => port.send(new TextEncoder().encode(text.replaceAll("|", "\n")), SERVER),
      take: () => {
        pass(THERE_AND_BACK);
        return came.splice(0);
      },
    };
  };
  const register = (name: string, hostname: string, portNumber = 3000) => {
    const one = client(hostname, portNumber);
    one.ask(`header:|register|username:|${name}|ip:|x|port:|${portNumber}`);
    pass(THERE_AND_BACK);
    return one;
  };
  return { deadlines, hub, admission, server, closeCounters, log, pass, client, register };
}

const WELCOME = "ack [Welcome, You are registered.]";
const BYE = "dereg [You are Offline. Bye.]";

Deno.test("a client that registers counts as a connection until it is gone, and a refusal says why", () => {
  const { register, closeCounters, log } = startServer({ maxPerAddress: 2, maxConnections: 3 });
  const sana = register("sana", "192.0.2.1", 3000);
  register("aysha", "192.0.2.1", 3001);
  const third = register("sarah", "192.0.2.1", 3002);
  assertEquals(third.take(), ["nack [Cannot register: too many connections from this address.]"]);
  assertEquals(register("haider", "192.0.2.2").take(), [WELCOME]);
  assertEquals(register("late", "192.0.2.3").take(), ["nack [Cannot register: the server is full.]"]);
  sana.ask("header:|dereg|port:|3000");
  assertEquals(sana.take(), [WELCOME, BYE]);
  third.ask("header:|register|username:|sarah|ip:|x|port:|3002");
  assertEquals(third.take(), [WELCOME]);
  assertEquals(closeCounters.lines(), ["group  closed 3 = too-many 1 + full 1 + left 1"]);
  assertEquals(log, [
    "info a registration was refused: too many connections from this address",
    "info a registration was refused: the server is full",
    "debug a connection was closed: the peer left",
  ]);
});

Deno.test("registering too fast is refused, with names that are taken as well", () => {
  const { register, closeCounters } = startServer({ connectRate: 2 });
  register("sana", "192.0.2.1", 3000);
  assertEquals(register("sana", "192.0.2.1", 3001).take(), ["ack [Cannot register with a name already used.]"]);
  assertEquals(register("aysha", "192.0.2.1", 3002).take(), [
    "nack [Cannot register: too many new connections from this address, try again later.]",
  ]);
  assertEquals(closeCounters.lines(), ["group  closed 2 = refused 1 + too-fast 1"]);
});

Deno.test("asking again for the same registration, or starting anew at the same place, takes no second place", () => {
  const { register, closeCounters, pass } = startServer({ maxPerAddress: 1 });
  const sana = register("sana", "192.0.2.1");
  const again = () => sana.ask("header:|register|username:|sana|ip:|x|port:|3000");
  again();
  pass(5_000);
  again();
  assertEquals(sana.take(), [WELCOME, WELCOME, WELCOME]);
  assertEquals(closeCounters.lines(), []);
});

Deno.test("what comes faster than the rate is dropped, and taken again later; who goes on is taken out", () => {
  const { register, pass, hub, closeCounters, log } = startServer({ rate: 10 });
  const sana = register("sana", "192.0.2.1");
  sana.take();
  let asked = 0;
  const ask = () => sana.ask(`header:|join_group|port:|3000|group_name:|g${asked++}|current_user:|sana`);
  for (let i = 0; i < 15; i++) ask();
  assertEquals(sana.take().length, 10);
  pass(500);
  ask();
  assertEquals(sana.take().length, 1);
  assertEquals([hub.find("sana")?.name, log], ["sana", [
    "info datagrams were dropped: too many messages in too short a time",
  ]]);
  for (let i = 0; i < 120 && hub.find("sana") !== undefined; i++) {
    for (let n = 0; n < 5; n++) ask();
    pass(100);
  }
  assertEquals([hub.find("sana"), sana.take().includes(BYE)], [undefined, true]);
  assertEquals(closeCounters.lines(), ["group  closed 1 = flood 1"]);
  assertEquals(log.at(-1), "warning a connection was closed: too many messages in too short a time");
});

Deno.test("what is passed on to a group is charged by its members: what comes before that is made up for is dropped", () => {
  const { register, pass } = startServer({ rate: 100, broadcastRate: 10 });
  const [sana, ...others] = ["sana", "aysha", "haider"].map((name, i) => register(name, "192.0.2.1", 3000 + i));
  sana!.ask("header:|create_group|port:|3000|group_name:|g|current_user:|sana");
  for (const [i, name] of ["sana", "aysha", "haider"].entries()) {
    [sana!, ...others][i]!.ask(`header:|join_group|port:|${3000 + i}|group_name:|g|current_user:|${name}`);
  }
  pass(3_000);
  for (const one of [sana!, ...others]) one.take();
  const say = (text: string) => {
    sana!.ask(`header:|send_group|sender:|sana|port:|3000|message:|${text}|server_ip|x|server_port|1|group_name|g`);
    return sana!.take();
  };
  assertEquals(say("one"), ["ack [Message received by Server.]"]);
  assertEquals(say("two"), []);
  pass(300);
  assertEquals(say("three"), ["ack [Message received by Server.]"]);
});

Deno.test("acknowledgements are no messages: what the server itself asks for is never too fast", () => {
  const { register, hub, closeCounters } = startServer({ rate: 1 });
  register("sana", "192.0.2.1");
  const aysha = register("aysha", "127.0.0.1", 3001);
  const sender = hub.claim("alice", { dialect: "relay", remote: SERVER })!;
  const outcomes: string[] = [];
  for (let i = 0; i < 5; i++) {
    sender.send("aysha", new TextEncoder().encode(`hi ${i}`), { settled: ({ kind }) => outcomes.push(kind) });
    aysha.take();
    aysha.ask("Header:|ack|Message:|[Message received by aysha.]|Port:|3001");
    aysha.take();
  }
  assertEquals([outcomes, closeCounters.lines()], [Array(5).fill("delivered"), []]);
});

Deno.test("a client that says nothing for too long is taken out, if that is asked for", () => {
  const { register, pass, hub, closeCounters } = startServer({ idleTimeout: 60_000 });
  const sana = register("sana", "192.0.2.1");
  pass(50_000);
  sana.ask("Header:|ack|Message:|whatever|Port:|3000");
  pass(50_000);
  assertEquals(hub.find("sana")?.name, "sana");
  pass(20_000);
  assertEquals([hub.find("sana"), sana.take().at(-1)], [undefined, BYE]);
  assertEquals(closeCounters.lines(), ["group  closed 1 = idle 1"]);
});

Deno.test("who does not answer is gone, and a server that stops leaves no deadline of its limits behind", () => {
  const { register, pass, hub, server, closeCounters, deadlines } = startServer({ idleTimeout: 60_000 });
  register("sana", "192.0.2.1");
  register("aysha", "192.0.2.2");
  const sender = hub.claim("alice", { dialect: "relay", remote: SERVER })!;
  sender.send("sana", new TextEncoder().encode("hi"), { settled: () => {} });
  pass(600);
  assertEquals(closeCounters.lines(), ["group  closed 1 = unresponsive 1"]);
  server.close();
  pass(1_000);
  assertEquals(closeCounters.lines(), ["group  closed 2 = unresponsive 1 + shutdown 1"]);
  assertEquals(deadlines.pending, 0);
});

Deno.test("those who are not registered are not answered without end", () => {
  const { client } = startServer();
  const stranger = client("192.0.2.1");
  for (let i = 0; i < 3_000; i++) stranger.ask("header:|list_groups|port:|3000|current_user:|sana");
  assertEquals(stranger.take(), Array(1_000).fill("nack [You are not registered.]"));
});

Deno.test("a client that has acknowledged nothing makes way for a connection, and for others at its address", () => {
  const trusts = (hostname: string) => hostname === "192.0.2.7";
  const { admission, register, closeCounters } = startServer({ maxConnections: 4, maxPerAddress: 2, trusts });
  const near = register("near", "192.0.2.7");
  const first = register("first", "192.0.2.1", 3000);
  const second = register("second", "192.0.2.2", 3000);
  const third = register("third", "192.0.2.1", 3001);
  assertEquals([near, first, second, third].map((one) => one.take()), [[WELCOME], [WELCOME], [WELCOME], [WELCOME]]);
  const fourth = register("fourth", "192.0.2.1", 3002);
  assertEquals([fourth, first, second, third].map((one) => one.take()), [[WELCOME], [BYE], [], []]);
  for (const [i, one] of [second, third, fourth].entries()) {
    assertEquals(admission.enter(`198.51.100.${i}`, 0), undefined, "a connection by another door");
    assertEquals(one.take(), [BYE]);
  }
  assertEquals(admission.enter("198.51.100.9", 0), "full", "who is where they say keeps their place");
  assertEquals([near.take(), closeCounters.lines()], [[], ["group  closed 4 = unproven 4"]]);
});

Deno.test("those who may not be where they say are not answered beyond their budget, registered or not", () => {
  const { client, pass } = startServer({ trusts: () => false, rate: 10_000 });
  const stranger = client("192.0.2.1");
  let bytes = 0;
  for (let i = 0; i < 100; i++) {
    for (let n = 0; n < 100; n++) stranger.ask("header:|list_groups|port:|3000|current_user:|sana");
    bytes += stranger.take().reduce((sum, text) => sum + text.length + 17, 0);
    pass(70);
  }
  const most = 10 * 16 * 1024 + 2 * 1024 + 100;
  assertEquals([bytes > 0.8 * most, bytes <= most], [true, true], `${bytes} of ${most}`);
});
