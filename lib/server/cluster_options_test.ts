import { assert, assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { clusterChoice, type ClusterOptions, leaseTime, natsServers } from "./cluster_options.ts";

const NONE: ClusterOptions = {
  nats: undefined,
  natsCreds: undefined,
  natsCa: undefined,
  cluster: undefined,
  node: undefined,
  claimTtl: undefined,
  reusePort: false,
};

Deno.test("a server is alone unless --nats is given, and has the usual name and lease if nothing else is", () => {
  assertEquals(clusterChoice(NONE), undefined);
  assertEquals(clusterChoice({ ...NONE, nats: ["nats://n"] }), {
    servers: ["nats://n"],
    credsFile: undefined,
    caFile: undefined,
    name: "chat",
    node: undefined,
    claimTtl: 10_000,
  });
});

Deno.test("each option that goes with --nats is refused without it, also with its usual value", () => {
  const given = {
    natsCreds: "n.creds",
    natsCa: "ca.pem",
    cluster: "chat",
    node: "a",
    claimTtl: 10_000,
    reusePort: true,
  };
  const named = ["--nats-creds", "--nats-ca", "--cluster", "--node", "--claim-ttl", "--reuse-port"];
  Object.entries(given).forEach(([name, value], i) => {
    const error = assertThrows(() => clusterChoice({ ...NONE, [name]: value }), ChatError);
    assertEquals(error.message, `${named[i]} goes with --nats: say where NATS is`);
  });
});

Deno.test("a lease lasts from two seconds to a day", () => {
  assertEquals(leaseTime().read("2s"), 2_000);
  for (const text of ["1ms", "1999ms", "25h", "99h"]) {
    assertThrows(() => leaseTime().read(text), ChatError, "from 2s to 24h");
  }
  assertThrows(() => leaseTime().read("soon"), ChatError, "from 2s to 24h");
});

Deno.test("an address of NATS may say who we are, which no message repeats; authorities are for TLS", () => {
  const { read } = natsServers();
  assertEquals(read("n:1,nats://a:b@n:2,tls://t@n:3"), ["nats://n:1", "nats://a:b@n:2", "tls://t@n:3"]);
  const error = assertThrows(() => read("nats://a:secret@n@m:2"), ChatError);
  assert(!error.message.includes("secret"), error.message);
  assertThrows(
    () => clusterChoice({ ...NONE, nats: ["nats://n:1"], natsCa: "ca.pem" }),
    ChatError,
    "--nats-ca is for TLS: write --nats tls://HOST:PORT",
  );
});
