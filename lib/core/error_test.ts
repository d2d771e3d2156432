import { assertEquals, assertInstanceOf, assertStrictEquals } from "@std/assert";
import { ChatError } from "./error.ts";

Deno.test("an error carries its code, its message and what led to it", () => {
  const cause = new Error("EADDRINUSE");
  const error = new ChatError("port-in-use", "port 4000 is taken", { cause });
  assertInstanceOf(error, Error);
  assertEquals([error.code, error.message, error.name], ["port-in-use", "port 4000 is taken", "ChatError"]);
  assertStrictEquals(error.cause, cause);
  assertEquals(String(error), "ChatError: port 4000 is taken");
});

Deno.test("an error that nothing led to has no cause", () => {
  assertEquals("cause" in new ChatError("bad-address", "no address"), false);
});
