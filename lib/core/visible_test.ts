import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { anyText } from "./testing/any_text.ts";
import { visibleBytes, visibleText } from "./visible.ts";

Deno.test("what can be seen stays as it is", () => {
  const texts = ["hello, wörld!", "日本語", "山田\u3000太郎", "👩❤️🇩🇪☝🏽1️⃣", "a\\b", "e\u0301", "नमस्ते", "שָׁלוֹם"];
  for (const text of texts) assertEquals(visibleText(text), text);
});

Deno.test("control characters are spelled", () => {
  assertEquals(visibleText("\x00\x07\x1b[2J\x7f\x9b\r\n\t"), "\\x00\\x07\\x1b[2J\\x7f\\x9b\\r\\n\\t");
});

Deno.test("characters that turn the writing direction or are not seen are spelled", () => {
  assertEquals(visibleText("\u202eevil\u2066\u200b\ufeff\u2028"), "\\u202eevil\\u2066\\u200b\\ufeff\\u2028");
  assertEquals(visibleText("\u{e0041}\ud800"), "\\u{e0041}\\ud800");
});

Deno.test("what joins characters, or is drawn as nothing or as a blank, is spelled wherever it stands", () => {
  assertEquals(visibleText("👩\u200d👩"), "👩\\u200d👩");
  assertEquals(visibleText("al\u3164ice\u2800\u00a0"), "al\\u3164ice\\u2800\\xa0");
  assertEquals(visibleText("x\ufe0f ❤\ufe0f\ufe0f \u{1faff}\ufe0f"), "x\\ufe0f ❤\ufe0f\\ufe0f \\u{1faff}\\ufe0f");
  assertEquals(visibleText("a\u3000b 日\u3000\u3000本\u3000"), "a\\u3000b 日\\u3000\\u3000本\\u3000");
});

Deno.test("of all characters there are, none that is not seen comes through, and none that is seen is spelled", () => {
  const properties = ["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Default_Ignorable_Code_Point", "Bidi_Control"];
  const others = ["Variation_Selector", "Join_Control", "Pattern_White_Space", "White_Space", "Zs"];
  const unseen = [...properties, ...others].map((property) => new RegExp(`\\p{${property}}`, "u"));
  const raw: string[] = [];
  const spelled: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    const isUnseen = code !== 0x20 && (code === 0x2800 || unseen.some((property) => property.test(character)));
    for (const around of ["", "a", "日"]) {
      if (around === "日" && code === 0x3000) continue;
      const shown = visibleText(`${around}${character}${around}`);
      const isRaw = shown === `${around}${character}${around}`;
      if (isRaw && isUnseen) raw.push(code.toString(16));
      if (!isRaw && !isUnseen) spelled.push(code.toString(16));
      if (!isRaw && !/^[\x20-\x7e日]+$/u.test(shown)) raw.push(code.toString(16));
    }
  }
  assertEquals({ raw, spelled }, { raw: [], spelled: [] });
});

Deno.test("what is spelled once stays as it is", () => {
  const pieces = fc.constantFrom("\u3000", "日", "\ufe0f", "❤", "1", "\u20e3", "\u200d", "\u2060", "a", " ", "\x00");
  fc.assert(fc.property(fc.array(pieces, { maxLength: 8 }).map((all) => all.join("")), (text) => {
    assertEquals(visibleText(visibleText(text)), visibleText(text));
  }));
});

Deno.test("characters that are to be kept are kept", () => {
  assertEquals(visibleText("a\n\tb\x1b", { keep: "\n\t" }), "a\n\tb\\x1b");
});

Deno.test("no text at all brings a control character through", () => {
  fc.assert(
    fc.property(anyText(), (text) => assertMatch(visibleText(text), /^[^\p{Cc}\p{Cs}]*$/u)),
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
