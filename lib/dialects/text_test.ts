import { assertEquals } from "@std/assert";
import { MAX_LINE } from "./lines.ts";
import { linesOf, textOf } from "./text.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("bytes that are not UTF-8 are no text, and a byte order mark is part of it", () => {
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
    assertEquals(textOf(new Uint8Array(bytes)), undefined);
  }
  assertEquals(textOf(encode("\ufeffgrüß\0")), "\ufeffgrüß\0");
});

Deno.test("a body is its lines; one line break at its end begins none", () => {
  assertEquals(linesOf(encode("")), [""]);
  assertEquals(linesOf(encode("a\n")), ["a"]);
  assertEquals(linesOf(encode("a\r\nb\n\n")), ["a", "b", ""]);
});

Deno.test("what would act on a terminal is spelled, but tabs", () => {
  assertEquals(linesOf(encode("\ta\x1b[2J\rb\x9b\u202ec")), ["\ta\\x1b[2J\\rb\\x9b\\u202ec"]);
});

Deno.test("the limit of a line is in bytes, and holds for each line of a body", () => {
  const longest = "é".repeat(MAX_LINE / 2);
  assertEquals(linesOf(encode(longest)), [longest]);
  assertEquals(linesOf(encode(`${longest}\n${longest}\n`)), [longest, longest]);
  assertEquals(linesOf(encode(`${longest}x`)), "too-long");
  assertEquals(linesOf(encode(`a\n${"x".repeat(MAX_LINE + 1)}\nb`)), "too-long");
});
