import { assertEquals } from "@std/assert";
import { PassThrough, Writable } from "node:stream";
import { PipedFrontend } from "./piped.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** A front end whose output and errors are kept as text. */
function piped(input: ReadableStream<Uint8Array> = ReadableStream.from([])) {
  const written = { output: "", errors: "" };
  const keep = (name: "output" | "errors") =>
    new Writable({
      write(chunk, _encoding, done) {
        written[name] += chunk.toString();
        done();
      },
    });
  const frontend = new PipedFrontend({ input, output: keep("output"), errors: keep("errors") });
  return { frontend, written };
}

Deno.test("a script gets the conversation on its output, and what went wrong on its errors", async () => {
  const { frontend, written } = piped();
  frontend.print("bob: hi\n    | there");
  frontend.complain("there:4000 does not answer");
  await frontend.close();
  assertEquals(written, { output: "bob: hi\n    | there\n", errors: "chat: there:4000 does not answer\n" });
});

Deno.test("a script's lines are read, up to the end of its input", async () => {
  const { frontend, written } = piped(ReadableStream.from([encode("one\ntwo")]));
  assertEquals(await frontend.read(), { kind: "line", text: "one" });
  assertEquals(await frontend.read(), { kind: "line", text: "two" });
  assertEquals(await frontend.read(), { kind: "end" });
  assertEquals(await frontend.read(), { kind: "end" });
  await frontend.close();
  assertEquals(written.output, "");
});

Deno.test("an input that stays open can be given up", async () => {
  const { frontend } = piped(new ReadableStream());
  const read = frontend.read();
  frontend.endInput();
  assertEquals(await read, { kind: "end" });
  await frontend.close();
});

/** An output that fails in the two ways that standard output does: with an event, and at once. */
const broken = (error: Error) => [
  new Writable({ write: (_chunk, _encoding, done) => done(error) }),
  Object.assign(new PassThrough(), {
    write() {
      throw error;
    },
  }),
];

Deno.test("an output that breaks interrupts, and what is printed after that is lost", async () => {
  for (const output of broken(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"))) {
    const errors = new PassThrough({ encoding: "utf8" });
    const frontend = new PipedFrontend({ input: ReadableStream.from([]), output, errors });
    const interrupted = new Promise<void>((resolve) => frontend.interrupted.addEventListener("abort", () => resolve()));
    frontend.print("bob: hi");
    await interrupted;
    frontend.print("bob: are you there?");
    await frontend.close();
    assertEquals(errors.read(), null);
  }
});

Deno.test("that the output cannot be written is told, unless its reader is gone", async () => {
  for (const output of broken(new Error("No space left on device (os error 28)"))) {
    const errors = new PassThrough({ encoding: "utf8" });
    const frontend = new PipedFrontend({ input: ReadableStream.from([]), output, errors });
    frontend.print("bob: hi");
    await frontend.close();
    assertEquals(errors.read(), "chat: the output cannot be written: No space left on device\n");
  }
});

Deno.test("an output that is read slowly says when it piles up, and when it no longer does", async () => {
  const slow = new PassThrough({ highWaterMark: 8 });
  const frontend = new PipedFrontend({ input: ReadableStream.from([]), output: slow, errors: new PassThrough() });
  const told: boolean[] = [];
  const drained = new Promise<void>((resolve) =>
    frontend.onPressure((piledUp) => {
      told.push(piledUp);
      if (!piledUp) resolve();
    })
  );
  frontend.print("bob: a message that is longer than that");
  frontend.print("bob: and another one");
  assertEquals(told, [true, true]);
  slow.resume();
  await drained;
  assertEquals(told, [true, true, false]);
  await frontend.close();
});
