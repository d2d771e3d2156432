import { assertEquals, assertMatch } from "@std/assert";
import { CLOSE_REASONS } from "./close_reason.ts";

Deno.test("each reason is a lower-case code, with words of its own that go into one line of a log", () => {
  for (const [code, words] of Object.entries(CLOSE_REASONS)) {
    assertMatch(code, /^[a-z]+(-[a-z]+)*$/);
    assertMatch(words, /^[a-z][A-Za-z ,]+[a-z]$/);
  }
  assertEquals(new Set(Object.values(CLOSE_REASONS)).size, Object.keys(CLOSE_REASONS).length);
});
