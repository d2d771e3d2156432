import { assert, assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { Hub } from "../../hub/hub.ts";
import { RecordedLink } from "../testing/recorded_link.ts";
import { WebServer } from "./server.ts";

/** A server, and who connects to it; time passes by `pass`. */
function startServer({ maxMessage = 1_000, maxQueue = 1 << 20 } = {}) {
  const deadlines = new Deadlines(0);
  const hub = new Hub({ ackTimeout: 5_000, deadlines, wallClock: () => 0 });
  const server = new WebServer({ hub, deadlines, maxMessage, maxQueue, log: () => {} });
  const connect = () => {
    const link = new RecordedLink();
    const session = server.accept(link);
    link.start(session);
    link.take();
    const say = (message: unknown) => link.feed(typeof message === "string" ? message : JSON.stringify(message));
    return { link, session, say, take: () => link.take() };
  };
  const join = (name: string) => {
    const user = connect();
    user.say({ type: "join", name });
    user.take();
    return user;
  };
  const pass = (duration: number) => {
    for (const end = deadlines.now + duration; deadlines.now < end;) deadlines.advance(deadlines.now + 50);
  };
  return { hub, server, connect, join, pass };
}

Deno.test("a newcomer is told who is there, in parts if they are many, and everybody else of the newcomer", () => {
  const { connect, join, hub } = startServer();
  const remote = { hostname: "192.0.2.1", port: 1 };
  const users = Array.from({ length: 1_200 }, (_, i) => hub.claim(`user${i}`, { dialect: "relay", remote })!);
  for (const user of users) user.enter({ deliver: () => {} });
  const alice = connect();
  alice.say({ type: "join", name: "alice" });
  const told = alice.take();
  assert(told.startsWith('{"type":"joined","name":"alice","present":[{"name":"user0","dialect":"relay"},'));
  assertEquals(told.match(/"dialect"/g)?.length, 500);
  users[600]!.leave();
  assertEquals(alice.take(), '{"type":"absent","name":"user600"}');
  let rest = "";
  for (let i = 0; i < 3; i++) {
    alice.link.flush();
    rest += alice.take();
  }
  assertEquals(rest.match(/\{"type":"present"/g)?.length, 699);
  join("bob");
  assertEquals(alice.take(), '{"type":"present","name":"bob","dialect":"web"}');
});

Deno.test("a message is delivered when its number is acknowledged, and only that", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice"), join("bob")];
  alice.take();
  alice.say({ type: "send", id: 7, to: "bob", text: "one" });
  alice.say({ type: "send", id: 8, to: "bob", text: "two" });
  assertEquals(
    bob.take(),
    '{"type":"message","number":1,"from":"alice","to":"you","text":"one"}' +
      '{"type":"message","number":2,"from":"alice","to":"you","text":"two"}',
  );
  for (const number of [3, 0, 2 ** 40]) bob.say({ type: "received", number });
  assertEquals(alice.take(), "");
  bob.say({ type: "received", number: 2 });
  assertEquals(alice.take(), '{"type":"outcome","id":8,"kind":"delivered"}');
  bob.link.close("lost");
  assertEquals(alice.take(), '{"type":"absent","name":"bob"}{"type":"outcome","id":7,"kind":"gone"}');
});

Deno.test("of a broadcast it is told how many have it, whatever became of the others", () => {
  const { join, pass } = startServer();
  const [alice, bob, carol, dave] = [join("alice"), join("bob"), join("carol"), join("dave")];
  alice.take();
  alice.say({ type: "send", id: 1, text: "hi" });
  for (const user of [bob, carol]) user.say({ type: "received", number: 1 });
  assertEquals(alice.take(), "");
  pass(5_100);
  assertEquals(alice.take(), '{"type":"outcome","id":1,"kind":"timed-out","delivered":2,"recipients":3}');
  dave.say({ type: "received", number: 1 });
  assertEquals(alice.take(), "");
});

Deno.test("who leaves three messages unanswered and says nothing is closed, and who says anything is not", () => {
  const { join, pass } = startServer();
  const [alice, bob] = [join("alice"), join("bob")];
  for (let id = 0; id < 3; id++) alice.say({ type: "send", id, to: "bob", text: "hi" });
  pass(14_000);
  bob.say({ type: "received", number: 99 });
  pass(10_000);
  assertEquals(bob.link.finish, undefined);
  pass(6_000);
  assertEquals(bob.link.finish?.reason, "unresponsive");
  assert(
    bob.take().endsWith('{"type":"bye","code":"unresponsive","reason":"the peer leaves too many messages unanswered"}'),
  );
});

Deno.test("a sender whose outcomes are open is read no further, and reads on when half of them are known", () => {
  const { join } = startServer();
  const [alice, bob] = [join("alice"), join("bob")];
  for (let id = 1; id <= 256; id++) alice.say({ type: "send", id, to: "bob", text: "hi" });
  assertEquals(alice.link.paused, true);
  for (let number = 1; number <= 128; number++) bob.say({ type: "received", number });
  assertEquals(alice.link.paused, true);
  bob.say({ type: "received", number: 129 });
  assertEquals(alice.link.paused, false);
});

Deno.test("what cannot be said in bytes, or is too long, is refused to its sender, and closes nothing", () => {
  const { join } = startServer({ maxMessage: 4 });
  const [alice, bob] = [join("alice"), join("bob")];
  alice.take();
  alice.say('{"type":"send","id":1,"to":"bob","text":"\\ud83d"}');
  alice.say({ type: "send", id: 2, to: "bob", text: "éé!" });
  alice.say({ type: "send", id: 3, to: "bob", text: "éé" });
  assertEquals(
    alice.take(),
    '{"type":"outcome","id":1,"kind":"refused","reason":"not-text"}{"type":"outcome","id":2,"kind":"refused","reason":"too-long"}',
  );
  assertEquals(bob.take(), '{"type":"message","number":1,"from":"alice","to":"you","text":"éé"}');
});

Deno.test("a message that would not fit into its recipient's queue is refused, and the recipient stays", () => {
  const { join } = startServer({ maxMessage: 1_000, maxQueue: 4_096 });
  const [alice, bob] = [join("alice"), join("bob")];
  alice.take();
  alice.say({ type: "send", id: 1, to: "bob", text: "\0".repeat(1_000) });
  assertEquals(alice.take(), '{"type":"outcome","id":1,"kind":"refused","reason":"too-long"}');
  assertEquals([bob.take(), bob.link.finish], ["", undefined]);
});

Deno.test("names are refused with why, ten times", () => {
  const { connect, join } = startServer();
  join("alice");
  const bob = connect();
  const code = (name: string) => {
    bob.say({ type: "join", name });
    return JSON.parse(bob.take()).code;
  };
  assertEquals(["", "ALL", "a b", "alice", "alice", "server", "x".repeat(256), "al\u0131ce"].map(code), [
    ...["malformed", "malformed", "malformed", "taken", "taken", "taken", "malformed", "malformed"],
  ]);
  code("");
  bob.say({ type: "join", name: "" });
  assertEquals(bob.take().match(/"code":"(\w+)"/g), ['"code":"malformed"', '"code":"refused"']);
  assertEquals(bob.link.finish, { how: "end", reason: "refused" });
});

Deno.test("a server that stops says so, behind the outcomes that it still owes", () => {
  const { join, server } = startServer();
  const [alice, bob] = [join("alice"), join("bob")];
  alice.take();
  alice.say({ type: "send", id: 1, to: "bob", text: "hi" });
  server.drain();
  assertEquals([alice.link.paused, server.isBusy], [true, true]);
  bob.say({ type: "received", number: 1 });
  assertEquals(server.isBusy, false);
  server.close();
  assertEquals(
    alice.take(),
    '{"type":"outcome","id":1,"kind":"delivered"}{"type":"bye","code":"shutdown","reason":"the server is shutting down"}',
  );
  assertEquals(alice.link.finish, { how: "end", reason: "shutdown" });
});

Deno.test("whoever has to go by the will of an operator is told so", () => {
  const { hub, join } = startServer();
  const alice = join("alice");
  hub.local("alice")!.evict("kicked");
  assert(alice.take().startsWith('{"type":"bye","code":"kicked","reason":"an operator of the server closed'));
  assertEquals(hub.find("alice"), undefined);
});
