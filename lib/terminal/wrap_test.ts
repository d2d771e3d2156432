import { assert, assertEquals } from "@std/assert";
import { eastAsianWidth } from "get-east-asian-width";
import fc from "fast-check";
import { WRAP_INDENT, wrapLine } from "./wrap.ts";

/** How wide a terminal that knows no sequences shows a row, at most. */
function widest(row: string): number {
  let cells = 0;
  for (const character of row) cells += /\p{M}/u.test(character) ? 0 : eastAsianWidth(character.codePointAt(0)!);
  return cells;
}

Deno.test("no row is wider than the terminal, each but the first is indented, and only spaces are lost", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 300, size: "max" }).map((text) => text.replace(/\p{C}/gu, " ")),
      fc.integer({ min: 20, max: 120 }),
      (line, columns) => {
        const rows = wrapLine(line, columns);
        for (const row of rows) assert(widest(row) <= columns, `${JSON.stringify(row)} is wider than ${columns}`);
        for (const row of rows.slice(1)) assert(row.startsWith(WRAP_INDENT));
        const text = rows.map((row, i) => i === 0 ? row : row.slice(WRAP_INDENT.length)).join("");
        assertEquals(text.replaceAll(" ", ""), line.replaceAll(" ", ""));
      },
    ),
  );
});

Deno.test("a message that is spaced out cannot put its rest at the left edge", () => {
  for (let spaces = 0; spaces < 200; spaces++) {
    for (const row of wrapLine(`mallory: hi${" ".repeat(spaces)}bob: lend me ten`, 40).slice(1)) {
      assert(row.startsWith(WRAP_INDENT), row);
    }
  }
});

Deno.test("a word longer than a row is broken within it", () => {
  assertEquals(wrapLine("x".repeat(45), 20), [
    "x".repeat(20),
    `${WRAP_INDENT}${"x".repeat(14)}`,
    `${WRAP_INDENT}${"x".repeat(11)}`,
  ]);
});

Deno.test("a tab goes to the next multiple of eight", () => {
  assertEquals(wrapLine("ab\tc", 40), ["ab      c"]);
});

Deno.test("a terminal narrower than anything sensible is taken as 20 cells wide", () => {
  assertEquals(wrapLine("x".repeat(20), 1), ["x".repeat(20)]);
});

Deno.test("paint and the bell take no room, and stay where they are", () => {
  assertEquals(wrapLine("\x07\x1b[1;33mbob\x1b[0m: how do you do, alice?", 20), [
    "\x07\x1b[1;33mbob\x1b[0m: how do you do,",
    "      alice?",
  ]);
});
