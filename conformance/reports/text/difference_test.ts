import { assertEquals } from "@std/assert";
import type { Attempt } from "../../play/failure.ts";
import { showDifference } from "./difference.ts";

const ATTEMPT: Attempt = { connection: "x", fits: "", wanted: ["hello\\n"], got: "", isClosed: false };

function show(attempt: Partial<Attempt>): string[] {
  return showDifference({ ...ATTEMPT, ...attempt });
}

Deno.test("the mark stands below the first difference, whatever is above it", () => {
  assertEquals(show({ fits: "hel", wanted: ["lo\\n"], got: "p\\n" }), [
    "expected  hello\\n",
    "received  help\\n",
    "             ^",
  ]);
  assertEquals(show({ got: "goodbye\\n" }).at(-1), "          ^");
  assertEquals(show({ fits: "hällo 👋", wanted: ["\\n"], got: "!" }), [
    "expected  hällo 👋\\n",
    "received  hällo 👋!",
    "                 ^",
  ]);
});

Deno.test("all ways of going on are shown", () => {
  assertEquals(show({ fits: "SEN", wanted: ["T\\n", "D\\n"], got: "S\\n" }), [
    "expected  SENT\\n",
    "      or  SEND\\n",
    "received  SENS\\n",
    "             ^",
  ]);
});

Deno.test("nothing, and the end of a connection, are told in words", () => {
  assertEquals(show({}), ["expected  hello\\n", "received  (nothing)"]);
  assertEquals(show({ isClosed: true }), ["expected  hello\\n", "received  (closed)"]);
  assertEquals(show({ fits: "hel", wanted: ["lo\\n"], isClosed: true }), [
    "expected  hello\\n",
    "received  hel(closed)",
    "             ^",
  ]);
  assertEquals(show({ wanted: "closed", got: "more\\n" }), ["expected  (closed)", "received  more\\n", "          ^"]);
  assertEquals(show({ wanted: [], got: "more\\n" }), ["expected  (nothing)", "received  more\\n"]);
});

Deno.test("long texts are cut around the difference, and blanks in the end are seen", () => {
  const [expected, received, mark] = show({
    fits: "a".repeat(100),
    wanted: ["b".repeat(100)],
    got: `${"c".repeat(59)} `,
  });
  assertEquals(expected, `expected  …${"a".repeat(40)}${"b".repeat(60)}… (40 more)`);
  assertEquals(received, `received  …${"a".repeat(40)}${"c".repeat(59)}\\s`);
  assertEquals(mark, `${" ".repeat(10 + 41)}^`);
});
