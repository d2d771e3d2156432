import { assertEquals } from "@std/assert";
import type { Fixture } from "./fixture.ts";
import { select } from "./select.ts";

const FIXTURES = ["send-unknown", "send-unknown-namesake", "broadcast"].map((stem): Fixture => ({
  name: `relay/${stem}`,
  clause: { slug: stem === "broadcast" ? "relay/broadcast" : "relay/send-unknown", level: "must", text: stem },
  title: stem,
  file: `fixtures/relay/${stem}.chat`,
  needs: [],
  alone: false,
  patient: false,
  steps: [],
}));

function selected(...globs: string[]): string[] {
  return select(FIXTURES, globs).map(({ file }) => file.slice("fixtures/relay/".length));
}

Deno.test("a filter matches the clause, the fixture or the file, with or without what is before the slash", () => {
  assertEquals(selected("relay/send-unknown"), ["send-unknown.chat", "send-unknown-namesake.chat"]);
  assertEquals(selected("send-unknown-namesake"), ["send-unknown-namesake.chat"]);
  assertEquals(selected("broadcast.chat"), ["broadcast.chat"]);
  assertEquals(selected("fixtures/relay/broadcast.chat"), ["broadcast.chat"]);
  assertEquals(selected("relay/*").length, 3);
  assertEquals(selected("*-namesak?"), ["send-unknown-namesake.chat"]);
  assertEquals(selected("broadcast", "*namesake").length, 2);
});

Deno.test("a filter is matched as a whole, and its other characters stand for themselves", () => {
  assertEquals(selected("broad"), []);
  assertEquals(selected("broadcast.*"), ["broadcast.chat"]);
  assertEquals(selected("[b]roadcast"), []);
  assertEquals(selected("broadcastXchat"), []);
});

Deno.test("no filter selects all", () => {
  assertEquals(selected().length, 3);
});
