import { assert, assertEquals, assertMatch } from "@std/assert";
import type { HalfClosingLink } from "../../core/link.ts";
import { AdminWorld, HOST, TOKEN } from "./testing/admin_world.ts";
import { joinAll, TestConnection } from "./testing/users.ts";

const EVENTS = `GET /events HTTP/1.1\r\nHost: ${HOST}\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;

/** Listens to events on a link. */
function listen(link: HalfClosingLink): TestConnection {
  const talk = new TestConnection(link);
  talk.say(EVENTS);
  return talk;
}

/** The events that have come whole, as JSON. */
function eventsOf({ said }: TestConnection): { present: number; at: string }[] {
  const [, body = ""] = said.split("\r\n\r\n");
  return body.split("\n\n").slice(0, -1).map((event) => JSON.parse(event.replace("event: status\ndata: ", "")));
}

Deno.test("the status says who is here, by which dialect, from where, since when, and what waits for them", async () => {
  await AdminWorld.run(async (there) => {
    await joinAll(there);
    const [mute, other] = [
      new TestConnection(await there.connect("relay")),
      new TestConnection(await there.connect("relay")),
    ];
    mute.say("REGISTER TORECV mute\n\n");
    other.say("REGISTER TOSEND mute\n\n");
    await there.pass(100);
    other.say("SEND mute\nContent-length: 2\n\nhi");
    await there.pass(100);
    const { status, text } = await there.ask("GET", "/status");
    const report = JSON.parse(text);
    assertEquals([status, report.state, report.ready, report.present], [200, "serving", true, 6]);
    const dialects = report.members.map(({ dialect }: { dialect: string }) => dialect).sort();
    assertEquals(dialects, ["frame", "group", "relay", "relay", "room", "slash"]);
    const found = report.members.find(({ name }: { name: string }) => name === "mute");
    assertEquals([found.dialect, found.address, found.waiting], ["relay", "192.0.2.1", { messages: 1, bytes: 0 }]);
    assertMatch(found.since, /^\d{4}-\d\d-\d\dT/);
    const { relay } = report.dialects;
    assertEquals([relay.accepted, relay.inFlight, relay.users, relay.connections], [1, 1, 2, 4]);
    assertEquals(report.listeners.length, 5);
  });
});

Deno.test("events tell the status at once and then every second, until their reader goes or the server stops", async () => {
  let last: TestConnection | undefined;
  await AdminWorld.run(async (there) => {
    const link = await there.knock();
    const first = listen(link);
    last = listen(await there.knock());
    await there.pass(2_500);
    await joinAll(there);
    await there.pass(500);
    assertEquals(eventsOf(first).map(({ present }) => present).slice(0, 3), [0, 0, 0]);
    assertEquals([eventsOf(first).at(-1)!.present, first.isClosed], [5, false]);
    link.end("done");
    await there.pass(3_000);
    assert(eventsOf(last).length - eventsOf(first).length >= 2, "the other one goes on");
  });
  assert(last?.isClosed);
});

Deno.test("a reader who takes nothing is sent nothing more and closed, and others lose nothing by it", async () => {
  await AdminWorld.run(async (there) => {
    const link = await there.knock();
    const slow = listen(link);
    const quick = listen(await there.knock());
    await there.pass(1_500);
    link.pause();
    const before = eventsOf(quick).length;
    // More than fits on the way to it and into its queue: it is closed, and its queue has never more than one event.
    await there.pass(600_000);
    assertEquals(eventsOf(quick).length - before, 600);
    assert(eventsOf(slow).length < 600);
    const limit = await Promise.all(Array.from({ length: 20 }, async () => listen(await there.knock())));
    await there.pass(100);
    const refused = limit.filter(({ said }) => said.startsWith("HTTP/1.1 503"));
    assert(refused.length >= 4 && refused.length <= 6, `${refused.length} were refused`);
  });
});
