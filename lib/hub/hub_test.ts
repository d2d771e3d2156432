import { assertEquals, assertThrows } from "@std/assert";
import { Deadlines } from "../core/deadlines.ts";
import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT, UNKNOWN } from "../core/outcome.ts";
import type { Delivery, OutcomeObserver, Recipient } from "./delivery.ts";
import type { Said } from "./forms.ts";
import { Hub } from "./hub.ts";
import { IdPool } from "./id_pool.ts";
import type { Introduction } from "./member.ts";
import type { Presence } from "./presence.ts";

const numbered = (id: number) => `id${id}`;
const HERE: Introduction = { dialect: "test", remote: { hostname: "127.0.0.1", port: 1 } };

function startHub() {
  const deadlines = new Deadlines(0);
  return { deadlines, hub: new Hub({ ackTimeout: 1000, deadlines, wallClock: () => 42, ids: new IdPool(2, 255) }) };
}

/** Claims the lowest free number of a hub that is alone, which is decided at once. */
function claimId(hub: Hub): Presence | undefined {
  let claimed: Presence | undefined;
  hub.claimId(numbered, HERE, (holder) => claimed = holder);
  return claimed;
}

/** Somebody who keeps all deliveries, and settles them when the test does. */
class Patient implements Recipient {
  readonly deliveries: Delivery[] = [];
  deliver(delivery: Delivery): void {
    this.deliveries.push(delivery);
  }
}

class Outcomes implements OutcomeObserver {
  readonly all: Outcome[] = [];
  settled(outcome: Outcome): void {
    this.all.push(outcome);
  }
}

function enter(hub: Hub, name: string): { presence: Presence; recipient: Patient } {
  const presence = hub.claim(name, HERE)!;
  const recipient = new Patient();
  presence.enter(recipient);
  return { presence, recipient };
}

const BODY = new TextEncoder().encode("hi");

Deno.test("a name belongs to the first who claims it, until they leave", () => {
  const { hub } = startHub();
  const first = hub.claim("alice", HERE)!;
  assertEquals(hub.claim("alice", HERE), undefined);
  first.leave();
  const second = hub.claim("alice", HERE);
  assertEquals(second?.name, "alice");
  first.leave();
  assertEquals(hub.claim("alice", HERE), undefined, "leaving twice does not free what somebody else holds");
});

Deno.test("a name that is held but not entered cannot be reached and is not present", () => {
  const { hub } = startHub();
  const { presence: alice } = enter(hub, "alice");
  hub.claim("bob", HERE);
  const outcomes = new Outcomes();
  alice.send("bob", BODY, outcomes);
  assertEquals(outcomes.all, [UNKNOWN]);
  assertEquals([...hub.members()].map((member) => member.name), ["alice"]);
});

Deno.test("a message reaches its recipient, who settles it once", () => {
  const { hub, deadlines } = startHub();
  const [alice, bob] = [enter(hub, "alice"), enter(hub, "bob")];
  const outcomes = new Outcomes();
  alice.presence.send("bob", BODY, outcomes);
  const [delivery] = bob.recipient.deliveries;
  assertEquals([delivery!.from.name, delivery!.audience, delivery!.body], ["alice", "direct", BODY]);
  assertEquals(outcomes.all, []);
  delivery!.settle(refused("too-long"));
  delivery!.settle(DELIVERED);
  assertEquals(outcomes.all, [refused("too-long")]);
  assertEquals(deadlines.pending, 0);
});

Deno.test("a recipient that does not settle in time has timed out, and settles nothing afterwards", () => {
  const { hub, deadlines } = startHub();
  const [alice, bob] = [enter(hub, "alice"), enter(hub, "bob")];
  const outcomes = new Outcomes();
  alice.presence.send("bob", BODY, outcomes);
  deadlines.advance(999);
  assertEquals(outcomes.all, []);
  deadlines.advance(1020);
  bob.recipient.deliveries[0]!.settle(DELIVERED);
  assertEquals(outcomes.all, [TIMED_OUT]);
});

Deno.test("a broadcast reaches all others and is delivered when all have it", () => {
  const { hub } = startHub();
  const [alice, bob, carol] = [enter(hub, "alice"), enter(hub, "bob"), enter(hub, "carol")];
  const outcomes = new Outcomes();
  alice.presence.broadcast(BODY, outcomes);
  assertEquals(alice.recipient.deliveries.length, 0);
  bob.recipient.deliveries[0]!.settle(DELIVERED);
  assertEquals([outcomes.all, bob.recipient.deliveries[0]!.audience], [[], "everyone"]);
  carol.recipient.deliveries[0]!.settle(DELIVERED);
  assertEquals(outcomes.all, [DELIVERED]);
});

Deno.test("a broadcast is put into a form once for all its recipients, and a direct message for its own", () => {
  const { hub } = startHub();
  const [alice, bob, carol] = [enter(hub, "alice"), enter(hub, "bob"), enter(hub, "carol")];
  let made = 0;
  const form = ({ from, audience, body }: Said) => `${++made}: ${from.name} to ${audience}, ${body.length} bytes`;
  const otherForm = ({ body }: Said) => body.length;
  alice.presence.broadcast(BODY, new Outcomes());
  const [first, second] = [bob, carol].map(({ recipient }) => recipient.deliveries[0]!);
  assertEquals([first!.as(form), second!.as(form)], Array(2).fill("1: alice to everyone, 2 bytes"));
  assertEquals([first!.as(otherForm), second!.as(otherForm)], [2, 2]);
  alice.presence.broadcast(BODY, new Outcomes());
  assertEquals(bob.recipient.deliveries[1]!.as(form), "2: alice to everyone, 2 bytes");
  alice.presence.send("bob", BODY, new Outcomes());
  assertEquals(bob.recipient.deliveries[2]!.as(form), "3: alice to direct, 2 bytes");
});

Deno.test("a broadcast that somebody did not get reports the first reason, when all are known", () => {
  const { hub } = startHub();
  const [alice, bob, carol, dave] = ["alice", "bob", "carol", "dave"].map((name) => enter(hub, name));
  const outcomes = new Outcomes();
  alice!.presence.broadcast(BODY, outcomes);
  carol!.recipient.deliveries[0]!.settle(GONE);
  bob!.recipient.deliveries[0]!.settle(TIMED_OUT);
  assertEquals(outcomes.all, []);
  dave!.recipient.deliveries[0]!.settle(DELIVERED);
  assertEquals(outcomes.all, [GONE]);
});

Deno.test("a broadcast to nobody is unknown", () => {
  const { hub } = startHub();
  const outcomes = new Outcomes();
  enter(hub, "alice").presence.broadcast(BODY, outcomes);
  assertEquals(outcomes.all, [UNKNOWN]);
});

Deno.test("a broadcast is confirmed without a recipient that does not count", () => {
  const { hub } = startHub();
  const [alice, bob, carol] = [enter(hub, "alice"), enter(hub, "bob"), enter(hub, "carol")];
  const outcomes = new Outcomes();
  alice.presence.broadcast(BODY, outcomes);
  bob.recipient.deliveries[0]!.exempt();
  bob.recipient.deliveries[0]!.settle(GONE);
  assertEquals(outcomes.all, []);
  carol.recipient.deliveries[0]!.settle(DELIVERED);
  assertEquals(outcomes.all, [DELIVERED]);
});

Deno.test("a broadcast that counts for nobody is unknown", () => {
  const { hub, deadlines } = startHub();
  const [alice, bob] = [enter(hub, "alice"), enter(hub, "bob")];
  const outcomes = new Outcomes();
  alice.presence.broadcast(BODY, outcomes);
  bob.recipient.deliveries[0]!.exempt();
  assertEquals([outcomes.all, deadlines.pending], [[UNKNOWN], 0]);
});

Deno.test("everybody gets the lowest free number, up to the last, and those who come later none", () => {
  const { hub } = startHub();
  const members = Array.from({ length: 255 }, (_, i) => enter(hub, `user${i}`).presence);
  assertEquals(members.map((member) => member.id), [...Array.from({ length: 254 }, (_, i) => i + 2), undefined]);
  members[5]!.leave();
  assertEquals(hub.find(7), undefined);
  assertEquals(enter(hub, "late").presence.id, 7);
  assertEquals(hub.find(7)?.name, "late");
});

Deno.test("who is present provisionally can be reached, and holds a number when confirmed, if one is free by then", () => {
  const { hub } = startHub();
  const seen: string[] = [];
  hub.watch({
    entered: ({ name, isProvisional }) => seen.push(`+${name} ${isProvisional}`),
    confirmed: ({ name, id }) => seen.push(`!${name} ${id}`),
    left: ({ name, isProvisional }) => seen.push(`-${name} ${isProvisional}`),
  });
  const [alice, bob, carol] = ["alice", "bob", "carol"].map((name) => hub.claim(name, HERE)!);
  for (const presence of [alice!, bob!, carol!]) {
    presence.confirm();
    presence.enter(new Patient(), presence !== bob);
  }
  assertEquals([alice!.id, bob!.id, hub.find("alice")?.name], [undefined, 2, "alice"]);
  carol!.confirm();
  carol!.confirm();
  alice!.leave();
  alice!.confirm();
  assertEquals([carol!.id, alice!.id], [3, undefined]);
  assertEquals(seen, ["+alice true", "+bob false", "+carol true", "!carol 3", "-alice true"]);
});

Deno.test("a claimed number comes with its name, skips names that are taken, and is refused when all are held", () => {
  const { hub } = startHub();
  hub.claim("id2", HERE);
  const holder = claimId(hub)!;
  assertEquals([holder.name, holder.id], ["id3", 3]);
  for (let i = 0; i < 252; i++) claimId(hub);
  assertEquals(claimId(hub), undefined);
  holder.leave();
  assertEquals(claimId(hub)?.name, "id3");
});

Deno.test("a message reaches the holder of a number once they are reachable", () => {
  const { hub } = startHub();
  const alice = enter(hub, "alice");
  const holder = claimId(hub)!;
  const outcomes = new Outcomes();
  alice.presence.send(3, BODY, outcomes);
  assertEquals(outcomes.all, [UNKNOWN]);
  const recipient = new Patient();
  holder.enter(recipient);
  alice.presence.send(3, BODY, outcomes);
  assertEquals(recipient.deliveries.length, 1);
});

Deno.test("watchers are told of all who come and go, and of nobody who never entered", () => {
  const { hub } = startHub();
  const seen: string[] = [];
  const unwatch = hub.watch({
    entered: (member) => seen.push(`+${member.name} ${member.id} ${member.since}`),
    left: (member) => seen.push(`-${member.name}`),
  });
  const alice = enter(hub, "alice").presence;
  hub.claim("bob", HERE)!.leave();
  alice.leave();
  unwatch();
  enter(hub, "carol");
  assertEquals(seen, ["+alice 2 42", "-alice"]);
});

Deno.test("the books balance: what was accepted is delivered, refused by reason, or on its way, and never two of these", () => {
  const { hub, deadlines } = startHub();
  const [alice, bob, carol] = [enter(hub, "alice"), enter(hub, "bob"), enter(hub, "carol")];
  const outcomes = new Outcomes();
  alice.presence.send("nobody", BODY, outcomes);
  alice.presence.send("bob", BODY, outcomes);
  alice.presence.broadcast(BODY, outcomes);
  alice.presence.send("bob", BODY, outcomes);
  assertEquals(hub.counters.onTheirWay, 3);
  bob.recipient.deliveries[0]!.settle(DELIVERED);
  bob.recipient.deliveries[0]!.settle(GONE);
  bob.recipient.deliveries[1]!.settle(DELIVERED);
  carol.recipient.deliveries[0]!.settle(refused("too-long"));
  deadlines.advance(2_000);
  const refusals = { "unknown": 1, "too-long": 1, "timed-out": 1 };
  const { accepted, delivered, refused: because } = hub.counters.accounts.get("test")!;
  assertEquals({ accepted, delivered, because: { ...because } }, { accepted: 4, delivered: 1, because: refusals });
  assertEquals(hub.counters.onTheirWay, 0);
});

Deno.test("how long it takes until messages are confirmed is measured of as many as are asked for", () => {
  const { hub } = startHub();
  const [alice, bob] = [enter(hub, "alice"), enter(hub, "bob")];
  const outcomes = new Outcomes();
  let now = 0;
  alice.presence.send("bob", BODY, outcomes);
  hub.counters.measureNext(3, () => now);
  for (let i = 0; i < 4; i++) alice.presence.send("bob", BODY, outcomes);
  for (const [i, time] of [0, 0, 20, 6_000, 9_000].entries()) {
    now = time;
    bob.recipient.deliveries[i]!.settle(i === 1 ? GONE : DELIVERED);
  }
  const { acknowledged } = hub.counters.accounts.get("test")!;
  const filled = acknowledged.counts.flatMap((count, i) => count > 0 ? [[acknowledged.bounds[i], count]] : []);
  assertEquals([filled, acknowledged.sum], [[[0.025, 1], [10, 1]], 6.02]);
});

Deno.test("nobody is called what could be taken for the server, nor shown as that", () => {
  const { hub } = startHub();
  for (const name of ["server", "System", "SERVER", "5erver", "syst3m", "server2"]) {
    assertEquals(hub.claim(name, HERE), undefined, name);
  }
  for (const title of ["s\u0435rver", "-= System =-", "\uff33erver"]) {
    assertEquals(hub.claim("carol", { ...HERE, title }), undefined, title);
  }
  for (const name of ["observer", "servers", "systematic", "5", "s"]) assertEquals(hub.claim(name, HERE)?.name, name);
});

Deno.test("where a hub was given no numbers, nobody holds one, and a dialect that needs one is told so", () => {
  const hub = new Hub({ ackTimeout: 1000, deadlines: new Deadlines(0), wallClock: () => 42 });
  const { presence } = enter(hub, "alice");
  assertEquals([presence.id, hub.find(2), hub.find("alice")?.name], [undefined, undefined, "alice"]);
  assertThrows(() => claimId(hub), TypeError, "no ID pool");
  presence.leave();
});
