/**
 * Several servers that are one hub, over a real nats-server.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { makeAuthority } from "../lib/transport/testing/certificates.ts";
import { needs } from "../conformance/testing/needed_programs.ts";
import { Nats } from "./cluster/nats.ts";
import { runProgram, startServer, startServerAt } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";

/** The shortest lease there is, so that the test need not wait long for one to run out. */
const OPTIONS = ["--claim-ttl", "2s", "--ack-timeout", "2s"];

/** A binary may be made with an older Deno. */
const IS_BINARY = Deno.env.get("CHAT_PROGRAM") !== undefined;

/** How often, and how far apart in milliseconds, a name is asked for. */
const MOST_TRIES = 1_000;
const TRY_MS = 20;

/** Registers, as often as it takes: a name that somebody had becomes free some time after. */
async function registered(name: string, port: number): Promise<RelayPeer> {
  for (let tries = 0;; tries++) {
    try {
      return await RelayPeer.register(name, port);
    } catch (error) {
      if (tries === MOST_TRIES) throw error;
      // No event says that a name can be had: clients ask again.
      await new Promise((resolve) => setTimeout(resolve, TRY_MS));
    }
  }
}

/** For which servers that share their ports have to find each other. */
const FILTERS = [
  "relay/register-*",
  "relay/send-unicast",
  "relay/send-gone",
  "relay/unregistered-half",
  "group/register",
  "group/join",
];

/** A port for each dialect that nobody has at the moment. */
function freePorts(): ReadonlyMap<string, number> {
  const taken = DIALECTS.map(({ name }) => ({ name, listener: Deno.listen({ hostname: "127.0.0.1", port: 0 }) }));
  for (const { listener } of taken) listener.close();
  return new Map(taken.map(({ name, listener }) => [name, listener.addr.port]));
}

async function outcome(from: RelayPeer, to: string): Promise<string> {
  await from.send(to, "hi");
  return await from.answer();
}

Deno.test({
  ...needs(["nats-server"], "two servers are one hub, until one is killed, and when NATS is away and back"),
  async fn() {
    await using nats = await Nats.start();
    const join = (node: string) => startServer("--nats", `127.0.0.1:${nats.port}`, "--node", node, ...OPTIONS);
    const [a, b] = await Promise.all([join("a"), join("b")]);
    await using _a = a.server;
    await using _b = b.server;
    await using alice = await RelayPeer.register("alice", a.port);
    await using amy = await RelayPeer.register("amy", a.port);
    {
      await using bob = await RelayPeer.register("bob", b.port);
      await alice.send("bob", "hello");
      assertEquals(await bob.forwarded(), "FORWARD alice\nContent-length: 5\n\nhello");
      await bob.say("RECEIVED alice\n\n");
      assertMatch(await alice.answer(), /^SENT bob/);
      const { status, stderr } = await runProgram(["connect", "alice", "--server", `127.0.0.1:${b.port}`], "@amy hi\n");
      assert(status !== 0 && /alice/.test(stderr), `two have one name: ${stderr}`);
      b.server.signal("SIGKILL");
      await b.server.finished();
    }
    assertMatch(await outcome(alice, "bob"), /^ERROR 102/);
    await using bob = await registered("bob", a.port);
    await nats.kill();
    await a.server.stderr.match(/cut off from the cluster/);
    await alice.send("bob", "still here");
    assertMatch(await bob.forwarded(), /still here$/);
    await bob.say("RECEIVED alice\n\n");
    assertMatch(await alice.answer(), /^SENT bob/);
    nats.restart();
    await using carol = await registered("carol", a.port);
    assert(carol !== amy);
  },
});

Deno.test({
  ...needs(["nats-server"], "two servers that share their ports conform as one, and each says how the other is"),
  // Only Linux has that.
  ignore: Deno.build.os !== "linux" || needs(["nats-server"], "").ignore,
  async fn() {
    await using nats = await Nats.start();
    const ports = freePorts();
    const join = (node: string) =>
      startServerAt(
        (dialect) => ports.get(dialect)!,
        "--reuse-port",
        "--nats",
        `127.0.0.1:${nats.port}`,
        "--node",
        node,
      );
    const [a, b] = await Promise.all([join("a"), join("b")]);
    await using _a = a.server;
    await using _b = b.server;
    const targets = ["relay", "group"].flatMap((dialect) => ["--target", `${dialect}=127.0.0.1:${ports.get(dialect)}`]);
    const filters = FILTERS.flatMap((filter) => ["--filter", filter]);
    const { status, stdout } = await runProgram(["conform", ...targets, ...filters, "--strict"]);
    assertEquals(status, 0, stdout);
    a.server.signal("SIGUSR1");
    await a.server.stdout.match(/^cluster a gives names; b 0 present$/m);
    await a.server.stdout.match(/^cluster holds 0 names, 0 ids and \d+ groups, waits for 0; others came 1 times, .*$/m);
    await a.server.stdout.match(/^cluster asked \d+ = .*; was asked \d+; sent [1-9]\d* KiB, received [1-9]\d* KiB$/m);
    for (const { server } of [a, b]) {
      server.signal("SIGTERM");
      assertEquals((await server.finished()).status, 0);
    }
  },
});

Deno.test({
  ...needs(["nats-server"], "a NATS with TLS and a password is told who we are, and has to be one that is trusted"),
  async fn() {
    const folder = Deno.makeTempDirSync();
    const authority = await makeAuthority("an authority");
    const { cert, key } = await authority.sign();
    for (const [name, text] of [["ca", authority.cert], ["cert", cert], ["key", key]] as const) {
      Deno.writeTextFileSync(`${folder}/${name}.pem`, text);
    }
    const secured = ["--tls", "--tlscert", `${folder}/cert.pem`, "--tlskey", `${folder}/key.pem`];
    await using nats = await Nats.start(...secured, "--user", "chat", "--pass", "p@ss");
    const join = (who: string, ...options: string[]) =>
      runProgram(["serve", "--nats", `tls://${who}127.0.0.1:${nats.port}`, ...options]);
    const unknown = await join("chat:p%40ss@");
    if (IS_BINARY && unknown.stderr.includes("does not come about in Deno 2.4")) {
      // What is made with an older Deno says so, and what to do.
      assertMatch(
        unknown.stderr,
        /^chat: TLS to NATS does not come about in Deno 2\.4\.\d+, .*: make it with Deno 2\.9, .*\n$/,
      );
      assertEquals(unknown.status, 2);
      return;
    }
    assertMatch(
      unknown.stderr,
      /^chat: NATS cannot be reached at tls:[^@]*: start it, or correct --nats or --nats-ca\n$/,
    );
    const ca = ["--nats-ca", `${folder}/ca.pem`];
    const stranger = await join("chat:wrong@", ...ca);
    assertMatch(
      stranger.stderr,
      /^chat: NATS does not let us in at [^@]*: correct --nats-creds, or who we are in --nats\n$/,
    );
    const { server } = await startServer("--nats", `tls://chat:p%40ss@127.0.0.1:${nats.port}`, ...ca);
    await using _server = server;
    await server.stderr.match(/connected to the cluster/);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  ...needs(["nats-server"], "without a NATS that can carry it, a server says what is missing, and does not start"),
  async fn() {
    await using nats = await Nats.start();
    await nats.kill();
    const { status, stderr } = await runProgram(["serve", "--nats", `127.0.0.1:${nats.port}`]);
    assertEquals(status, 1);
    assertMatch(
      stderr,
      /^chat: NATS cannot be reached at nats:\/\/127\.0\.0\.1:\d+ \(.*\): start it, or correct --nats\n$/,
    );
  },
});
