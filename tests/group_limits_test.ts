/**
 * group's clients under the server's limits, over real UDP.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { openUdp } from "../lib/transport/udp/udp.ts";
import { RelayPeer } from "./relay_peer.ts";
import { startServer, type TestServer } from "./server.ts";

/** A client that is no more than a port, and what has come to it. */
class Peer implements Disposable {
  readonly #running: TestServer;
  readonly #texts: string[] = [];
  #came = Promise.withResolvers<void>();
  readonly #port;

  constructor(running: TestServer, hostname = "127.0.0.1") {
    this.#running = running;
    this.#port = openUdp({ hostname, port: 0 });
    this.#port.start({
      receive: (bytes) => {
        this.#texts.push(new TextDecoder().decode(bytes).replaceAll("\n", "|"));
        this.#came.resolve();
        this.#came = Promise.withResolvers();
      },
      closed: () => {},
    });
  }

  ask(text: string): void {
    const named = text.replaceAll("PORT", String(this.#port.local.port)).replaceAll("|", "\n");
    this.#port.send(new TextEncoder().encode(named), this.#running.at("group"));
  }

  register(name: string): void {
    this.ask(`header:|register|username:|${name}|ip:|x|port:|PORT`);
  }

  /** Waits for a datagram with a text in it. */
  async hears(text: string): Promise<void> {
    const late = setTimeout(() => this.#came.reject(new Error(`only ${this.#texts.join()} came`)), 60_000);
    try {
      while (!this.#texts.some((datagram) => datagram.includes(text))) await this.#came.promise;
    } finally {
      clearTimeout(late);
    }
  }

  get texts(): readonly string[] {
    return this.#texts;
  }

  [Symbol.dispose](): void {
    this.#port.close("done");
  }
}

Deno.test("group clients have places at the server as connections do, get them back, and are in its reasons", async () => {
  await using running = await startServer(["group", "relay"], "--limit-loopback", "--max-per-address", "3");
  using sana = new Peer(running);
  using aysha = new Peer(running);
  using sarah = new Peer(running);
  sana.register("sana");
  await sana.hears("[Welcome");
  await using alice = await RelayPeer.register("alice", running.at("relay").port);
  // Until it has acknowledged something, a client makes way for others.
  await alice.send("sana", "hi");
  await sana.hears("hi");
  sana.ask("Header:|ack|Message:|[Message received by sana.]|Port:|PORT");
  assertEquals(await alice.answer(), "SENT sana\n\n");
  aysha.register("aysha");
  await aysha.hears("[Cannot register: too many connections from this address.]");
  sana.ask("header:|dereg|port:|PORT");
  await sana.hears("[You are Offline. Bye.]");
  sarah.register("sarah");
  await sarah.hears("[Welcome");
  await running.server.stop();
  await sarah.hears("[You are Offline. Bye.]");
  assertEquals(running.server.closeCounters.lines(), [
    "group  closed 3 = too-many 1 + left 1 + shutdown 1",
    "relay  closed 2 = shutdown 2",
  ]);
});

Deno.test({
  name: "datagrams of a denied address are dropped without an answer, and logged once a second",
  // Other systems have no second address without being asked.
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using running = await startServer(["group"], "--deny", "127.0.0.2");
    using denied = new Peer(running, "127.0.0.2");
    using allowed = new Peer(running);
    for (let i = 0; i < 100; i++) denied.register(`sana${i}`);
    allowed.register("aysha");
    await allowed.hears("[Welcome");
    // What is sent after it arrives after it.
    denied.register("sana");
    allowed.ask("header:|list_groups|port:|PORT|current_user:|aysha");
    await allowed.hears("[Available group chats:]");
    assertEquals([denied.texts, [...running.server.hub.members()].map(({ name }) => name)], [[], ["aysha"]]);
    const refusals = running.log.filter((line) => line.startsWith("info a datagram was refused"));
    assert(refusals.length >= 1 && refusals.length < 100, `${refusals.length} lines`);
  },
});

Deno.test("a flood of datagrams costs whoever sends it, and nobody else", async () => {
  await using running = await startServer(["group"], "--rate", "20");
  using flooder = new Peer(running);
  using other = new Peer(running);
  flooder.register("flooder");
  other.register("other");
  await flooder.hears("[Welcome");
  await other.hears("[Welcome");
  for (let i = 0; i < 500; i++) flooder.ask(`header:|create_group|port:|PORT|group_name:|g${i}|current_user:|flooder`);
  other.ask("header:|create_group|port:|PORT|group_name:|mine|current_user:|other");
  await other.hears("[Group mine created by Server.]");
  assert(flooder.texts.filter((text) => text.includes("created")).length < 250, "it was not slowed down");
  assertEquals(running.log.filter((line) => line.startsWith("info datagrams were dropped")).length, 1);
});
