import { assertEquals } from "@std/assert";
import { isWellFormedName } from "../../core/name.ts";
import { addressNames } from "./names.ts";

const first = (title: string, count = 1) => {
  const names = addressNames(title);
  return Array.from({ length: count }, () => names.next().value);
};

Deno.test("a name is addressed by its letters and digits, with a number behind it where that is taken", () => {
  assertEquals(first("alice", 3), ["alice", "alice2", "alice3"]);
  assertEquals(first("Bob the 2nd!"), ["Bobthe2nd"]);
  assertEquals(first("Müller-Łukasiewicz"), ["Mullerukasiewicz"]);
});

Deno.test("a name of which nothing is left gets another one", () => {
  assertEquals(first("日本語", 2), ["guest", "guest2"]);
  assertEquals(first(" ?! "), ["guest"]);
});

Deno.test("every candidate is well formed, whatever the name", () => {
  assertEquals(first("ALL", 2), ["ALL2", "ALL3"]);
  for (const title of ["A.L.L.", "x".repeat(255), "ﬃ".repeat(255), "1\u0301"]) {
    for (const name of first(title, 12)) assertEquals(isWellFormedName(name), true, name);
  }
});

Deno.test("a name that could be taken for the server gets another one for addressing", () => {
  for (const title of ["sérver", "Sýstem", "server 2"]) assertEquals(addressNames(title).next().value, "guest", title);
});
