import { assert, assertEquals } from "@std/assert";
import { VirtualTime } from "../simulation/virtual_time.ts";
import { clusterReadings } from "./counts.ts";
import { ClusterUser, SimulatedCluster } from "./testing/simulated_cluster.ts";

Deno.test("a node counts what it holds and waits for, what it asks and is asked, and how often it was cut off", async () => {
  const time = new VirtualTime(1);
  await time.run(async () => {
    const cluster = new SimulatedCluster(time);
    const [a, b] = await cluster.start(2);
    const claim = a!.come("alice");
    assertEquals(a!.cluster.status.counts.claims.names, { held: 0, waiting: 1 });
    const alice = await claim;
    const bob = await b!.come("bob");
    assert(alice instanceof ClusterUser && bob instanceof ClusterUser);
    await cluster.pass(100);
    const { claims, nodes, nodesSeen } = a!.cluster.status.counts;
    assertEquals(claims, {
      names: { held: 1, waiting: 0 },
      ids: { held: 1, waiting: 0 },
      groups: { held: 0, waiting: 0 },
    });
    assertEquals([nodes, nodesSeen], [2, 1]);

    await alice.send("bob", "hello");
    bob.isSilent = true;
    await alice.send("bob", "anybody?");
    const late = a!.cluster.status.counts.requests;
    assertEquals([late.asked, late.answered, late.timedOut], [2, 1, 0], "the other node may still answer");
    await cluster.pass(5_000);
    b!.kill();
    await alice.send("bob", "hello?");
    a!.engine.cut();
    await cluster.pass(50);
    await alice.send("bob", "hello??");
    a!.engine.heal();
    await cluster.pass(1_000);
    const { counts } = a!.cluster.status;
    const { asked, answered, timedOut, refused } = counts.requests;
    assertEquals({ asked, answered, timedOut, refused }, { asked: 4, answered: 2, timedOut: 1, refused: 1 });
    assertEquals([counts.served, b!.cluster.status.counts.served, counts.reconnects], [0, 2, 1]);
    assert(counts.bytes.sent > 0);
    await cluster.stop();
    assertEquals(a!.cluster.status.counts.claims.names, { held: 0, waiting: 0 });
  });
});

Deno.test("a monitor's readings have a name of ours, and balance", () => {
  const counts = {
    nodes: 2,
    nodesSeen: 3,
    claims: {
      names: { held: 5, waiting: 1 },
      ids: { held: 4, waiting: 0 },
      groups: { held: 0, waiting: 0 },
    },
    requests: { asked: 10, answered: 6, timedOut: 2, refused: 1 },
    served: 7,
    reconnects: 1,
    bytes: { sent: 100, received: 200 },
  };
  const readings = clusterReadings(counts, true);
  for (const { name, kind } of readings) {
    assert(/^chat_cluster_[a-z_]+$/.test(name), name);
    assertEquals(name.endsWith("_total"), kind === "counter", name);
  }
  const values = Object.fromEntries(
    readings.map((
      { name, labels, value },
    ) => [[name.slice("chat_cluster_".length), ...Object.values(labels)].join(" "), value]),
  );
  assertEquals(values, {
    "serving": 1,
    "nodes": 2,
    "nodes_seen_total": 3,
    "claims names held": 5,
    "claims names waiting": 1,
    "claims ids held": 4,
    "claims ids waiting": 0,
    "claims groups held": 0,
    "claims groups waiting": 0,
    "requests_total answered": 6,
    "requests_total timed_out": 2,
    "requests_total refused": 1,
    "requests_open": 1,
    "served_total": 7,
    "reconnects_total": 1,
    "bytes_total sent": 100,
    "bytes_total received": 200,
  });
});
