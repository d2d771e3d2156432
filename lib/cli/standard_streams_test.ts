import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { failureOf } from "./failure.ts";
import { type SyncStream, writeError, writeOutput } from "./standard_streams.ts";

function failing(error: Error): SyncStream {
  return {
    writeSync: () => {
      throw error;
    },
  };
}

Deno.test("a stream that takes little at a time gets all of it", () => {
  let written = "";
  const stream = {
    writeSync: (bytes: Uint8Array) => {
      written += new TextDecoder().decode(bytes.subarray(0, 2));
      return Math.min(2, bytes.length);
    },
  };
  writeOutput(stream, "12345");
  writeError(stream, "678");
  assertEquals(written, "12345678");
});

Deno.test("an output that is full is told in one line, with the system's words", () => {
  const full = failing(new Error("No space left on device (os error 28)"));
  const error = assertThrows(() => writeOutput(full, "x"), ChatError);
  const text = "chat: standard output cannot be written to: No space left on device\n";
  assertEquals(failureOf(error, false), { text, status: 2 });
});

Deno.test("an output that nobody reads any more is as after SIGPIPE", () => {
  const closed = failing(new Deno.errors.BrokenPipe("Broken pipe (os error 32)"));
  const error = assertThrows(() => writeOutput(closed, "x"), ChatError);
  assertEquals(failureOf(error, false), { text: "", status: 141 });
});

Deno.test("that standard error cannot be written to is nothing to fail for", () => {
  writeError(failing(new Deno.errors.BrokenPipe("gone")), "x");
});
