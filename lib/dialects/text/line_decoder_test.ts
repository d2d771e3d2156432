import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LineDecoder } from "./line_decoder.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** The lines that a decoder finds in pieces, each in a buffer that is spoiled afterwards. */
function decode(pieces: Iterable<Uint8Array>, maxLine = 8): string[] {
  const found: string[] = [];
  const decoder = new LineDecoder(maxLine, {
    line: (bytes) => found.push(new TextDecoder("latin1").decode(bytes)),
    tooLong: () => found.push("!"),
    isHeld: false,
  });
  for (const piece of pieces) {
    const reused = piece.slice();
    assertEquals(decoder.push(reused), piece.length);
    reused.fill(63);
  }
  return found;
}

Deno.test("lines end in \\n or \\r\\n, may be empty, and a lone \\r is part of one", () => {
  assertEquals(decode([encode("a\r\nb\n\n\r\nc\rd\r\r\nunfinished")], 20), ["a", "b", "", "", "c\rd\r"]);
});

Deno.test("lines are the same wherever the stream is cut", () => {
  const stream = encode("a\r\n12345678\r\n\nb\n1234567\r\n");
  const whole = decode([stream]);
  assertEquals(whole, ["a", "12345678", "", "b", "1234567"]);
  for (let cut = 0; cut <= stream.length; cut++) {
    assertEquals(decode([stream.subarray(0, cut), stream.subarray(cut)]), whole, `cut at ${cut}`);
  }
  assertEquals(decode(Array.from(stream, (byte) => new Uint8Array([byte]))), whole);
});

Deno.test("a line that is too long is told once, in whatever pieces, and nothing after it", () => {
  const stream = encode("ok\n123456789\nlost\n");
  for (let cut = 0; cut <= stream.length; cut++) {
    assertEquals(decode([stream.subarray(0, cut), stream.subarray(cut)]), ["ok", "!"], `cut at ${cut}`);
  }
  assertEquals(decode(Array.from(stream, (byte) => new Uint8Array([byte]))), ["ok", "!"]);
});

Deno.test("a line without an end is given up as soon as it is too long", () => {
  assertEquals(decode([encode("12345678"), encode("\r")]), []);
  assertEquals(decode([encode("12345678"), encode("\r"), encode("9")]), ["!"]);
  assertEquals(decode([encode("x".repeat(100_000))]), ["!"]);
});

Deno.test("any bytes are divided as splitting the whole text does", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 12 }).map((bytes) => bytes.map((byte) => byte % 16)), {
    maxLength: 8,
  });
  fc.assert(fc.property(pieces, (pieces) => {
    const whole = pieces.map((bytes) => new TextDecoder("latin1").decode(bytes)).join("");
    const lines = whole.split("\n").slice(0, -1).map((line) => line.replace(/\r$/, ""));
    assertEquals(decode(pieces, 1000), lines);
  }));
});

Deno.test("a decoder that is held stops behind the line, and says how much it took", () => {
  const found: string[] = [];
  const sink = {
    line: (bytes: Uint8Array) => {
      found.push(new TextDecoder().decode(bytes));
      sink.isHeld = true;
    },
    tooLong: () => {},
    isHeld: false,
  };
  const decoder = new LineDecoder(100, sink);
  const stream = encode("one\r\ntwo\nthree");
  assertEquals([decoder.push(stream), found], [5, ["one"]]);
  sink.isHeld = false;
  assertEquals([decoder.push(stream.subarray(5)), found], [4, ["one", "two"]]);
  sink.isHeld = false;
  assertEquals([decoder.push(stream.subarray(9)), decoder.unfinished], [5, 3]);
});

Deno.test("a decoder knows whether it is amid a line, and amid which", () => {
  const decoder = new LineDecoder(100, { line: () => {}, tooLong: () => {}, isHeld: false });
  const states = ["a", "b", "\n", "c\n", "d\ne", "\r", "\n"].map((piece) => {
    decoder.push(encode(piece));
    return decoder.unfinished;
  });
  assertEquals(states, [1, 1, 0, 0, 4, 4, 0]);
});
