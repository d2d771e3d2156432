import { assert, assertEquals } from "@std/assert";
import { DELIVERED, GONE, refused, TIMED_OUT, UNKNOWN } from "../core/outcome.ts";
import { VirtualTime } from "../simulation/virtual_time.ts";
import { STORE_KEY } from "./records.ts";
import { CLAIM_TTL, ClusterUser, SimulatedCluster, type SimulatedNode } from "./testing/simulated_cluster.ts";

/** Runs so many nodes, in virtual time, and stops them. */
function clustered(
  count: number,
  test: (nodes: readonly SimulatedNode[], cluster: SimulatedCluster) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const time = new VirtualTime(1);
    await time.run(async () => {
      const cluster = new SimulatedCluster(time);
      await test(await cluster.start(count), cluster);
      await cluster.stop();
      assertEquals(
        cluster.bus.records.map(({ key }) => key).filter((key) => key !== STORE_KEY),
        [],
        "something was not given back",
      );
    });
  };
}

async function come(node: SimulatedNode, name: string): Promise<ClusterUser> {
  const user = await node.come(name);
  assert(user instanceof ClusterUser, `${name}: ${user}`);
  return user;
}

Deno.test(
  "a name that is given on one node is nobody else's on any other, until it is given up",
  clustered(2, async ([a, b], cluster) => {
    const alice = await come(a!, "alice");
    assertEquals(await b!.come("alice"), "taken");
    alice.presence.leave();
    await cluster.pass(100);
    await come(b!, "alice");
  }),
);

Deno.test(
  "a name is free on a node that has not been told yet that its holder has left another one",
  clustered(2, async ([a, b], cluster) => {
    const alice = await come(a!, "alice");
    await cluster.pass(100);
    alice.presence.leave();
    // So long it takes until it is written.
    await cluster.pass(21);
    assertEquals(b!.names, ["alice"]);
    await come(b!, "alice");
  }),
);

Deno.test(
  "of all who claim a name at the same moment, on any node, one gets it",
  clustered(5, async (nodes) => {
    const claims = await Promise.all(nodes.map((node) => node.come("alice")));
    assertEquals(claims.filter((claim) => claim instanceof ClusterUser).length, 1);
    assertEquals(claims.filter((claim) => claim === "taken").length, 4);
  }),
);

Deno.test(
  "everybody is shown on every node, with an ID of their own, and is gone there when they have left",
  clustered(3, async ([a, b, c], cluster) => {
    const users = [await come(a!, "alice"), await come(b!, "bob"), await come(c!, "carol")];
    await cluster.pass(100);
    for (const { names } of cluster.nodes) assertEquals(names, ["alice", "bob", "carol"]);
    assertEquals(new Set(users.map(({ presence }) => presence.id)).size, 3);
    for (const { hub } of cluster.nodes) {
      for (const { name, presence } of users) assertEquals(hub.find(presence.id!)?.name, name);
    }
    users[0]!.presence.leave();
    await cluster.pass(100);
    for (const { names } of cluster.nodes) assertEquals(names, ["bob", "carol"]);
  }),
);

Deno.test(
  "a message to another node is confirmed when its recipient has it, refused as the recipient does, and times out",
  clustered(2, async ([a, b], cluster) => {
    const [alice, bob] = [await come(a!, "alice"), await come(b!, "bob")];
    await cluster.pass(100);
    assertEquals(await alice.send("bob", "hi"), DELIVERED);
    assertEquals(await alice.send(bob.presence.id!, "by number"), DELIVERED);
    assertEquals(bob.received, [{ from: "alice", text: "hi" }, { from: "alice", text: "by number" }]);
    assertEquals(await alice.send("nobody", "hi"), UNKNOWN);
    bob.isSilent = true;
    assertEquals(await alice.send("bob", "hi"), TIMED_OUT);
    bob.presence.leave();
    const outcome = await alice.send("bob", "too late");
    assert([GONE, UNKNOWN].includes(outcome), outcome.kind);
  }),
);

Deno.test(
  "what one sends to one on another node arrives in order",
  clustered(2, async ([a, b], cluster) => {
    const [alice, bob] = [await come(a!, "alice"), await come(b!, "bob")];
    await cluster.pass(100);
    const texts = Array.from({ length: 200 }, (_, i) => `${i}`);
    const outcomes = await Promise.all(texts.map((text) => alice.send("bob", text)));
    assert(outcomes.every((outcome) => outcome === DELIVERED));
    assertEquals(bob.received.map(({ text }) => text), texts);
  }),
);

Deno.test(
  "what one says behind a message to somebody who has just come arrives behind it, also if it is for all",
  clustered(2, async ([a, b], cluster) => {
    const alice = await come(a!, "alice");
    await cluster.pass(100);
    const bob = await come(b!, "bob");
    const outcomes = [alice.send("bob", "1"), alice.send(undefined, "2"), alice.send("bob", "3")];
    assertEquals(a!.names, ["alice"], "this node is told of bob later");
    assertEquals(await Promise.all(outcomes), [DELIVERED, DELIVERED, DELIVERED]);
    assertEquals(bob.received.map(({ text }) => text), ["1", "2", "3"]);
  }),
);

Deno.test(
  "a broadcast reaches everybody on every node, once, and is confirmed when all have it",
  clustered(3, async ([a, b, c], cluster) => {
    const alice = await come(a!, "alice");
    assertEquals(await alice.send(undefined, "alone"), UNKNOWN);
    const others = [await come(a!, "amy"), await come(b!, "bob"), await come(b!, "bea"), await come(c!, "carol")];
    await cluster.pass(100);
    assertEquals(await alice.send(undefined, "hi all"), DELIVERED);
    for (const { received } of others) assertEquals(received, [{ from: "alice", text: "hi all" }]);
    assertEquals(alice.received, []);
    others[3]!.isSilent = true;
    assertEquals(await alice.send(undefined, "again"), TIMED_OUT);
  }),
);

Deno.test(
  "a node that dies: its users leave and its names are free after the time of a lease, not before",
  clustered(3, async ([a, b, c], cluster) => {
    await come(a!, "alice");
    await come(b!, "bob");
    await cluster.pass(CLAIM_TTL);
    a!.kill();
    await cluster.pass(CLAIM_TTL / 2);
    assertEquals(await b!.come("alice"), "taken");
    await cluster.pass(CLAIM_TTL / 2 + 500);
    for (const { names } of [b!, c!]) assertEquals(names, ["bob"]);
    await come(c!, "alice");
  }),
);

Deno.test(
  "a node that is cut off goes on for its own, refuses what it cannot reach, takes no new names, and is back afterwards",
  clustered(2, async ([a, b], cluster) => {
    const [alice, amy, bob] = [await come(a!, "alice"), await come(a!, "amy"), await come(b!, "bob")];
    await cluster.pass(100);
    a!.engine.cut();
    assertEquals(await alice.send("amy", "here"), DELIVERED);
    assertEquals(await alice.send("bob", "there"), refused("undeliverable"));
    assertEquals(await a!.come("new"), "unavailable");
    assertEquals(bob.received, []);
    assert(amy.isThere);
    await cluster.pass(CLAIM_TTL / 4);
    a!.engine.heal();
    await cluster.pass(CLAIM_TTL / 4 + 500);
    assertEquals(await alice.send("bob", "again"), DELIVERED);
    await come(a!, "new");
    assert(alice.isThere && amy.isThere && bob.isThere);
  }),
);

Deno.test(
  "a node that was cut off for longer than a lease finds out which names it has lost, and keeps the others",
  clustered(2, async ([a, b], cluster) => {
    const [alice, amy] = [await come(a!, "alice"), await come(a!, "amy")];
    await cluster.pass(100);
    a!.engine.cut();
    await cluster.pass(CLAIM_TTL + 1_000);
    assertEquals(b!.names, []);
    const other = await come(b!, "alice");
    assert(alice.isThere, "it goes on for those it has");
    a!.engine.heal();
    await cluster.pass(CLAIM_TTL / 2);
    assertEquals([alice.fault, amy.isThere, other.isThere], ["lost", true, true]);
    for (const { names } of cluster.nodes) assertEquals(names, ["alice", "amy"]);
    assertEquals(await amy.send("alice", "which"), DELIVERED);
    assertEquals(other.received.length, 1);
  }),
);

Deno.test(
  "a node that was stopped for longer than a lease passes nothing on for names it may have lost, and finds out which",
  clustered(2, async ([a, b], cluster) => {
    const alice = await come(a!, "alice");
    const bob = await come(b!, "bob");
    await cluster.pass(100);
    a!.pause();
    const late = bob.send("alice", "are you there?");
    await cluster.pass(CLAIM_TTL + 1_000);
    assertEquals(await late, TIMED_OUT);
    const other = await come(b!, "alice");
    a!.goOn();
    await cluster.pass(CLAIM_TTL / 2);
    assertEquals([alice.fault, alice.received, other.isThere], ["lost", [], true]);
  }),
);

Deno.test(
  "a store that is lost is filled again by those who hold names, and nobody loses one",
  clustered(3, async ([a, b, c], cluster) => {
    const users = [await come(a!, "alice"), await come(b!, "bob"), await come(c!, "carol")];
    await cluster.pass(100);
    cluster.bus.stop();
    await cluster.pass(1_000);
    cluster.bus.restart(false);
    await cluster.pass(CLAIM_TTL);
    assert(users.every(({ isThere }) => isThere), users.map(({ fault }) => fault).join());
    for (const node of cluster.nodes) {
      assertEquals(node.names, ["alice", "bob", "carol"]);
      assertEquals(await node.come("alice"), "taken");
    }
    assertEquals(await users[0]!.send("carol", "still there"), DELIVERED);
  }),
);

Deno.test(
  "an ID is one member's on all nodes, goes to the next when they leave, and all there are can be on one node",
  clustered(2, async ([a, b], cluster) => {
    const bob = await come(b!, "bob");
    const ids = new Set<number>();
    for (let i = 0; i < 253; i++) {
      const { presence } = await come(a!, `a${i}`);
      await cluster.pass(50);
      ids.add(presence.id!);
    }
    await cluster.pass(100);
    assertEquals([ids.size, ids.has(bob.presence.id!)], [253, false]);
    assertEquals((await come(a!, "late")).presence.id, undefined);
    const { id } = bob.presence;
    bob.presence.leave();
    await cluster.pass(100);
    const next = await come(a!, "next");
    await cluster.pass(100);
    assertEquals(next.presence.id, id);
  }),
);
