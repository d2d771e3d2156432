import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import type { Delivery } from "../../hub/delivery.ts";
import { Hub } from "../../hub/hub.ts";
import type { Presence } from "../../hub/presence.ts";
import type { BroadcastLimit } from "../dialect.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { RelayServer } from "./server.ts";

/** A server whose clients are held to a limit, if one is given. */
function startServer(broadcasts?: BroadcastLimit) {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: 5000, deadlines, wallClock: () => 0 });
  const server = new RelayServer({ hub, deadlines, maxMessage: 65_536, log: () => {} }, { reply: "SENT" });
  const connect = () => {
    const link = new RecordedLink();
    const session = server.accept(link, broadcasts);
    link.start(session);
    return { link, session };
  };
  const register = (name: string) => {
    const [out, into] = [connect().link, connect().link];
    out.feed(`REGISTER TOSEND ${name}\n\n`);
    into.feed(`REGISTER TORECV ${name}\n\n`);
    assertEquals(out.take() + into.take(), `REGISTERED TOSEND ${name}\n\nREGISTERED TORECV ${name}\n\n`);
    return { out, in: into };
  };
  return { hub, server, connect, register };
}

const send = (to: string, body: string) => `SEND ${to}\nContent-length: ${body.length}\n\n${body}`;
const forward = (from: string, body: string) => `FORWARD ${from}\nContent-length: ${body.length}\n\n${body}`;

/** Holds everybody for each broadcast until the test lets them go on, and keeps what was charged. */
function holding() {
  const charged: [number, number][] = [];
  let goOn: (() => void) | undefined;
  const limit: BroadcastLimit = {
    charge: (recipients, bytes, resume) => {
      charged.push([recipients, bytes]);
      goOn = resume;
      return true;
    },
  };
  return { limit, charged, goOn: () => goOn?.() };
}

Deno.test("a broadcast is charged to its sender by recipients and bytes, and nothing behind it is handled before its time", () => {
  const { limit, charged, goOn } = holding();
  const { register } = startServer(limit);
  const [alice, bob, carol] = [register("alice"), register("bob"), register("carol")];
  alice.out.feed(send("ALL", "one") + send("ALL", "three") + send("bob", "direct"));
  assertEquals(bob.in.take(), forward("alice", "one"));
  assertEquals(charged, [[2, 3]]);
  goOn();
  assertEquals(bob.in.take(), forward("alice", "three"));
  assertEquals(carol.in.take(), forward("alice", "one") + forward("alice", "three"));
  assertEquals(charged, [[2, 3], [2, 5]]);
  goOn();
  assertEquals(bob.in.take(), forward("alice", "direct"));
});

Deno.test("who ends amid messages that wait for their time has them all sent before it leaves", () => {
  const { limit, goOn } = holding();
  const { hub, register } = startServer(limit);
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("ALL", "one") + send("bob", "two"));
  alice.out.feedEnd();
  assertEquals(hub.find("alice")?.name, "alice");
  goOn();
  assertEquals(bob.in.take(), forward("alice", "one") + forward("alice", "two"));
  assertEquals(hub.find("alice"), undefined);
});

Deno.test("a server that is shutting down sends no more of the messages that wait for their time", () => {
  const { limit, goOn } = holding();
  const { register, server } = startServer(limit);
  const [alice, bob] = [register("alice"), register("bob")];
  alice.out.feed(send("ALL", "one") + send("ALL", "two"));
  bob.in.take();
  server.drain();
  goOn();
  assertEquals(bob.in.take(), "");
});

Deno.test("a socket counts as registered when both are", () => {
  const { connect } = startServer();
  const sockets = ["TOSEND", "TORECV"].map((side) => ({ side, ...connect() }));
  const registered = () => sockets.map(({ session }) => session.isRegistered);
  for (const [i, { side, link }] of sockets.entries()) {
    assertEquals(registered(), [false, false]);
    link.feed(`REGISTER ${side} alice\n\n`);
    assertEquals(registered(), i === 0 ? [false, false] : [true, true]);
  }
});

Deno.test("a half that is dismissed for coming without its other half is told so, and its name is free", () => {
  const { connect, register } = startServer();
  const { link, session } = connect();
  link.feed("REGISTER TOSEND alice\n\n");
  link.take();
  session.dismiss("unregistered");
  assertEquals([link.take(), link.finish?.reason], ["ERROR 101 nobody registered in time\n\n", "unregistered"]);
  register("alice");
});

Deno.test("a recipient that acknowledges nothing does not keep what it was sent in the server's memory", () => {
  const { hub, register } = startServer();
  const [alice] = [register("alice"), register("bob")];
  const bob = hub.find("bob") as Presence;
  const taken: Delivery[] = [];
  const recipient = bob.recipient!;
  bob.recipient = {
    deliver: (delivery) => {
      recipient.deliver(delivery);
      taken.push(delivery);
    },
  };
  alice!.out.feed(send("bob", "hello"));
  assertEquals(taken.map(({ isSettled, body }) => [isSettled, body.length]), [[false, 0]]);
});
