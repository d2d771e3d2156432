import { assertEquals } from "@std/assert";
import { EVERYONE } from "../core/name.ts";
import { MAX_ENTRIES } from "./thread.ts";
import { Threads } from "./threads.ts";

Deno.test("a thread keeps its newest entries, under the numbers that they always had", () => {
  const threads = new Threads();
  const count = 3 * MAX_ENTRIES;
  for (let time = 0; time < count; time++) threads.add(EVERYONE, { time, from: "bob", text: String(time) });
  const { open } = threads;
  assertEquals([open.end, open.entries.length <= 1.1 * MAX_ENTRIES], [count, true]);
  assertEquals([open.at(count - 1)?.text, open.at(open.dropped)?.text], [`${count - 1}`, `${open.dropped}`]);
  assertEquals([open.at(open.dropped - 1), open.at(count)], [undefined, undefined]);
});

Deno.test("whoever talks, under however many names, what is kept of it stays within bounds", () => {
  const threads = new Threads();
  for (let time = 0; time < 1_000; time++) {
    threads.add(`n${time}`, { time, from: `n${time}`, text: "x".repeat(65_536) });
    threads.with(`n${time}`).markUnread();
  }
  const all = [...threads.all()];
  assertEquals(all.reduce((sum, { size }) => sum + size, 0) <= 8_000_000, true);
  assertEquals([all.length, all[0]!.partner, all.at(-1)!.partner], [500, EVERYONE, "n999"]);
  assertEquals(all.at(-1)!.entries.length, 1, "what has just come is there");
});

Deno.test("those with whom one talked last come first, and one that is looked at is there before anything is said", () => {
  const threads = new Threads();
  threads.add("bob", { time: 1, from: "bob", text: "" });
  threads.add("carol", { time: 2, from: "carol", text: "" });
  threads.look("dave");
  assertEquals(threads.direct().map(({ partner }) => partner), ["carol", "bob", "dave"]);
  threads.look(EVERYONE);
  assertEquals(threads.direct().map(({ partner }) => partner), ["carol", "bob"]);
});
