import { assertEquals } from "@std/assert";
import { MAX_LINE } from "./line_decoder.ts";
import { decodeText, marking } from "./text.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("bytes that are not UTF-8 are no text, and a byte order mark is part of it", () => {
  for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80]]) {
    assertEquals(decodeText(new Uint8Array(bytes)), undefined);
  }
  assertEquals(decodeText(encode("\ufeffgrüß\0")), "\ufeffgrüß\0");
});

const linesOf = marking(() => "> ");
const from = {
  name: "a",
  title: "a",
  dialect: "relay",
  remote: { hostname: "::1", port: 1 },
  since: 0,
  id: 2,
  isProvisional: false,
};

function marked(body: Uint8Array): string {
  const made = linesOf({ from, audience: "direct", body });
  return typeof made === "string" ? made : new TextDecoder("utf-8", { ignoreBOM: true }).decode(made);
}

Deno.test("a body is its lines, each marked and ended; one line break at its end begins none", () => {
  assertEquals(marked(encode("")), "> \n");
  assertEquals(marked(encode("a\n")), "> a\n");
  assertEquals(marked(encode("a\r\nb\n\n")), "> a\n> b\n> \n");
  assertEquals(marked(new Uint8Array([0xff])), "not-text");
});

Deno.test("what would act on a terminal is spelled, but tabs", () => {
  assertEquals(marked(encode("\ta\x1b[2J\rb\x9b\u202ec")), "> \ta\\x1b[2J\\rb\\x9b\\u202ec\n");
  assertEquals(marked(encode("a\r\r\n\u2028")), "> a\\r\n> \\u2028\n");
});

Deno.test("the limit of a line is in bytes, and holds for each line of a body", () => {
  const longest = "é".repeat(MAX_LINE / 2);
  assertEquals(marked(encode(longest)), `> ${longest}\n`);
  assertEquals(marked(encode(`${longest}\r\n${longest}\n`)), `> ${longest}\n> ${longest}\n`);
  assertEquals(marked(encode(`${longest}x`)), "too-long");
  assertEquals(marked(encode(`a\n${"x".repeat(MAX_LINE + 1)}\nb`)), "too-long");
});

Deno.test("a body that is too long with its marks, or spelled, is refused", () => {
  const most = 256 * 1024;
  const lines = Math.floor(most / "> \n".length);
  assertEquals(marked(encode("\n".repeat(lines))), "> \n".repeat(lines));
  assertEquals(marked(encode("\n".repeat(most / 2))), "too-long");
  assertEquals(marked(encode(`${"\x01".repeat(4000)}\n`.repeat(17))), "too-long");
});
