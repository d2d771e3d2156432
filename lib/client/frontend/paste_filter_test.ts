import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { PassThrough } from "node:stream";
import fc from "fast-check";
import { FakeTimer } from "../testing/fake_timer.ts";
import { PASTED, PasteFilter } from "./paste_filter.ts";

/** What comes of these pieces: keys as they are, and pastes in their place. */
async function filtered(pieces: readonly Uint8Array[]): Promise<(string | { pasted: string | undefined })[]> {
  const source = new PassThrough();
  const filter = new PasteFilter(source);
  let keys = "";
  filter.on("data", (chunk) => keys += chunk.toString("latin1"));
  const ended = new Promise((resolve) => filter.on("end", resolve));
  for (const piece of pieces) source.write(piece);
  source.end();
  await ended;
  return keys.split(/(\x1b\[99~)/).filter((part) => part !== "").map((part) =>
    part === PASTED ? { pasted: filter.nextPaste()?.text } : Buffer.from(part, "latin1").toString()
  );
}

Deno.test("what is pasted is told apart from keys, however the input is cut", async () => {
  const input = Buffer.from("é\x1b[A\x1b[200~one\r日本\x1b[Btwo\x1b[201~b\x1b[200~\x1b[201~\x1b");
  const expected = ["é\x1b[A", { pasted: "one\r日本\x1b[Btwo" }, "b", { pasted: "" }, "\x1b"];
  await fc.assert(fc.asyncProperty(fc.array(fc.nat(input.length)), async (cuts) => {
    const at = [0, ...cuts.toSorted((a, b) => a - b), input.length];
    const pieces = at.slice(1).map((end, i) => new Uint8Array(input.subarray(at[i], end)));
    assertEquals(await filtered(pieces.filter((piece) => piece.length > 0)), expected);
  }));
});

Deno.test("what is pasted without an end in sight is not kept", async () => {
  const parts = Array.from({ length: 20 }, () => Buffer.from("x".repeat(100_000)));
  const seen = await filtered([Buffer.from("\x1b[200~"), ...parts, Buffer.from("\x1b[201~k")]);
  assertEquals(seen, [{ pasted: undefined }, "k"]);
});

Deno.test("the beginning of a mark that does not go on was a key", async () => {
  const source = new PassThrough();
  const time = new FakeTimer();
  const filter = new PasteFilter(source, time.timer);
  const pressed = new Promise((resolve) => filter.on("data", (chunk) => resolve(chunk.toString())));
  source.write("\x1b");
  await time.armed();
  time.advance(100);
  assertEquals(await pressed, "\x1b");
  filter.destroy();
});

Deno.test("four lines at once are a paste without marks, and three are keys", async () => {
  assertEquals(await filtered([Buffer.from("é1\r\n2\n3\r4\rx")]), [{ pasted: "é1\r\n2\n3\r4\rx" }]);
  assertEquals(await filtered([Buffer.from("1\r2\r3\rx")]), ["1\r2\r3\rx"]);
  const marked = Buffer.from("1\r2\r3\r4\r\x1b[200~y\x1b[201~k");
  assertEquals(await filtered([marked]), [{ pasted: "1\r2\r3\r4\r" }, { pasted: "y" }, "k"]);
});
