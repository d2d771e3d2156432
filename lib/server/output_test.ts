import { assertEquals } from "@std/assert";
import { Output } from "./output.ts";

const decoder = new TextDecoder();

/** A stream that takes at most so many bytes at a time, when the test says so; `fails` has it fail instead. */
function slowStream(most = Infinity) {
  const waiting: (() => void)[] = [];
  const stream = {
    fails: false,
    written: "",
    async write(bytes: Uint8Array): Promise<number> {
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (stream.fails) throw new Deno.errors.BrokenPipe("nobody reads");
      stream.written += decoder.decode(bytes.subarray(0, most));
      return Math.min(most, bytes.length);
    },
    async take(): Promise<void> {
      waiting.shift()?.();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
  };
  return stream;
}

Deno.test("what is written waits for the reader, in order, and nobody waits for what is written", async () => {
  const stream = slowStream(4);
  const output = new Output(stream);
  assertEquals([output.write("one\n"), output.writeLines(["two", "six"])], [true, true]);
  assertEquals(stream.written, "");
  let isFlushed = false;
  output.flushed().then(() => isFlushed = true);
  await stream.take();
  assertEquals(stream.written, "one\n");
  await stream.take();
  assertEquals([stream.written, isFlushed], ["one\ntwo\n", false]);
  await stream.take();
  assertEquals([stream.written, isFlushed], ["one\ntwo\nsix\n", true]);
});

Deno.test("a reader who does not read costs a bounded queue, and then lines", async () => {
  const stream = slowStream();
  const output = new Output(stream, 10);
  assertEquals(output.write("longer than there is room for\n"), true);
  assertEquals(output.write("x"), false);
  await stream.take();
  assertEquals([output.write("12345678\n"), output.write("y"), output.write("z")], [true, true, false]);
  await stream.take();
  await stream.take();
  assertEquals(stream.written, "longer than there is room for\n12345678\ny");
});

Deno.test("a write that fails is lost, and the next one is tried", async () => {
  const stream = slowStream();
  const output = new Output(stream);
  stream.fails = true;
  assertEquals(output.write("lost\n"), true);
  await stream.take();
  await output.flushed();
  stream.fails = false;
  output.write("found\n");
  await stream.take();
  await output.flushed();
  assertEquals(stream.written, "found\n");
});
