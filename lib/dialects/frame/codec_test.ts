import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeFrame, FrameDecoder, MAX_MESSAGE } from "./codec.ts";
import { MAX_FIELD, MAX_SIZE_DIGITS } from "./header.ts";

const encode = (text: string) => new TextEncoder().encode(text);
const latin1 = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");

/** What a decoder finds in a stream that arrives in these pieces, each in a buffer that is spoiled afterwards. */
function decode(pieces: Iterable<Uint8Array>): string[] {
  const found: string[] = [];
  const decoder = new FrameDecoder({
    message: (source, destination, message) => found.push(`${source}>${destination}: ${latin1(message)}`),
    acknowledged: (source, destination) => found.push(`${source}>${destination} ACK`),
    tooLong: (source, destination, size) => found.push(`${source}>${destination} too long: ${size}`),
    unreadable: (fault) => found.push(`!${fault}`),
  });
  for (const piece of pieces) {
    const reused = piece.slice();
    decoder.push(reused);
    reused.fill(63);
  }
  return found;
}

/** The same for a whole stream, by searching a text. */
function modelDecode(stream: Uint8Array): string[] {
  const found: string[] = [];
  let rest = latin1(stream);
  const id = (text: string) => /^[1-9][0-9]{0,2}$/.test(text) && Number(text) <= 255 ? Number(text) : 0;
  const field = (): string | undefined => {
    const end = rest.indexOf("][");
    const kept = end < 0 ? rest.replace(/\]$/, "") : rest.slice(0, end);
    if (kept.length > MAX_FIELD) found.push("!endless-id");
    if (end < 0 || kept.length > MAX_FIELD) return undefined;
    rest = rest.slice(end + 2);
    return kept;
  };
  for (;;) {
    rest = rest.replace(/^[\r\n]+/, "");
    const source = field();
    const destination = source === undefined ? undefined : field();
    if (source === undefined || destination === undefined) return found;
    const ids = `${id(source)}>${id(destination)}`;
    if (/^(|A|AC)$/.test(rest)) return found;
    if (rest.startsWith("ACK")) {
      rest = rest.slice(3);
      found.push(`${ids} ACK`);
      continue;
    }
    const size = /^(0|[1-9][0-9]*)\]\[/.exec(rest);
    if (size === null || size[1]!.length > MAX_SIZE_DIGITS) {
      const isOpen = /^(0|[1-9][0-9]*)\]?$/.test(rest) && rest.replace("]", "").length <= MAX_SIZE_DIGITS;
      return isOpen ? found : [...found, "!bad-size"];
    }
    rest = rest.slice(size[0].length);
    const length = Number(size[1]);
    if (length === 0) found.push(`${ids} ACK`);
    else if (length > MAX_MESSAGE) found.push(`${ids} too long: ${length}`);
    else if (rest.length >= length) found.push(`${ids}: ${rest.slice(0, length)}`);
    if (rest.length < length) return found;
    rest = rest.slice(length);
  }
}

const STREAM = encode(
  "2][3][2][hi" +
    "2][3][ACK" + "2][3][0][" +
    "2][255][9][a][b][1][\n" + "\r\n" +
    "02][3][1][x" + "2][][1][x" + "2][256][1][x" + "-2][+3][1][x" + "x]y]][3][1][x" +
    `2][3][300][${"][".repeat(150)}` +
    `2][3][255][${"z".repeat(255)}` +
    "2][3][ACK2][3][1][.",
);
const FOUND = [
  "2>3: hi",
  "2>3 ACK",
  "2>3 ACK",
  "2>255: a][b][1][",
  "0>3: x",
  "2>0: x",
  "2>0: x",
  "0>0: x",
  "0>3: x",
  "2>3 too long: 300",
  `2>3: ${"z".repeat(255)}`,
  "2>3 ACK",
  "2>3: .",
];

Deno.test("a stream in one piece is decoded frame by frame", () => {
  assertEquals(decode([STREAM]), FOUND);
});

Deno.test("a stream that arrives byte by byte is decoded to the same frames", () => {
  assertEquals(decode(Array.from(STREAM, (byte) => new Uint8Array([byte]))), FOUND);
});

Deno.test("a stream cut in two at any place is decoded to the same frames", () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    assertEquals(decode([STREAM.subarray(0, cut), STREAM.subarray(cut)]), FOUND, `cut at ${cut}`);
  }
});

const anyStream = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom("2", "3][", "][", "]", "[", "ACK", "A", "0][", "1][", "12][", "300][", "01", "-1][", "\n", "é").map(
      encode,
    ),
    fc.record({ to: fc.integer({ min: -1, max: 257 }), message: fc.uint8Array({ maxLength: 300 }) }).map(
      ({ to, message }) => encodeFrame(2, to, message),
    ),
  ),
  { maxLength: 12 },
).map((parts) => new Uint8Array(parts.flatMap((part) => [...part])));

Deno.test("any bytes are decoded to what a search of the whole text finds in them", () => {
  fc.assert(fc.property(anyStream, (stream) => assertEquals(decode([stream]), modelDecode(stream))), { numRuns: 500 });
});

Deno.test("any bytes are decoded to the same frames however they are cut", () => {
  fc.assert(fc.property(anyStream, fc.array(fc.nat(400), { maxLength: 8 }), (stream, cuts) => {
    const places = [0, ...cuts.map((cut) => Math.min(cut, stream.length)).sort((a, b) => a - b), stream.length];
    const pieces = places.slice(1).map((place, i) => stream.subarray(places[i], place));
    assertEquals(decode(pieces), decode([stream]));
  }));
});

Deno.test("a message may be any bytes", () => {
  const message = Uint8Array.from({ length: 255 }, (_, i) => i + 1);
  assertEquals(decode([encodeFrame(2, 3, message), encodeFrame(2, 4, new Uint8Array([0]))]), [
    `2>3: ${latin1(message)}`,
    "2>4: \0",
  ]);
});

Deno.test("the limit is 255 bytes, whatever the size says, and what is past it is skipped", () => {
  for (const size of [256, 1000, 65_536]) {
    const message = new Uint8Array(size).fill(65);
    assertEquals(decode([encodeFrame(2, 3, message), encode("2][3][1][x")]), [`2>3 too long: ${size}`, "2>3: x"]);
  }
});

Deno.test("what is no size is told at its first wrong byte", () => {
  for (
    const wrong of ["x", "-", "+", " ", "]", "[", "a", "AX", "ACX", "00", "01", "1x", "1]x", "1]]", "0x", "é", "\n"]
  ) {
    assertEquals(decode([encode(`2][3][${wrong}`)]), ["!bad-size"], wrong);
  }
});

Deno.test("a size of 15 digits is believed, one with more is none", () => {
  assertEquals(decode([encode(`2][3][${"9".repeat(15)}][abc`)]), ["2>3 too long: 999999999999999"]);
  assertEquals(decode([encode(`2][3][${"9".repeat(16)}`)]), ["!bad-size"]);
});

Deno.test("a field that does not end is given up at its limit", () => {
  const longest = "x".repeat(MAX_FIELD);
  assertEquals(decode([encode(`${longest}][${longest}][1][x`)]), ["0>0: x"]);
  assertEquals(decode([encode("1".repeat(MAX_FIELD + 1))]), ["!endless-id"]);
  assertEquals(decode([encode(`2][${"y".repeat(MAX_FIELD + 1)}`)]), ["!endless-id"]);
});

Deno.test("nothing is told after stop, nor after what cannot be read", () => {
  let told = 0;
  const decoder: FrameDecoder = new FrameDecoder({
    message: () => {
      told++;
      decoder.stop();
    },
    acknowledged: () => told++,
    tooLong: () => told++,
    unreadable: () => told++,
  });
  decoder.push(encode("2][3][1][x2][3][ACK"));
  decoder.push(encode("2][3][ACK"));
  assertEquals(told, 1);
  assertEquals(decode([encode("2][3][x2][3][2][hi"), encode("2][3][2][hi")]), ["!bad-size"]);
});

Deno.test("a decoder knows whether it is amid a frame, and amid which", () => {
  const decoder = new FrameDecoder({
    message: () => {},
    acknowledged: () => {},
    tooLong: () => {},
    unreadable: () => {},
  });
  const states = ["\n", "2", "][3][2][h", "i", "\r\n", "2][3][AC", "K", "2][3][256][", "x".repeat(255), "x", "2]"].map(
    (piece) => {
      decoder.push(encode(piece));
      return decoder.unfinished;
    },
  );
  assertEquals(states, [0, 1, 1, 0, 0, 2, 0, 3, 3, 0, 4]);
});
