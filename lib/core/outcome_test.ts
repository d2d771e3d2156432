import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, refused, TIMED_OUT, UNKNOWN } from "./outcome.ts";

Deno.test("only one outcome says that every recipient has the message", () => {
  const outcomes = [DELIVERED, UNKNOWN, GONE, TIMED_OUT, refused("too-long")];
  assertEquals(outcomes.map((outcome) => outcome.kind), ["delivered", "unknown", "gone", "timed-out", "refused"]);
});

Deno.test("a refusal says why", () => {
  assertEquals(refused("unreadable"), { kind: "refused", reason: "unreadable" });
});
