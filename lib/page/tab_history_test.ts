import { assertEquals } from "@std/assert";
import { EVERYONE } from "../core/name.ts";
import { Threads } from "./threads.ts";
import { readHistory, writeHistory } from "./tab_history.ts";

Deno.test("only the newest of what was said is remembered, and not more than a browser has room for", () => {
  const threads = new Threads();
  for (let time = 0; time < 3_000; time++) {
    threads.add(time % 3 === 0 ? "bob" : EVERYONE, { time, from: "bob", text: String(time) });
  }
  const written = writeHistory({ name: "alice", threads });
  const again = readHistory(written)!.threads;
  assertEquals([again.with("bob").entries.length, again.with(EVERYONE).entries.length], [166, 334]);
  assertEquals(again.with(EVERYONE).entries.at(-1)!.text, "2999");
  for (let time = 3_000; time < 3_100; time++) {
    threads.add("bob", { time, from: "bob", text: "x".repeat(50_000) });
  }
  assertEquals(writeHistory({ name: "alice", threads }).length < 600_000, true);
});

Deno.test("what something else has written under the same name is nothing", () => {
  for (
    const other of [null, "", "{", "1", "null", '{"version":2}', '{"version":1}', '{"version":1,"threads":[1]}']
  ) {
    assertEquals(readHistory(other), undefined, String(other));
  }
});
