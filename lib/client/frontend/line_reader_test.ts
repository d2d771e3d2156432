import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Entry } from "./frontend.ts";
import { LineReader } from "./line_reader.ts";

const encode = (text: string) => new TextEncoder().encode(text);

async function readAll(chunks: Uint8Array[], maxLine?: number): Promise<Entry[]> {
  const reader = new LineReader(ReadableStream.from(chunks), maxLine);
  const entries: Entry[] = [];
  for (;;) {
    const entry = await reader.read();
    if (entry.kind === "end") return entries;
    entries.push(entry);
  }
}

Deno.test("lines come out the same however the input is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n\uFEFF]/g, "")), { maxLength: 8 }),
      fc.array(fc.nat(100)),
      fc.boolean(),
      async (lines, cuts, crlf) => {
        const bytes = encode(lines.map((line) => line + (crlf ? "\r\n" : "\n")).join(""));
        const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        assertEquals(await readAll(chunks), lines.map((text) => ({ kind: "line", text })));
      },
    ),
  );
});

Deno.test("the last line needs no line break, and an empty line is a line", async () => {
  assertEquals(await readAll([encode("a\n\nb")]), [
    { kind: "line", text: "a" },
    { kind: "line", text: "" },
    { kind: "line", text: "b" },
  ]);
});

Deno.test("a line that is not UTF-8 is reported and not altered, and the next one is read", async () => {
  assertEquals(await readAll([encode("a\n"), new Uint8Array([0x62, 0xff]), encode("\nc")]), [
    { kind: "line", text: "a" },
    { kind: "unreadable", why: "line 2 of the input is not UTF-8: not sent" },
    { kind: "line", text: "c" },
  ]);
});

Deno.test("a line longer than the bound is reported, however it is cut, and the next one is read", async () => {
  const tooLong = { kind: "unreadable", why: "line 1 of the input is longer than 4 bytes: not sent" } as const;
  for (const chunks of [["12345\nok"], ["1", "2345", "\nok"], ["123", "45\n", "ok"]]) {
    assertEquals(await readAll(chunks.map(encode), 4), [tooLong, { kind: "line", text: "ok" }]);
  }
  assertEquals(await readAll([encode("1234\n")], 4), [{ kind: "line", text: "1234" }]);
});

Deno.test("a byte order mark is dropped at the start of the input, and kept elsewhere", async () => {
  assertEquals(await readAll([encode("\uFEFFa\n\uFEFFb")]), [
    { kind: "line", text: "a" },
    { kind: "line", text: "\uFEFFb" },
  ]);
});

Deno.test("nothing is read before it is asked for", async () => {
  let pulls = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulls++;
      controller.enqueue(encode("a line\n"));
    },
  }, { highWaterMark: 0 });
  const reader = new LineReader(source);
  await reader.read();
  await reader.read();
  assertEquals(pulls, 2);
  await reader.cancel();
});

Deno.test("cancelling ends a read that waits, also in the middle of a line", async () => {
  const reader = new LineReader(new ReadableStream({ start: (controller) => controller.enqueue(encode("half a li")) }));
  const read = reader.read();
  await reader.cancel();
  assertEquals(await read, { kind: "end" });
});

Deno.test("an input that cannot be read is reported, and is at its end", async () => {
  let pulls = 0;
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(encode("a\nb"));
      else controller.error(new Error("Input/output error (os error 5)"));
    },
  });
  const reader = new LineReader(source);
  assertEquals(await reader.read(), { kind: "line", text: "a" });
  assertEquals(await reader.read(), { kind: "unreadable", why: "the input cannot be read: Input/output error" });
  assertEquals(await reader.read(), { kind: "end" });
});
