import { assertEquals } from "@std/assert";
import { bytesOfText } from "./header_text.ts";
import { StringInterner } from "./string_interner.ts";

const bytesOf = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

Deno.test("a text is what its bytes say, however many others have come before", () => {
  const texts = new StringInterner();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < 5_000; i++) {
      const name = `user${i}`;
      assertEquals(texts.text(bytesOf(`SEND ${name}\n`), 5, 5 + name.length), name);
    }
  }
});

Deno.test("bytes are read as UTF-8, and any length goes", () => {
  const all = new TextEncoder().encode(`josé ${"x".repeat(25)}😀 and more, past what is kept`);
  const texts = new StringInterner();
  assertEquals(texts.text(all, 0, 5), "josé");
  for (const end of [0, 1, 5, 6, 31, 32, 33, 35, all.length]) {
    for (let round = 0; round < 2; round++) {
      assertEquals(bytesOfText(texts.text(all, 0, end)), all.subarray(0, end));
    }
  }
});

Deno.test("what is kept does not change with the bytes that it came from", () => {
  const texts = new StringInterner();
  const bytes = bytesOf("alice");
  texts.text(bytes, 0, 5);
  bytes.fill(120);
  assertEquals([texts.text(bytesOf("alice"), 0, 5), texts.text(bytes, 0, 5)], ["alice", "xxxxx"]);
});
