/**
 * Faults over real sockets: whatever peers do, afterwards the server is as it was before.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startServer, type TestServer } from "./server.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function dial(running: TestServer, dialect: string): Promise<Deno.TcpConn> {
  return await Deno.connect(running.at(dialect));
}

/** Writes as much as the peer takes, or until it closes. */
async function write(connection: Deno.TcpConn, text: string | Uint8Array): Promise<void> {
  let bytes = typeof text === "string" ? encoder.encode(text) : text;
  try {
    while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
  } catch {
    // The server has closed: that is for the test to find out by reading.
  }
}

/** Reads until the text has come, or the server closes, and gives all that came. */
async function readUntil(connection: Deno.TcpConn, awaited: string): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.includes(awaited)) {
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) break;
    text += decoder.decode(buffer.subarray(0, count));
  }
  return text;
}

/** Reads until the server closes, and gives all that came. */
async function readAll(connection: Deno.TcpConn): Promise<string> {
  return await readUntil(connection, "\0 never");
}

async function register(running: TestServer, name: string): Promise<{ out: Deno.TcpConn; in: Deno.TcpConn }> {
  const user = { out: await dial(running, "relay"), in: await dial(running, "relay") };
  await write(user.out, `REGISTER TOSEND ${name}\n\n`);
  await readUntil(user.out, "\n\n");
  await write(user.in, `REGISTER TORECV ${name}\n\n`);
  await readUntil(user.in, "\n\n");
  return user;
}

/** Waits until something holds; fails after a minute. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (!holds()) {
    assert(performance.now() < end, `waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const LISTENING = "0A";

/**
 * How many sockets to and from these ports are still held by a process, where the system tells. Counting all files of the
 * process would count those of the tests that run beside this one.
 */
function openSockets(ports: readonly number[]): number {
  if (Deno.build.os !== "linux") return 0;
  const { stdout } = new Deno.Command("cat", { args: ["/proc/net/tcp"] }).outputSync();
  const rows = decoder.decode(stdout).trimEnd().split("\n").slice(1).map((row) => row.trim().split(/\s+/));
  const portOf = (address = "") => parseInt(address.split(":")[1]!, 16);
  // What nobody holds any more, and only the system remembers, has no inode.
  return rows.filter(([, local, remote, state, , , , , , inode]) =>
    state !== LISTENING && inode !== "0" && (ports.includes(portOf(local)) || ports.includes(portOf(remote)))
  ).length;
}

// The engine shows its collector to a new context only.
setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

/** How many bytes the process holds on to. */
function memoryHeld(): number {
  collectGarbage();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

/** Runs a fault and makes sure that nobody is left, that a newcomer is served, and that nothing stays open. */
async function fault(
  dialects: readonly string[],
  options: readonly string[],
  act: (running: TestServer) => Promise<void>,
): Promise<void> {
  await using running = await startServer(dialects, "--ack-timeout", "2s", ...options);
  const ports = dialects.map((dialect) => running.at(dialect).port);
  await act(running);
  const { server } = running;
  await until(() => [...server.hub.members()].length === 0, "everybody was gone");
  await until(() => openSockets(ports) === 0, "every socket was closed");
  if (!dialects.includes("relay")) return;
  const alice = await register(running, "newcomer");
  await write(alice.out, "SEND newcomer\nContent-length: 2\n\nhi");
  assertEquals(await readUntil(alice.in, "hi"), "FORWARD newcomer\nContent-length: 2\n\nhi");
  await write(alice.in, "RECEIVED newcomer\n\n");
  assertEquals(await readUntil(alice.out, "\n\n"), "SENT newcomer\n\n");
  alice.out.close();
  alice.in.close();
}

/** Growth that is none: engine and pools breathe. 300 bytes for each connection, which is less than an object of it, is some. */
const MAX_GROWTH = 3_000_000;

const MESSAGE = "SEND alice\nContent-length: 11\n\nh\u00e9llo\n\nyou";

Deno.test("a peer that vanishes amid a message, at any byte, is forgotten", async () => {
  await fault(["relay"], [], async (running) => {
    const bytes = encoder.encode(`REGISTER TOSEND alice\n\n${MESSAGE}`);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const connection = await dial(running, "relay");
      await write(connection, bytes.subarray(0, cut));
      connection.close();
    }
  });
});

Deno.test("a peer that half-closes amid a message gets the answers that it is owed, and is closed", async () => {
  await fault(["relay"], [], async (running) => {
    const alice = await register(running, "alice");
    await write(alice.out, "SEND nobody\nContent-length: 2\n\nhiSEND alice\nContent-length: 5\n\nhal");
    await alice.out.closeWrite();
    assertEquals(await readAll(alice.out), "ERROR 102 Unable to send\n\n");
    assertEquals(await readAll(alice.in), "");
    alice.out.close();
    alice.in.close();
  });
});

Deno.test("messages in segments of one byte are messages", async () => {
  await fault(["relay"], [], async (running) => {
    const alice = await register(running, "alice");
    alice.out.setNoDelay();
    for (const byte of encoder.encode(MESSAGE)) await write(alice.out, new Uint8Array([byte]));
    assert((await readUntil(alice.in, "you")).endsWith("\n\nh\u00e9llo\n\nyou"));
    for (const byte of encoder.encode("RECEIVED alice\n\n")) await write(alice.in, new Uint8Array([byte]));
    assertEquals(await readUntil(alice.out, "\n\n"), "SENT alice\n\n");
    alice.out.close();
    alice.in.close();
  });
});

Deno.test("a reader that stalls is closed at its queue's bound, its senders are told, and others do not wait", async () => {
  await fault(["relay"], ["--max-queue", "65536", "--max-message", "16384"], async (running) => {
    const [alice, bob, carol] = [
      await register(running, "alice"),
      await register(running, "bob"),
      await register(running, "carol"),
    ];
    const flood = `SEND bob\nContent-length: 16000\n\n${"x".repeat(16_000)}`.repeat(1_000);
    const flooding = write(alice.out, flood);
    const answers = readUntil(alice.out, "ERROR 102 Unable to send\n\n");
    await write(carol.out, "SEND carol\nContent-length: 2\n\nhi");
    await readUntil(carol.in, "hi");
    await write(carol.in, "RECEIVED carol\n\n");
    assertEquals(await readUntil(carol.out, "\n\n"), "SENT carol\n\n");
    assert((await answers).startsWith("ERROR 102"));
    await until(() => running.server.hub.find("bob") === undefined, "bob was closed");
    assert(
      running.log.some((line) => line.startsWith("warning") && line.includes("does not read")),
      running.log.join(),
    );
    for (const user of [alice, bob, carol]) for (const connection of [user.out, user.in]) connection.close();
    await flooding;
  });
});

Deno.test("ten thousand connections opened and closed leave nothing behind: no name, no socket, no memory", async () => {
  await fault(["relay", "frame", "slash", "room"], [], async (running) => {
    const words = { relay: "REGISTER TOSEND NAME\n\n", frame: "", slash: "NAME\n", room: "NAME\n" };
    const ways = Object.entries(words);
    let visits = 0;
    const come = async (last: number) => {
      while (visits < last) {
        const [dialect, greeting] = ways[visits % ways.length]!;
        const connection = await dial(running, dialect);
        // Every other group of four says who it is, and half of those hear the answer.
        if (visits % 8 < 4) await write(connection, greeting.replace("NAME", `visitor${visits}`));
        if (visits++ % 16 < 4) await connection.read(new Uint8Array(1_024)).catch(() => null);
        connection.close();
      }
    };
    const ports = ways.map(([dialect]) => running.at(dialect).port);
    const crowd = async (last: number) => {
      await Promise.all(Array.from({ length: 100 }, () => come(last)));
      await until(() => [...running.server.hub.members()].length === 0, "everybody was gone");
      await until(() => openSockets(ports) === 0, "every socket was closed");
      return memoryHeld();
    };
    // The first have the engine and the server warm up.
    const before = await crowd(2_000);
    const growth = await crowd(12_000) - before;
    assert(growth < MAX_GROWTH, `10,000 connections have left ${growth} bytes behind`);
  });
});

/** In a program of its own, so that the server, which waits meanwhile, has accepted none of them when they are reset. */
const CONNECT_AND_RESET = `
  import { connect } from "node:net";
  const [port, count] = Deno.args.map(Number);
  for (let i = 0; i < count; i++) {
    await new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.resetAndDestroy());
      socket.on("close", resolve);
    });
  }
`;

Deno.test("connections that are reset before they are accepted are counted and logged, and keep nobody out", async () => {
  await fault(["relay"], [], async (running) => {
    const script = await Deno.makeTempFile({ suffix: ".mjs" });
    await Deno.writeTextFile(script, CONNECT_AND_RESET);
    const { code } = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", "--allow-net", script, String(running.at("relay").port), "200"],
      stdout: "null",
      stderr: "null",
    }).outputSync();
    await Deno.remove(script);
    assertEquals(code, 0);
    const { server, log } = running;
    await until(() => server.closeCounters.of("relay", "lost") === 200, "all of them were counted");
    assertEquals(log.filter((line) => line.startsWith("error")), []);
    const lines = log.filter((line) => line.includes("before they were accepted")).length;
    assert(lines <= 10, `${lines} lines: once a second`);
  });
});

Deno.test("past what may wait for all, those for whom the most waits are closed, and others go on", async () => {
  const options = ["--max-queue", "16777216", "--max-queued", "8388608", "--broadcast-rate", "100000000"];
  await fault(["relay"], options, async (running) => {
    const [alice, bob] = [await register(running, "alice"), await register(running, "bob")];
    const stalled = await Promise.all(["s1", "s2", "s3"].map((name) => register(running, name)));
    const body = "x".repeat(65_536);
    const reading = (async () => {
      const buffer = new Uint8Array(65_536);
      while (await bob.in.read(buffer).catch(() => null) !== null);
    })();
    const answers = readAll(alice.out);
    while (running.server.closeCounters.of("relay", "slow-reader") < 2) {
      await write(alice.out, `SEND ALL\nContent-length: ${body.length}\n\n${body}`);
      assert(running.server.queued.bytes <= 8_388_608, `${running.server.queued.bytes} bytes wait`);
    }
    assertEquals(running.server.hub.find("bob")?.name, "bob");
    for (const { out, in: into } of [alice, bob, ...stalled]) {
      for (const connection of [out, into]) connection.close();
    }
    await Promise.all([reading, answers]);
  });
});

Deno.test("connections that never register are told and closed, in each dialect that asks for a name", async () => {
  await fault(["relay", "slash", "room"], ["--register-timeout", "1s"], async (running) => {
    for (const dialect of ["relay", "slash", "room"]) {
      const connections = await Promise.all(Array.from({ length: 50 }, () => dial(running, dialect)));
      for (const connection of connections) {
        assert((await readAll(connection)).includes("nobody registered in time"), dialect);
        connection.close();
      }
    }
    const warnings = running.log.filter((line) => line.startsWith("warning")).length;
    assert(warnings >= 1 && warnings < 15, `${warnings} warnings: once a second and address`);
  });
});

Deno.test("one socket of a relay user without the other is told and closed in time, and its name is free", async () => {
  await fault(["relay"], ["--register-timeout", "200ms"], async (running) => {
    for (const side of ["TOSEND", "TORECV"]) {
      const half = await dial(running, "relay");
      await write(half, `REGISTER ${side} alice\n\n`);
      assert((await readAll(half)).startsWith(`REGISTERED ${side} alice\n\n`));
      half.close();
    }
    const alice = await register(running, "alice");
    alice.out.close();
    alice.in.close();
  });
});

Deno.test("a message that drips is given up in bounded time, and its sender is told", async () => {
  await fault(["relay"], ["--message-timeout", "200ms"], async (running) => {
    const alice = await register(running, "alice");
    const dripping = (async () => {
      for (let i = 0; i < 1_000; i++) {
        await write(alice.out, "SEND al"[i % 7]!);
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (running.server.hub.find("alice") === undefined) break;
      }
    })();
    assert((await readAll(alice.out)).startsWith("ERROR 103 "));
    await dripping;
    alice.out.close();
    alice.in.close();
  });
});

Deno.test("a flood is read at the rate that is allowed, and nothing of it is lost", async () => {
  await fault(["relay"], ["--rate", "500"], async (running) => {
    const alice = await register(running, "alice");
    const flooding = write(alice.out, "SEND nobody\nContent-length: 2\n\nhi".repeat(1_500));
    let answers = "";
    while (answers.length < 1_500 * 26) answers += await readUntil(alice.out, "\n\n");
    assertEquals(answers, "ERROR 102 Unable to send\n\n".repeat(1_500));
    await flooding;
    alice.out.close();
    alice.in.close();
  });
});

Deno.test("garbage of any kind ends in words of the dialect, or in a closed connection, and never in a crash", async () => {
  await fault(["relay", "frame", "slash", "room"], [], async (running) => {
    const garbage = [
      new Uint8Array(70_000),
      crypto.getRandomValues(new Uint8Array(65_536)),
      encoder.encode("\n".repeat(9_000)),
    ];
    for (const dialect of ["relay", "frame", "slash", "room"]) {
      for (const bytes of garbage) {
        const connection = await dial(running, dialect);
        const reading = readAll(connection);
        await write(connection, bytes);
        await connection.closeWrite().catch(() => {});
        await reading;
        connection.close();
      }
    }
    assertEquals(running.log.filter((line) => line.startsWith("error")), []);
  });
});

Deno.test("a server that is full says so, and lets in again when somebody leaves", async () => {
  await fault(["relay", "slash"], ["--max-connections", "2"], async (running) => {
    const [first, second] = [await dial(running, "relay"), await dial(running, "slash")];
    await readUntil(second, ":");
    const third = await dial(running, "relay");
    assertEquals(await readAll(third), "ERROR 101 the server is full\n\n");
    const fourth = await dial(running, "slash");
    assertEquals(await readAll(fourth), "* Goodbye: the server is full.\n");
    assertEquals(
      running.log.filter((line) => line.includes("refused")).length,
      1,
      "once a second and address",
    );
    for (const connection of [first, second, third, fourth]) connection.close();
  });
});

Deno.test("a server that stops tells everybody in their dialect, finishes what is in flight, and closes", async () => {
  const running = await startServer(["relay", "slash", "room"], "--ack-timeout", "5s");
  const [alice, bob] = [await register(running, "alice"), await register(running, "bob")];
  const [slash, room] = [await dial(running, "slash"), await dial(running, "room")];
  await readUntil(slash, "*");
  await readUntil(room, "enter!");
  await write(alice.out, "SEND bob\nContent-length: 2\n\nhi");
  await readUntil(bob.in, "hi");
  const stopped = running.server.stop();
  await write(bob.in, "RECEIVED alice\n\n");
  assertEquals(await readAll(alice.out), "SENT bob\n\nERROR 102 the server is shutting down\n\n");
  assertEquals(await readAll(slash), "* Goodbye: the server is shutting down.\n");
  assertEquals(await readAll(room), "* The chat closes this connection: the server is shutting down.");
  for (const connection of [alice.out, alice.in, bob.out, bob.in, slash, room]) connection.close();
  await stopped;
  assertEquals(running.server.closeCounters.lines(), [
    "relay  closed 4 = shutdown 4",
    "slash  closed 1 = shutdown 1",
    "room   closed 1 = shutdown 1",
  ]);
});
