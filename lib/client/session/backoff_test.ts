import { assertEquals } from "@std/assert";
import { Backoff } from "./backoff.ts";

Deno.test("the first attempt is at once, the others wait longer and longer, up to a minute", () => {
  const backoff = new Backoff(() => 0);
  const waits = Array.from({ length: 9 }, () => backoff.next());
  assertEquals(waits, [0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
  backoff.reset();
  assertEquals(backoff.next(), 0);
});

Deno.test("chance cuts a wait by up to a half", () => {
  const backoff = new Backoff(() => 0.5);
  backoff.next();
  assertEquals([backoff.next(), backoff.next()], [750, 1500]);
});
