import { assert, assertEquals } from "@std/assert";
import { Repetitions } from "./repetitions.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a request without an answer is sent five times in all", () => {
  const repetitions = new Repetitions();
  assertEquals(repetitions.next(), undefined);
  repetitions.sent(bytes("register"));
  assertEquals(Array.from({ length: 6 }, () => repetitions.next()?.length), [8, 8, 8, 8, undefined, undefined]);
  repetitions.sent(bytes("dereg"));
  assertEquals(repetitions.next(), bytes("dereg"));
});

Deno.test("a request that may have been answered is not sent again", () => {
  const repetitions = new Repetitions();
  repetitions.sent(bytes("register"));
  assert(repetitions.isAsking);
  repetitions.heard();
  assertEquals([repetitions.isAsking, repetitions.next()], [false, undefined]);
});

Deno.test("only what was taken can be repeated", () => {
  const repetitions = new Repetitions();
  repetitions.taken(bytes("ack"));
  assertEquals([repetitions.isRepeated(bytes("ack")), repetitions.isRepeated(bytes("nack"))], [true, false]);
});
