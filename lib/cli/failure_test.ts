import { assertEquals, assertStringIncludes } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { failureOf } from "./failure.ts";

Deno.test("wrong usage is told in a line and ends with status 2, any other error of ours with 1", () => {
  assertEquals(failureOf(new ChatError("usage", "no"), false), { text: "chat: no\n", status: 2 });
  assertEquals(failureOf(new ChatError("port-in-use", "taken"), false), { text: "chat: taken\n", status: 1 });
});

Deno.test("an unexpected error is told in one line without its stack, and asks to be reported", () => {
  const { text, status } = failureOf(new TypeError("x is\nundefined"), false);
  assertEquals(text.split("\n").length, 2);
  assertStringIncludes(text, "chat: a fault of our own: TypeError: x is\\nundefined; please report it");
  assertEquals(status, 1);
});

Deno.test("with debug the stack comes first", () => {
  const { text } = failureOf(new TypeError("x"), true);
  assertStringIncludes(text, "failure_test.ts");
});

Deno.test("what is not even an error is told, too", () => {
  assertEquals(failureOf(undefined, true).text, "chat: a fault of our own: undefined\n");
});

Deno.test("a reader that went away is told nothing", () => {
  assertEquals(failureOf(new Deno.errors.BrokenPipe("gone"), false), { text: "", status: 141 });
});

Deno.test("whatever a message quotes cannot reach a terminal raw", () => {
  assertEquals(failureOf(new ChatError("usage", "\x1b[2J"), false).text, "chat: \\x1b[2J\n");
});
