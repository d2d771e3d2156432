import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { visibleBytes, visibleText } from "./visible.ts";

Deno.test("what can be seen stays as it is", () => {
  for (const text of ["hello, wörld!", "日本語", "👩‍👩‍👧 ❤️", "a\\b", "e\u0301"]) assertEquals(visibleText(text), text);
});

Deno.test("control characters are spelled", () => {
  assertEquals(visibleText("\x00\x07\x1b[2J\x7f\x9b\r\n\t"), "\\x00\\x07\\x1b[2J\\x7f\\x9b\\r\\n\\t");
});

Deno.test("characters that turn the writing direction or are not seen are spelled", () => {
  assertEquals(visibleText("\u202eevil\u2066\u200b\ufeff\u2028"), "\\u202eevil\\u2066\\u200b\\ufeff\\u2028");
  assertEquals(visibleText("\u{e0041}\ud800"), "\\u{e0041}\\ud800");
});

Deno.test("characters that are to be kept are kept", () => {
  assertEquals(visibleText("a\n\tb\x1b", { keep: "\n\t" }), "a\n\tb\\x1b");
});

Deno.test("no text at all brings a control character through", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => assertMatch(visibleText(text), /^[^\p{Cc}\p{Cs}]*$/u)),
  );
});

Deno.test("different bytes are shown differently, however broken", () => {
  const bytes = fc.array(fc.constantFrom(0x0a, 0x41, 0x5c, 0x6e, 0x78, 0xc3, 0xa9, 0xe2, 0x80, 0xae, 0xff), {
    maxLength: 6,
  });
  fc.assert(fc.property(bytes, bytes, (a, b) => {
    const [shownA, shownB] = [visibleBytes(new Uint8Array(a)), visibleBytes(new Uint8Array(b))];
    assertEquals(shownA === shownB, a.join() === b.join());
  }));
});

Deno.test("bytes beyond the limit are counted", () => {
  assertEquals(visibleBytes(new TextEncoder().encode("abcdef"), 4), "abcd… (2 more bytes)");
});
