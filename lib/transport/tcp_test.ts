import { connect as connectNode } from "node:net";
import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { ChatError } from "../core/error.ts";
import type { Link } from "../core/link.ts";
import { linkContract } from "./testing/link_contract.ts";
import { type LinkReactions, LinkRecorder } from "./testing/link_recorder.ts";
import { HEEDS_KEEP_ALIVE } from "./tls/node_socket.ts";
import { ReadingRounds } from "./reading_rounds.ts";
import type { Listener } from "../core/runtime.ts";
import { CAN_RESET } from "./tls/node_socket.ts";
import { connectTcp, listenTcp } from "./tcp.ts";

const ANY_PORT = { hostname: "127.0.0.1", port: 0 };
const encode = (text: string) => new TextEncoder().encode(text);

linkContract("a TCP link", async (options = {}) => {
  const accepted = Promise.withResolvers<Link>();
  const listener = listenTcp(ANY_PORT, options, accepted.resolve);
  const near = await connectTcp(listener.endpoint, options);
  return { near, far: await accepted.promise, dispose: () => listener.close() };
});

linkContract("a TCP link that asks for signs of life", async (options = {}) => {
  const accepted = Promise.withResolvers<Link>();
  const listener = listenTcp(ANY_PORT, options, accepted.resolve);
  const near = await connectTcp(listener.endpoint, { ...options, keepAlive: 60_000 });
  return { near, far: await accepted.promise, dispose: () => listener.close() };
});

/** A link that was accepted and started, and its peer without a link. */
async function acceptOne(react: (link: Link) => LinkReactions = () => ({})) {
  const accepted = Promise.withResolvers<Link>();
  const listener = listenTcp(ANY_PORT, {}, accepted.resolve);
  const peer = await Deno.connect(listener.endpoint);
  const link = await accepted.promise;
  listener.close();
  const atLink = new LinkRecorder(link, react(link));
  link.start(atLink);
  return { link, atLink, peer };
}

async function readAll(peer: Deno.Conn): Promise<string> {
  return await new Response(peer.readable).text();
}

/** A port on which nobody listens. */
function freePort(): number {
  using listener = Deno.listen(ANY_PORT);
  return listener.addr.port;
}

Deno.test("connecting where nobody listens is refused, in one line that names the place", async () => {
  const port = freePort();
  const error = await assertRejects(() => connectTcp({ hostname: "127.0.0.1", port }), ChatError);
  assertEquals(error.code, "unreachable");
  assertEquals(error.message, `cannot reach 127.0.0.1:${port}: the connection was refused, nothing listens there`);
  assertInstanceOf(error.cause, Deno.errors.ConnectionRefused);
});

for (const endpoint of [{ hostname: "no host name", port: 1 }, { hostname: "127.0.0.1", port: 70000 }]) {
  Deno.test(`connecting to ${endpoint.hostname}:${endpoint.port} is refused in one line that names it`, async () => {
    const error = await assertRejects(() => connectTcp(endpoint), ChatError);
    assertEquals(error.code, "unreachable");
    assertEquals(error.message.startsWith(`cannot reach ${endpoint.hostname}:${endpoint.port}: `), true);
    assertEquals(error.message.includes("\n"), false);
    assertInstanceOf(error.cause, Error);
  });
}

Deno.test({
  name: "where signs of life are asked for, what fails is told in words as well",
  ignore: !HEEDS_KEEP_ALIVE,
  fn: async () => {
    const keepAlive = 60_000;
    const port = freePort();
    const refused = await assertRejects(() => connectTcp({ hostname: "127.0.0.1", port }, { keepAlive }), ChatError);
    assertEquals(refused.message, `cannot reach 127.0.0.1:${port}: the connection was refused, nothing listens there`);
    const unknown = await assertRejects(() => connectTcp({ hostname: "no name", port: 1 }, { keepAlive }), ChatError);
    assertEquals(unknown.message, "cannot reach no name:1: there is no host of that name");
  },
});

Deno.test({
  name: "a server that is silent is asked for a sign of life after the time that is said",
  // Only Linux tells of its sockets' timers in a file.
  ignore: Deno.build.os !== "linux" || !HEEDS_KEEP_ALIVE,
  fn: async () => {
    const accepted = Promise.withResolvers<Link>();
    const listener = listenTcp(ANY_PORT, {}, accepted.resolve);
    const link = await connectTcp(listener.endpoint, { keepAlive: 60_000 });
    const atLink = new LinkRecorder(link);
    link.start(atLink);
    // Deno itself wants more permissions for that file than for running cat.
    const { stdout } = await new Deno.Command("cat", { args: ["/proc/net/tcp"] }).output();
    const server = `0100007F:${listener.endpoint.port.toString(16).toUpperCase().padStart(4, "0")}`;
    const row = new TextDecoder().decode(stdout).split("\n").map((row) => row.trim().split(/\s+/))
      // Not one of an earlier server that had this port.
      .find(([, , remote, state]) => remote === server && state === ESTABLISHED);
    const [timer, due] = row![5]!.split(":").map((field) => parseInt(field, 16));
    assertEquals(timer, KEEP_ALIVE_TIMER);
    // In hundredths of a second.
    assert(due! > 0 && due! <= 6_000, `due in ${due! / 100} s`);
    link.abort("done");
    (await accepted.promise).abort("done");
    await atLink.untilClosed();
    listener.close();
  },
});

/** What stands for it in Linux's table of sockets. */
const ESTABLISHED = "01";
const KEEP_ALIVE_TIMER = 2;

Deno.test("connecting that is given up rejects with the signal's reason", async () => {
  const listener = listenTcp(ANY_PORT, {}, (link) => link.abort("done"));
  const reason = new Error("changed my mind");
  const controller = new AbortController();
  const connecting = connectTcp(listener.endpoint, { signal: controller.signal });
  controller.abort(reason);
  assertStrictEquals(await assertRejects(() => connecting), reason);
  listener.close();
});

Deno.test("a signal that comes after connecting leaves the link alone", async () => {
  const controller = new AbortController();
  const listener = listenTcp(ANY_PORT, {}, (link) => {
    link.start({ receive: (bytes) => link.write(bytes), ended: () => link.end("left"), closed: () => {} });
  });
  const link = await connectTcp(listener.endpoint, { signal: controller.signal });
  controller.abort();
  const atLink = new LinkRecorder(link);
  link.start(atLink);
  link.write(encode("still here"));
  await atLink.untilReceived(10);
  link.end("done");
  assertEquals(await atLink.untilClosed(), "done");
  listener.close();
});

Deno.test("listening on a port that is taken is port-in-use", () => {
  const listener = listenTcp(ANY_PORT, {}, () => {});
  const error = assertThrows(() => listenTcp(listener.endpoint, {}, () => {}), ChatError);
  assertEquals(error.code, "port-in-use");
  assertEquals(error.message.startsWith(`127.0.0.1:${listener.endpoint.port} is in use`), true);
  assertInstanceOf(error.cause, Deno.errors.AddrInUse);
  listener.close();
});

Deno.test("listening on what is no port is cannot-listen", () => {
  const error = assertThrows(() => listenTcp({ hostname: "127.0.0.1", port: 70000 }, {}, () => {}), ChatError);
  assertEquals(error.code, "cannot-listen");
  assertEquals(error.message.startsWith("cannot listen on 127.0.0.1:70000: "), true);
});

Deno.test("a listener says which port it was given, and closing it leaves its links alone", async () => {
  const { link, atLink, peer } = await acceptOne();
  assertNotEquals(link.remote.port, 0);
  assertEquals(link.remote.port, (peer.localAddr as Deno.NetAddr).port);
  assertEquals(link.remote.hostname, "127.0.0.1");
  await peer.write(encode("hello"));
  await atLink.untilReceived(5);
  link.write(encode("welcome"));
  link.end("done");
  assertEquals(await readAll(peer), "welcome");
  assertEquals(await atLink.untilClosed(), "done");
});

Deno.test("an error thrown for one connection aborts that one, and the next is accepted", async () => {
  const faults: unknown[] = [];
  const error = new Error("a mistake of the test's");
  const second = Promise.withResolvers<Link>();
  const onLink = (link: Link) => {
    if (faults.length === 0) throw error;
    second.resolve(link);
  };
  const listener: Listener = listenTcp(ANY_PORT, { onFault: (fault) => faults.push(fault) }, onLink);
  assertEquals(await readAll(await Deno.connect(listener.endpoint)), "");
  const peer = await Deno.connect(listener.endpoint);
  (await second.promise).abort("done");
  assertEquals(await readAll(peer), "");
  assertEquals(faults, [error]);
  listener.close();
});

Deno.test("a peer that has shut down its sending side still gets its answer", async () => {
  const { link, atLink, peer } = await acceptOne();
  await peer.write(encode("question"));
  await atLink.untilReceived(8);
  await peer.closeWrite();
  link.write(encode("answer"));
  assertEquals(await readAll(peer), "answer");
  assertEquals(await atLink.untilClosed(), "left");
  assertEquals(atLink.calls, ["receive", "ended", "closed"]);
});

Deno.test("a peer that resets the connection was lost", async () => {
  const accepted = Promise.withResolvers<Link>();
  const listener = listenTcp(ANY_PORT, {}, accepted.resolve);
  const peer = connectNode(listener.endpoint.port, listener.endpoint.hostname);
  const link = await accepted.promise;
  listener.close();
  const atLink = new LinkRecorder(link);
  link.start(atLink);
  peer.write("x");
  await atLink.untilReceived(1);
  const gone = new Promise((resolve) => peer.once("close", resolve));
  peer.resetAndDestroy();
  assertEquals([await atLink.untilClosed(), atLink.calls], ["lost", ["receive", "closed"]]);
  await gone;
});

Deno.test("the last line reaches a peer that goes on sending much", async () => {
  const { atLink, peer } = await acceptOne((link) => ({
    receive: () => {
      link.write(encode("ERROR 103 Header incomplete\n\n"));
      link.end("malformed");
    },
  }));
  const sending = async () => {
    for (let i = 0; i < 20; i++) await peer.write(new Uint8Array(65536));
    await peer.closeWrite();
  };
  const [heard] = await Promise.all([readAll(peer), sending()]);
  assertEquals(heard, "ERROR 103 Header incomplete\n\n");
  assertEquals(await atLink.untilClosed(), "malformed");
});

Deno.test("of many links that are busy all the time none starves", async () => {
  const LINKS = 300;
  // Each end answers whatever comes with a byte, until somebody has heard a hundred.
  const heard: number[] = [];
  const isOver = Promise.withResolvers<void>();
  const closed: Promise<void>[] = [];
  const start = (link: Link, hear: () => void) => {
    const whenClosed = Promise.withResolvers<void>();
    closed.push(whenClosed.promise);
    link.start({
      receive: () => {
        hear();
        link.write(encode("x"));
      },
      ended: () => link.end("left"),
      closed: () => whenClosed.resolve(),
    });
  };
  const listener = listenTcp(ANY_PORT, {}, (link) => start(link, () => {}));
  const links: Link[] = [];
  for (let i = 0; i < LINKS; i++) {
    const link = await connectTcp(listener.endpoint);
    heard.push(0);
    start(link, () => ++heard[i]! === 100 && isOver.resolve());
    links.push(link);
  }
  for (const link of links) link.write(encode("x"));
  await isOver.promise;
  const least = Math.min(...heard);
  for (const link of links) link.abort("done");
  listener.close();
  await Promise.all(closed);
  assertEquals(least > 50, true, `the one heard least was heard ${least} times`);
});

/** Rounds that know who is there. */
class CountedRounds extends ReadingRounds {
  links = 0;

  override join(): void {
    super.join();
    this.links++;
  }

  override leave(): void {
    super.leave();
    this.links--;
  }
}

Deno.test("a link takes part in the rounds from when it is open until it is closed", async () => {
  const rounds = new CountedRounds();
  const accepted = Promise.withResolvers<Link>();
  const listener = listenTcp(ANY_PORT, { rounds }, accepted.resolve);
  const peer = await connectTcp(listener.endpoint, { rounds });
  const links = [peer, await accepted.promise] as const;
  const recorders = links.map((link) => new LinkRecorder(link));
  for (const [i, link] of links.entries()) link.start(recorders[i]!);
  assertEquals(rounds.links, 2);
  peer.end("done");
  for (const recorder of recorders) await recorder.untilClosed();
  assertEquals(rounds.links, 0);
  listener.close();
});

Deno.test("a link that can be reset is, and one that cannot is closed", async () => {
  for (const canReset of [true, false]) {
    const listener = Deno.listen(ANY_PORT);
    const [link, accepted] = await Promise.all([
      connectTcp(listener.addr as Deno.NetAddr, { canReset }),
      listener.accept(),
    ]);
    const recorder = new LinkRecorder(link);
    link.start(recorder);
    link.reset!("done");
    const found = await accepted.read(new Uint8Array(1)).catch((error) => error.name);
    assertEquals(found, canReset && CAN_RESET ? "ConnectionReset" : null);
    await recorder.untilClosed();
    accepted.close();
    listener.close();
  }
});
