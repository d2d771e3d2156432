import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type BodyVerb, encodeBodyHeader, encodeMessage, MAX_HEADER, RelayDecoder } from "./codec.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** What a decoder finds in a stream that arrives in these pieces, each in a buffer that is spoiled afterwards. */
function decode(pieces: Iterable<Uint8Array>, bodyVerb: BodyVerb | "none" = "SEND", maxBody = 70_000): string[] {
  const found: string[] = [];
  const decoder = new RelayDecoder(bodyVerb === "none" ? undefined : bodyVerb, maxBody, {
    message: ({ verb, argument }) => found.push(`${verb}|${argument}`),
    body: (party, body) => found.push(`${party}: ${Array.from(body, (byte) => String.fromCharCode(byte)).join("")}`),
    unreadable: (fault) => found.push(`!${fault}`),
  });
  for (const piece of pieces) {
    const reused = piece.slice();
    decoder.push(reused);
    reused.fill(63);
  }
  return found;
}

const STREAM = encode(
  "REGISTER TOSEND alice\n\n" +
    "\n" +
    "SEND bob\nContent-length: 4\n\n\n\nhi" +
    "SEND carol\ncontent-LENGTH:0\nX-Mood: fine\n\n\n" +
    "SEND ALL\nContent-length: 30\n\nSEND bob\nContent-length: 1\n\nxyz" +
    "RECEIVED bob\n\nGARBAGE\n\nREGISTER TORECV al\nice\n\n" +
    "SEND dave\nContent-length: x\n\nERROR 103 Header incomplete\n\n",
);
const FOUND = [
  "REGISTER|TOSEND alice",
  "bob: \n\nhi",
  "carol: ",
  "ALL: SEND bob\nContent-length: 1\n\nxy",
  "zRECEIVED|bob",
  "GARBAGE|",
  "REGISTER|TORECV al\nice",
  "!bad-length",
  "ERROR|103 Header incomplete",
];

Deno.test("a stream in one piece is decoded message by message", () => {
  assertEquals(decode([STREAM]), FOUND);
});

Deno.test("a stream that arrives byte by byte is decoded to the same messages", () => {
  assertEquals(decode(Array.from(STREAM, (byte) => new Uint8Array([byte]))), FOUND);
});

Deno.test("a stream cut in two at any place is decoded to the same messages", () => {
  for (let cut = 0; cut <= STREAM.length; cut++) {
    assertEquals(decode([STREAM.subarray(0, cut), STREAM.subarray(cut)]), FOUND, `cut at ${cut}`);
  }
});

Deno.test("any bytes are decoded to the same messages however they are cut", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom("SEND bob\n", "Content-length: ", "3\n\n", "\n\n", "\n", "REGISTER TOSEND ", "RECEIVED x\n\n").map(
      encode,
    ),
  );
  fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200), { maxLength: 8 }), (parts, cuts) => {
    const whole = new Uint8Array(parts.flatMap((part) => [...part]));
    const places = [0, ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b), whole.length];
    const pieces = places.slice(1).map((place, i) => whole.subarray(places[i], place));
    assertEquals(decode(pieces), decode([whole]));
  }));
});

Deno.test("a body may be any bytes", () => {
  const body = Uint8Array.from({ length: 256 }, (_, i) => i);
  const stream = new Uint8Array([...encodeBodyHeader("SEND", "bob", 256), ...body, ...encodeMessage("RECEIVED bob")]);
  const expected = ["bob: " + Array.from(body, (byte) => String.fromCharCode(byte)).join(""), "RECEIVED|bob"];
  assertEquals(decode([stream]), expected);
});

Deno.test("a body as long as the limit passes, and one that is longer is announced as too large", () => {
  const body = encode("x".repeat(10));
  assertEquals(decode([encodeBodyHeader("SEND", "bob", 10), body], "SEND", 10), ["bob: xxxxxxxxxx"]);
  assertEquals(decode([encodeBodyHeader("SEND", "bob", 11)], "SEND", 10), ["!too-large"]);
});

Deno.test("a header that does not end is given up at the limit, and what was kept of it is let go", () => {
  assertEquals(decode([encode("A".repeat(MAX_HEADER - 2) + "\n\n")]), ["A".repeat(MAX_HEADER - 2) + "|"]);
  assertEquals(decode([encode("A".repeat(MAX_HEADER + 1))]), ["!too-long"]);
  assertEquals(decode(Array.from({ length: MAX_HEADER + 1 }, () => encode("A"))), ["!too-long"]);
});

Deno.test("nothing is told after stop, not even from the piece that is being read", () => {
  let told = 0;
  const decoder: RelayDecoder = new RelayDecoder("SEND", 100, {
    message: () => {
      told++;
      decoder.stop();
    },
    body: () => told++,
    unreadable: () => told++,
  });
  decoder.push(encode("A\n\nB\n\nSEND x\nContent-length: 1\n\nx"));
  decoder.push(encode("C\n\n"));
  assertEquals(told, 1);
});

Deno.test("a decoder knows whether it is amid a message, and amid which", () => {
  const decoder = new RelayDecoder("SEND", 100, { message: () => {}, body: () => {}, unreadable: () => {} });
  const states = ["A", "\n\nB", "\n\n", "SEND bob", "\nContent-length: 2\n\n", "h", "i", "\n\n"].map((piece) => {
    decoder.push(encode(piece));
    return decoder.unfinished;
  });
  assertEquals(states, [1, 2, 0, 3, 3, 3, 0, 0]);
});

Deno.test("where no message has a body, SEND is the short form of the success reply", () => {
  assertEquals(decode([encode("SEND bob\n\nSENT bob\n\n")], "none"), ["SEND|bob", "SENT|bob"]);
});
