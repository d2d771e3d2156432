import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { type Line, readSource } from "./lines.ts";

type Shape = string | [string, Shape[]];

function shape({ text, children }: Line): Shape {
  return children.length === 0 ? text : [text, children.map(shape)];
}

function linesOf(...lines: string[]): Shape[] {
  return readSource(["title: any", "", ...lines].join("\n"), "a.chat").lines.map(shape);
}

Deno.test("a header ends at its first empty line, and comments do not end it", () => {
  const { header, lines } = readSource("# first\ntitle: one # two\n# more\nneeds: a\n\nconnect x\n", "a.chat");
  assertEquals(header.map(({ key, value, place }) => [key, value, place.line]), [
    ["title", "one # two", 2],
    ["needs", "a", 4],
  ]);
  assertEquals(lines.map(({ text, place }) => [text, place.line]), [["connect x", 6]]);
});

Deno.test("lines may end in CRLF, and a byte order mark counts for nothing", () => {
  const { header, lines } = readSource("\ufefftitle: one\r\n\r\nconnect x\r\n", "a.chat");
  assertEquals(header[0]?.value, "one");
  assertEquals(lines[0]?.text, "connect x");
});

Deno.test("a comment ends a line without bytes, and is part of a line with bytes", () => {
  assertEquals(linesOf("user alice   # two sockets", "x > type #quit # now", "x < hi # there", "let b = a # b"), [
    "user alice",
    "x > type #quit # now",
    "x < hi # there",
    "let b = a # b",
  ]);
  assertEquals(linesOf("eventually x < hi # there", "eventually x closed # there", "say a#b \\#c"), [
    "eventually x < hi # there",
    "eventually x closed",
    "say a#b \\#c",
  ]);
});

Deno.test("white space at the end of a line never counts", () => {
  assertEquals(linesOf("x > a \t ", "connect y  "), ["x > a", "connect y"]);
});

Deno.test("a line with bytes goes on behind a single backslash, and not behind two", () => {
  assertEquals(linesOf("x > one\\", "      two\\", "  three", "x > four\\\\", "connect y"), [
    "x > onetwothree",
    "x > four\\\\",
    "connect y",
  ]);
});

Deno.test("blocks are what is indented, to any depth", () => {
  assertEquals(linesOf("all:", "  a < x", "      a > y", "", "  b < z", "# comment", "connect c"), [
    ["all:", [["a < x", ["a > y"]], "b < z"]],
    "connect c",
  ]);
});

Deno.test("indentation that makes no sense is refused with its line", () => {
  const cases: readonly [string[], string][] = [
    [["all:", "    a < x", "  b < y"], "a.chat:5: the indentation fits no line above"],
    [["  connect x"], "a.chat:3: the indentation fits no line above"],
    [["all:", "\ta < x"], "a.chat:4: indent with spaces, not with tabs"],
    [["x > a\\"], "a.chat:3: the line goes on (it ends in a backslash), but the file ends"],
  ];
  for (const [lines, message] of cases) {
    assertThrows(() => linesOf(...lines), ChatError, message);
  }
});
