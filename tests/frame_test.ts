import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadLibrary } from "../conformance/fixtures/library.ts";
import { needs } from "../conformance/testing/needed_programs.ts";
import { runTarget } from "../conformance/run/run.ts";
import { frame, FramePeer } from "./frame_peer.ts";
import { Program, programWords, runProgram, startServer as startProgram } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";
import { startServer, type TestServer } from "./server.ts";
import { TmuxPane } from "./tmux.ts";
import { inFolder } from "./in_terminal.ts";

const escaped = (text: string) => new RegExp(text.replace(/[\\[\](){}.*+?^$|]/g, "\\$&"));

/** A client that has its ID. */
async function join(running: TestServer, id: number): Promise<FramePeer> {
  const peer = await FramePeer.connect(running.at("frame"));
  assertEquals(await peer.id(), id);
  return peer;
}

/** Frames pass from one to the other: the server serves them. */
async function exchange(from: FramePeer, source: number, to: FramePeer, destination: number): Promise<void> {
  await from.send(frame(source, destination, "hello"));
  await to.read(escaped(frame(source, destination, "hello")));
}

Deno.test("our server keeps every clause of frame, 254 clients included", async () => {
  await using running = await startServer(["frame"]);
  const library = await loadLibrary("frame", { dirs: [], embedded: true });
  const options = { timeout: 5000, jobs: 8, onResult: () => {} };
  const target = { dialect: "frame", ...running.at("frame") };
  const { results } = await runTarget(target, library, library.fixtures, options);
  const others = results.filter(({ verdict }) => verdict !== "pass");
  assertEquals(others.map(({ fixture, failure }) => `${fixture.name}: ${failure?.reason}`), []);
  const clauses = new Set(results.map(({ fixture }) => fixture.clause.slug));
  assertEquals([...library.clauses.keys()].filter((slug) => !clauses.has(slug)), []);
});

Deno.test("300 connections at once: 254 get the IDs from 2 to 255, the others are closed without a byte", async () => {
  await using running = await startServer(["frame"]);
  const peers = await Promise.all(Array.from({ length: 300 }, () => FramePeer.connect(running.at("frame"))));
  const ids = await Promise.all(peers.map((peer) => peer.id().catch(() => 0)));
  const given = ids.filter((id) => id !== 0).sort((a, b) => a - b);
  assertEquals(given, Array.from({ length: 254 }, (_, i) => i + 2));
  await exchange(peers[ids.indexOf(2)]!, 2, peers[ids.indexOf(255)]!, 255);
  for (const [i, peer] of peers.entries()) if (ids[i] === 0) assertEquals(await peer.rest(), "");
  for (const peer of peers) await peer[Symbol.asyncDispose]();
});

Deno.test("a size that lies is waited for within the time for a message, then told and closed, dripping or not", async () => {
  await using running = await startServer(["frame"], "--message-timeout", "300ms");
  await using liar = await join(running, 2);
  await using other = await join(running, 3);
  await liar.send("2][3][200][hello");
  const dripping = setInterval(() => liar.send("x"), 20);
  const said = await liar.rest();
  clearInterval(dripping);
  assertMatch(said, /^1\]\[2\]\[[0-9]+\]\[goodbye: a message was begun and not finished in time$/);
  await using next = await join(running, 2);
  await exchange(next, 2, other, 3);
});

Deno.test("what nobody can divide into frames is told and closed, and nobody else is disturbed", async () => {
  await using running = await startServer(["frame"]);
  await using bystander = await join(running, 2);
  await using other = await join(running, 3);
  const garbage = [
    "4][2][-5][hello",
    `4][2][${"9".repeat(20)}][hello`,
    "\xff".repeat(10_000),
    "4][2][x][hello",
    "]".repeat(99),
  ];
  for (const text of garbage) {
    await using peer = await join(running, 4);
    await peer.send(text);
    assertMatch(await peer.rest(), /^1\]\[4\]\[[0-9]+\]\[goodbye: /);
    await exchange(bystander, 2, other, 3);
  }
});

Deno.test("a client that never reads costs itself its connection, and nobody else anything", async () => {
  await using running = await startServer(["frame"], "--max-queue", "70000");
  await using deaf = await join(running, 2);
  await using sender = await join(running, 3);
  await using other = await join(running, 4);
  const many = frame(3, 2, "x".repeat(255)).repeat(200);
  while (running.server.hub.find(2) !== undefined) {
    await sender.send(many);
    await sender.send(frame(3, 4, "still"));
    await other.read(/3\]\[4\]\[5\]\[still/);
  }
  assert(
    running.log.some((line) => line.startsWith("warning") && line.includes("does not read")),
    running.log.join("\n"),
  );
  assertMatch(await deaf.rest(), /^(3\]\[2\]\[255\]\[x+)*[^]{0,11}$/);
  await using next = await join(running, 2);
  await exchange(other, 4, next, 2);
});

Deno.test("frame and relay users reach each other, and what is too long for frame is refused to its sender", async () => {
  await using running = await startServer(["frame", "relay"]);
  await using two = await join(running, 2);
  await using alice = await RelayPeer.register("alice", running.at("relay").port);
  await two.send(frame(2, 3, "hi, alice"));
  assertEquals(await alice.forwarded(), "FORWARD id2\nContent-length: 9\n\nhi, alice");
  await alice.say("RECEIVED id2\n\n");
  await alice.send("id2", "hi, id2");
  await two.read(escaped(frame(3, 2, "hi, id2")));
  assertEquals(await alice.answer(), "SENT id2\n\n");
  await alice.send("id2", "é".repeat(128));
  assertEquals(await alice.answer(), "ERROR 102 Unable to send\n\n");
  await alice.send("ALL", "to all");
  await two.read(escaped(frame(3, 2, "to all")));
  assertEquals(await alice.answer(), "SENT ALL\n\n");
  await two.send(frame(2, 3, "unreadable"));
  await alice.forwarded();
  await alice.say("ERROR 103 Header incomplete\n\n");
  await two.read(/1\]\[2\]\[[0-9]+\]\[not delivered to 3: the recipient could not read it/);
});

Deno.test("a frame client and a relay client of ours talk, and both files of the frame client are right", async () => {
  await inFolder(async (folder) => {
    const { server, ports } = await startProgram();
    await using _ = server;
    const at = (dialect: string) => ["connect", "--dialect", dialect, "--server", `127.0.0.1:${ports.get(dialect)}`];
    await using two = new Program([...at("frame"), "--transcript-dir", folder]);
    await two.stdout.match(/^-- connected to 127\.0\.0\.1:\d+ as 2\n/);
    await using alice = new Program([...at("relay"), "alice"]);
    await alice.stdout.match(/as alice\n/);
    await two.type("3 hello, alice\n");
    await alice.stdout.match(/^id2: hello, alice\n/m);
    await alice.type("@id2 hello, two\n");
    await two.stdout.match(/^3: hello, two\n/m);
    await alice.stdout.match(/^-- delivered: @id2 hello, two\n/m);
    assertEquals(await Deno.readTextFile(`${folder}/node2_input.txt`), "3: hello, alice\n");
    await two.type("9 nobody\n");
    await two.endInput();
    const { status, stdout, stderr } = await two.finished();
    assertEquals([status, stderr], [0, ""]);
    assertEquals(stdout.split("\n").slice(1), [
      "-- sent: 3 hello, alice",
      "3: hello, two",
      "-- sent: 9 nobody",
      "-- the server: not delivered to 9: nobody has that ID",
      "",
    ]);
    assertEquals(await Deno.readTextFile(`${folder}/node2_input.txt`), "3: hello, alice\n9: nobody\n");
    const received = "3: hello, two\n1: not delivered to 9: nobody has that ID\n";
    assertEquals(await Deno.readTextFile(`${folder}/node2_output.txt`), received);
    await alice.endInput();
    assertEquals((await alice.finished()).status, 0);
  });
});

Deno.test("connect: what frame cannot carry is refused before it is sent, and exit status 1 tells a script", async () => {
  await inFolder(async (folder) => {
    const { server, ports } = await startProgram();
    await using _ = server;
    const args = ["connect", "--dialect", "frame", "--server", `127.0.0.1:${ports.get("frame")}`];
    const long = `3 ${"é".repeat(128)}`;
    const { status, stdout, stderr } = await runProgram(args, `${long}\nhello\n`, { cwd: folder });
    assertEquals([status, stdout], [1, `-- connected to 127.0.0.1:${ports.get("frame")} as 2\n`]);
    assertEquals(stderr.split("\n"), [
      `chat: not sent: ${long} (write at most 255 bytes: that message has 256)`,
      "chat: not sent: hello (write <destination> <message>)",
      "",
    ]);
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("serve --table prints who is there whenever that changes, without it on SIGUSR1", async () => {
  const { server, ports } = await startProgram("--table");
  await using _ = server;
  const endpoint = { hostname: "127.0.0.1", port: ports.get("frame")! };
  await using first = await FramePeer.connect(endpoint);
  await first.id();
  await using second = await FramePeer.connect(endpoint);
  await second.id();
  const row = (id: number) => `${id} +id${id} +frame +127\\.0\\.0\\.1:[0-9]+ +\\S+\\n`;
  await server.stdout.match(new RegExp(`\\nID +name +dialect +address +since\\n${row(2)}ID.*\\n${row(2)}${row(3)}`));
  if (Deno.build.os === "windows") return;
  const quiet = await startProgram();
  await using __ = quiet.server;
  await using third = await FramePeer.connect({ hostname: "127.0.0.1", port: quiet.ports.get("frame")! });
  await third.id();
  assert(!quiet.server.stdout.soFar.includes("id2"));
  const table = `ID +name +dialect +address +since\\n${row(2)}`;
  quiet.server.signal("SIGUSR1");
  await quiet.server.stdout.match(new RegExp(table));
  quiet.server.signal("SIGUSR2");
  await quiet.server.stdout.match(new RegExp(`${table}[^]*${table}`));
});

Deno.test({
  ...needs(["tmux"], "connect in a terminal: the menu of frame sends a message and disconnects"),
  fn: async () => {
    await inFolder(async (folder) => {
      const { server, ports } = await startProgram();
      await using _ = server;
      const endpoint = { hostname: "127.0.0.1", port: ports.get("frame")! };
      await using two = await FramePeer.connect(endpoint);
      assertEquals(await two.id(), 2);
      const args = ["connect", "--dialect", "frame", "--server", `127.0.0.1:${endpoint.port}`];
      await using pane = await TmuxPane.open([...programWords(), ...args, "--no-history", "--transcript-dir", folder]);
      await pane.shows("3 - 1 send a message, 2 disconnect and exit>");
      await pane.enter("1");
      await pane.shows("Message>");
      await pane.enter("x".repeat(256));
      await pane.until((rows) => rows.some((row) => row.includes("has 256)")));
      await pane.enter("hello, two");
      await pane.shows("Destination ID>");
      await pane.enter("2");
      await two.read(escaped(frame(3, 2, "hello, two")));
      await pane.until((rows) => rows.some((row) => row.endsWith("-- sent: 2 hello, two")));
      await two.send(frame(2, 3, "hello, three"));
      await pane.until((rows) => rows.some((row) => row.endsWith("2: hello, three")));
      await pane.enter("2");
      assertEquals(await pane.status(), 0);
      assertEquals(await Deno.readTextFile(`${folder}/node3_input.txt`), "2: hello, two\n");
      assertEquals(await Deno.readTextFile(`${folder}/node3_output.txt`), "2: hello, three\n");
    });
  },
});
