import { assertEquals } from "@std/assert";
import { isShortage, shortageOf } from "./shortage.ts";

Deno.test("a name that cannot be looked up is no shortage while there are descriptors", () => {
  const cause = new Error("failed to lookup address information: Name or service not known");
  assertEquals(shortageOf(cause, "cannot reach it"), undefined);
});

Deno.test("what is short is said, and what to do about it", () => {
  const cause = Object.assign(new Error("Cannot allocate memory (os error 12)"), { code: "ENOMEM" });
  assertEquals(isShortage(cause), true);
  assertEquals(
    shortageOf(cause, "cannot listen")?.message,
    "cannot listen: the system has not enough of what that takes: Cannot allocate memory",
  );
});
