import { assertEquals } from "@std/assert";
import type { Fixture } from "../fixtures/fixture.ts";
import { OtherServers } from "./other_servers.ts";

const CLAUSE = { slug: "demo/wait", level: "must", text: "waits" } as const;

function fixture(name: string): Fixture {
  return { name, clause: CLAUSE, title: name, file: name, needs: [], exclusive: false, patient: true, steps: [] };
}

Deno.test("what may wait long has another server started only where the others wait already", () => {
  const servers = new OtherServers();
  const [one, two] = [fixture("one"), fixture("two")];
  assertEquals(servers.idle(8, "patient", 2), 1);
  servers.begin(1, one, "patient");
  assertEquals(servers.idle(8, "patient", 1), undefined);
  servers.stalled(one);
  assertEquals([servers.idle(8, "patient", 1), servers.idle(2, "patient", 1)], [2, undefined]);
  servers.begin(2, two, "patient");
  assertEquals(servers.playing(CLAUSE.slug), [one, two]);
  servers.end(1);
  assertEquals([servers.idle(8, "patient", 1), servers.areIdle], [1, false]);
});

Deno.test("what is played again has a server at once, and what is played alone only where many wait for their turn", () => {
  const servers = new OtherServers();
  assertEquals([servers.idle(8, "alone", 11), servers.idle(8, "alone", 12)], [undefined, 1]);
  servers.begin(1, fixture("one"), "again");
  assertEquals(servers.idle(8, "again", 1), 2);
  assertEquals(
    [servers.idle(8, "alone", 7), servers.idle(8, "alone", 8)],
    [undefined, 2],
    "something fails, and waits",
  );
  servers.end(1);
  assertEquals(servers.idle(8, "alone", 1), 1, "it runs already");
});

Deno.test("of what is played alone only some is played at a time, however many servers there may be", () => {
  const servers = new OtherServers();
  for (const number of [1, 2, 3]) {
    assertEquals(servers.idle(8, "alone", 100), number);
    servers.begin(number, fixture(`${number}`), "alone");
  }
  assertEquals([servers.idle(8, "alone", 100), servers.idle(8, "again", 1)], [undefined, 4]);
});

Deno.test("what waits long leaves some servers to what is played again", () => {
  const servers = new OtherServers();
  const waiting = ["a", "b", "c", "d"].map((name) => fixture(name));
  for (const [i, one] of waiting.entries()) {
    assertEquals(servers.idle(8, "patient", 9), i + 1);
    servers.begin(i + 1, one, "patient");
    assertEquals(servers.hasPatience(one), false, "it may be answered at once");
    servers.stalled(one);
    assertEquals(servers.hasPatience(one), true);
  }
  assertEquals([servers.idle(8, "patient", 9), servers.idle(8, "again", 1)], [undefined, 5]);
});
