import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EVERYONE, isWellFormedName, MAX_NAME_LENGTH } from "./name.ts";

Deno.test("letters and digits make a name, in any mixture", () => {
  for (const name of ["a", "Z", "0", "alice", "ALICE", "007", "a1B2", "All", "all", "ALLY"]) {
    assertEquals(isWellFormedName(name), true, name);
  }
});

Deno.test("anything but letters and digits of ASCII is no name, wherever it stands", () => {
  const wrong = [
    " ",
    "\n",
    "\r",
    "\t",
    "\0",
    "-",
    "_",
    ".",
    ",",
    "@",
    "/",
    "é",
    "ß",
    "А",
    "日",
    "\u0661",
    "\u200b",
    "👩",
  ];
  for (const character of wrong) {
    for (const name of [character, `a${character}b`, `${character}a`, `a${character}`]) {
      assertEquals(isWellFormedName(name), false, JSON.stringify(name));
    }
  }
});

Deno.test("nobody is called nothing, or like everyone", () => {
  assertEquals(isWellFormedName(""), false);
  assertEquals(isWellFormedName(EVERYONE), false);
  assertEquals(EVERYONE, "ALL");
});

Deno.test("a name may be 255 characters long and no longer", () => {
  assertEquals(MAX_NAME_LENGTH, 255);
  assertEquals(isWellFormedName("a".repeat(255)), true);
  assertEquals(isWellFormedName("a".repeat(256)), false);
});

Deno.test("of any text, a name is well formed if each character is one of the 62", () => {
  const allowed = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...allowed, " ", "\n", "-"), maxLength: 8 }));
  fc.assert(fc.property(text, (text) => {
    const expected = text !== "" && text !== "ALL" && text.length <= 255 && [...text].every((one) => allowed.has(one));
    assertEquals(isWellFormedName(text), expected);
  }));
});
