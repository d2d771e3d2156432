import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { ReceiveBuffer } from "./receive_buffer.ts";

Deno.test("all that was appended is given away, in order, and nothing is kept", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 700 })), (pieces) => {
    const unfinished = new ReceiveBuffer();
    for (const piece of pieces) unfinished.append(piece);
    assertEquals(unfinished.size, pieces.reduce((sum, piece) => sum + piece.length, 0));
    assertEquals([...unfinished.take()], pieces.flatMap((piece) => [...piece]));
    assertEquals([unfinished.size, unfinished.take().length], [0, 0]);
  }));
});

Deno.test("bytes are copied, so that the buffer they came in may be reused", () => {
  const unfinished = new ReceiveBuffer();
  const reused = new Uint8Array([1, 2]);
  unfinished.append(reused);
  reused.fill(9);
  assertEquals(unfinished.take(), new Uint8Array([1, 2]));
});

Deno.test("what was given away is not written into again", () => {
  const unfinished = new ReceiveBuffer();
  unfinished.append(new Uint8Array([1, 2]));
  const first = unfinished.take();
  unfinished.append(new Uint8Array([3, 4]));
  assertEquals(first, new Uint8Array([1, 2]));
});
