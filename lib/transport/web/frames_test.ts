import { assertEquals } from "@std/assert";
import { closePayload, encodeWebFrame, OPCODES, WebFrameDecoder } from "./frames.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const MASK = Uint8Array.of(1, 2, 3, 4);

/** A decoder, and what it has told. */
function startDecoder(isMasked = true, maxMessage = 100_000) {
  const told: string[] = [];
  const sink = {
    isHeld: false,
    text: (message: Uint8Array) => told.push(`text ${decoder.decode(message)}`),
    ping: (payload: Uint8Array) => told.push(`ping ${decoder.decode(payload)}`),
    close: (code: number, reason: string) => told.push(`close ${code} ${reason}`),
    fault: (code: number, why: string) => told.push(`fault ${code}: ${why}`),
  };
  return { decoder: new WebFrameDecoder({ isMasked, maxMessage }, sink), told, sink };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** A frame of a client; `first` is its first byte, if it is no whole frame of text. */
function frame(payload: Uint8Array | string, first: number = 128 | OPCODES.text): Uint8Array {
  const bytes = typeof payload === "string" ? encoder.encode(payload) : payload;
  const encoded = encodeWebFrame(OPCODES.text, bytes, MASK);
  encoded[0] = first;
  return encoded;
}

/** What is told of these bytes. */
function read(bytes: Uint8Array, ...options: Parameters<typeof startDecoder>): string[] {
  const started = startDecoder(...options);
  started.decoder.push(bytes);
  return started.told;
}

const STREAM = joined(
  frame("hello"),
  frame("", 0x89),
  frame("fr", 0x01),
  frame("ping", 0x89),
  frame("ag", 0x00),
  frame("ments é", 0x80),
  frame("", 0x81),
  frame("x".repeat(200)),
  frame("pong", 0x8a),
  frame(closePayload(1000, "bye"), 0x88),
  frame("never read"),
);
const TOLD = [
  "text hello",
  "ping ",
  "ping ping",
  "text fragments é",
  "text ",
  `text ${"x".repeat(200)}`,
  "close 1000 bye",
];

Deno.test("frames are read whole, byte by byte, and cut at every place", () => {
  assertEquals(read(STREAM), TOLD);
  const bytewise = startDecoder();
  for (const byte of STREAM) bytewise.decoder.push(Uint8Array.of(byte));
  assertEquals(bytewise.told, TOLD);
  for (let cut = 1; cut < STREAM.length; cut++) {
    const started = startDecoder();
    started.decoder.push(STREAM.subarray(0, cut));
    started.decoder.push(STREAM.subarray(cut));
    assertEquals(started.told, TOLD, `cut at ${cut}`);
  }
});

Deno.test("lengths of one, two and eight bytes are written and read", () => {
  for (const length of [0, 125, 126, 65_535, 65_536]) {
    for (const mask of [MASK, undefined]) {
      const encoded = encodeWebFrame(
        OPCODES.text,
        encoder.encode("é".repeat(Math.floor(length / 2)).padEnd(length - Math.floor(length / 2), "x")),
        mask,
      );
      assertEquals(read(encoded, mask !== undefined)[0]?.length, 5 + length - Math.floor(length / 2));
    }
  }
});

Deno.test("what breaks the rules of RFC 6455 is a fault, and nothing behind it is read", () => {
  const cases: readonly [Uint8Array, string][] = [
    [encodeWebFrame(OPCODES.text, encoder.encode("hi")), "fault 1002: a frame is not masked"],
    [frame("hi", 0xc1), "fault 1002: a frame has bits that nobody has agreed on"],
    [frame("hi", 0x83), "fault 1002: a frame is of no known kind"],
    [frame("hi", 0x80), "fault 1002: a message begins amid another, or goes on without one"],
    [joined(frame("a", 0x01), frame("b", 0x81)), "fault 1002: a message begins amid another, or goes on without one"],
    [frame("x".repeat(126), 0x89), "fault 1002: a frame that is no message is too long, or in parts"],
    [frame("x", 0x09), "fault 1002: a frame that is no message is too long, or in parts"],
    [frame("hi", 0x82), "fault 1003: messages are text"],
    [frame(Uint8Array.of(0xff)), "fault 1007: a message is not UTF-8"],
    [frame(Uint8Array.of(3), 0x88), "fault 1002: a closing frame has no code that there is"],
    [frame(Uint8Array.of(3, 0xed), 0x88), "fault 1002: a closing frame has no code that there is"],
    [frame(Uint8Array.of(3, 0xe8, 0xff), 0x88), "fault 1007: a closing frame is not UTF-8"],
    [frame("x".repeat(60_000).repeat(2)), "fault 1009: a message has at most 100000 bytes"],
  ];
  for (const [bytes, fault] of cases) assertEquals(read(joined(bytes, frame("more"))).slice(-1), [fault]);
  assertEquals(read(frame("hi"), false), ["fault 1002: a server masks its frames"]);
  assertEquals(read(frame("", 0x88)), ["close 1005 "]);
});

Deno.test("a message that is announced and does not come takes no memory, and parts count together", () => {
  const head = Uint8Array.of(0x81, 0xff, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...MASK);
  assertEquals(read(head), ["fault 1009: a message has at most 100000 bytes"]);
  const parts = joined(frame("x".repeat(60_000), 0x01), frame("x".repeat(60_000), 0x80));
  assertEquals(read(parts), ["fault 1009: a message has at most 100000 bytes"]);
});

Deno.test("held, it stops behind the message that it is at, and goes on from there", () => {
  const { decoder, told, sink } = startDecoder();
  const hold = { ...sink, isHeld: true };
  const held = new WebFrameDecoder({ isMasked: true, maxMessage: 100 }, hold);
  const bytes = joined(frame("one"), frame("two"));
  const count = held.push(bytes);
  assertEquals([told, count], [["text one"], frame("one").length]);
  held.push(bytes.subarray(count));
  assertEquals(told, ["text one", "text two"]);
  assertEquals(decoder.unfinished, 0);
});

Deno.test("which message is unfinished is known by its number", () => {
  const { decoder } = startDecoder();
  const numbers: number[] = [];
  const bytes = joined(frame("a"), frame("b", 0x01), frame("c", 0x80), frame("d"));
  for (const byte of bytes) {
    decoder.push(Uint8Array.of(byte));
    numbers.push(decoder.unfinished);
  }
  assertEquals(numbers, [1, 1, 1, 1, 1, 1, 0, ...Array(13).fill(2), 0, 3, 3, 3, 3, 3, 3, 0]);
});
