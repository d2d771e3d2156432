import { assertEquals } from "@std/assert";
import { FakeTimer } from "../testing/fake_timer.ts";
import { WaitingLines } from "./waiting_lines.ts";

function begin() {
  const time = new FakeTimer();
  const told: string[] = [];
  return { time, told, lines: new WaitingLines(time.timer, (text) => told.push(text)) };
}

Deno.test("lines behind one that has no answer for a second are told, once each, also those that come later", () => {
  const { time, told, lines } = begin();
  lines.sent(1, "one");
  lines.sent(2, "two");
  time.advance(999);
  assertEquals(told, []);
  time.advance(1);
  lines.sent(3, "three");
  time.advance(60_000);
  assertEquals(told, ["waiting behind one: two", "waiting behind one: three"]);
});

Deno.test("the next line has a second of its own, and what was told to wait is not told again", () => {
  const { time, told, lines } = begin();
  for (const [i, line] of ["one", "two", "three"].entries()) lines.sent(i + 1, line);
  time.advance(1_000);
  lines.settled(1);
  lines.sent(4, "four");
  time.advance(999);
  assertEquals(told.splice(0), ["waiting behind one: two", "waiting behind one: three"]);
  time.advance(1);
  assertEquals(told, ["waiting behind two: four"]);
});

Deno.test("nothing is told of lines that are answered one after the other, and no timer is left", () => {
  const { time, told, lines } = begin();
  for (let i = 1; i <= 100; i++) lines.sent(i, `line ${i}`);
  for (let i = 1; i <= 100; i++) {
    time.advance(900);
    lines.settled(i);
  }
  assertEquals([told, time.pending], [[], 0]);
});

Deno.test("nothing is told after the end", () => {
  const { time, told, lines } = begin();
  lines.sent(1, "one");
  lines.sent(2, "two");
  lines.stop();
  time.advance(10_000);
  assertEquals([told, time.pending], [[], 0]);
});
