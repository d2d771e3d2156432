import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { anyText } from "../../core/testing/any_text.ts";
import { bytesOfText, spelled, textOf } from "./header_text.ts";

const all = (bytes: Uint8Array) => textOf(bytes, 0, bytes.length);

Deno.test("text is read as UTF-8, whatever stands round it", () => {
  const bytes = new TextEncoder().encode("xjosé € 😀\ufeffx");
  assertEquals(textOf(bytes, 1, bytes.length - 1), "josé € 😀\ufeff");
});

Deno.test("any text is the same in bytes, and back", () => {
  fc.assert(fc.property(anyText(), (text) => {
    const bytes = new TextEncoder().encode(text);
    assertEquals(all(bytes), new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
    assertEquals(bytesOfText(all(bytes)), bytes);
  }));
});

Deno.test("any bytes, valid UTF-8 or not, come back as they were", () => {
  const parts = [[0x80], [0xc3], [0xc3, 0xa9], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0xf5], [0xff], [0x61]];
  const piece = fc.oneof(fc.constantFrom(...parts), fc.uint8Array({ maxLength: 4 }).map((bytes) => [...bytes]));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
      const bytes = new Uint8Array(pieces.flat());
      assertEquals(bytesOfText(all(bytes)), bytes);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("what is no UTF-8 is spelled for people, a byte at a time", () => {
  // Not in its shortest form, half of a surrogate pair, past the last character, cut short, alone.
  for (
    const bytes of [[0xc0, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3], [0xa9]]
  ) {
    const text = spelled(all(new Uint8Array([0x61, ...bytes, 0x62])));
    assertEquals(text, `a${bytes.map((byte) => `\\x${byte.toString(16)}`).join("")}b`);
  }
  assertEquals(spelled("josé"), "josé");
});
