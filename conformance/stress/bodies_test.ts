import { assertEquals } from "@std/assert";
import { bodyOf, type Filling, readBody } from "./bodies.ts";

const FILLINGS: readonly Filling[] = ["words", "lookalike", "lines", "bytes"];

Deno.test("a body says which message it is, whatever it is filled with", () => {
  for (const filling of FILLINGS) {
    for (const size of [1, 24, 25, 100, 65_536]) {
      assertEquals(readBody(bodyOf(123, size, filling)), 123, `${filling} ${size}`);
    }
  }
});

Deno.test("a body in which one byte is another, more or missing is none", () => {
  const body = bodyOf(7, 60, "words");
  for (let i = 0; i < body.length; i++) {
    const other = body.with(i, body[i]! ^ 1);
    assertEquals(readBody(other), undefined, String(i));
    assertEquals(readBody(body.subarray(0, i)), undefined);
  }
  assertEquals(readBody(new Uint8Array([...body, 32])), undefined);
  assertEquals(readBody(new Uint8Array([...body.subarray(0, 30), ...bodyOf(8, 60, "words").subarray(30)])), undefined);
});
