import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../lib/core/testing/any_text.ts";
import { readEscape, spell } from "./escape.ts";
import { parseBytes } from "./pieces.ts";

const place = { file: "a.chat", line: 1 };
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  anyText({ maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
);

Deno.test("bytes that are spelled and read again are the same bytes", () => {
  fc.assert(fc.property(bytes, (original) => {
    assertEquals(parseBytes(spell(original, { special: true }), place), original);
  }));
});

Deno.test("nothing that is spelled can move a terminal's cursor or hide from a reader", () => {
  fc.assert(fc.property(bytes, (original) => {
    assertEquals(/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u.exec(spell(original)), null);
  }));
  for (
    const hidden of [
      "\x1b[2J",
      "\u202e",
      "\u200b",
      "\ufeff",
      "\u00a0",
      "\u2028",
      "\x7f",
      "\x9b",
      "\u3164",
      "\u2800",
      "\ufe0f",
    ]
  ) {
    assertEquals(
      /^(\\x[0-9a-f]{2}|[ -~])+$/.test(spell(new TextEncoder().encode(hidden))),
      true,
      JSON.stringify(hidden),
    );
  }
});

Deno.test("what is no UTF-8 is spelled byte by byte, and what follows is not", () => {
  assertEquals(spell(Uint8Array.of(0xc3, 0xa9, 0xc3, 0x41, 0xff, 0xe2, 0x82)), "é\\xc3A\\xff\\xe2\\x82");
  assertEquals(spell(Uint8Array.of(0xed, 0xa0, 0x80, 0xc0, 0x80)), "\\xed\\xa0\\x80\\xc0\\x80");
});

Deno.test("each escape is read for what it stands for, and no other is one", () => {
  const values = { n: 10, r: 13, t: 9, s: 32, 0: 0, "\\": 92, "{": 123, "$": 36, x4a: 74, x0A: 10 };
  for (const [letters, value] of Object.entries(values)) {
    assertEquals(readEscape(`ab\\${letters}`, 2), { bytes: Uint8Array.of(value), length: letters.length + 1 });
  }
  for (const wrong of ["a", "x4", "xg0", "N", "1", "é", ""]) assertEquals(readEscape(`\\${wrong}`, 0), undefined);
});
