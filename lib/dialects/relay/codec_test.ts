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

/** The same messages with other line ends, other empty lines, and lines of blanks between them. */
const LOOSE_STREAM = encode(
  " \t\r\n\r\nREGISTER TOSEND alice\r\n\r\n" +
    "\n \n" +
    "SEND bob\r\nContent-length: 4\r\n\t \r\n\n\nhi" +
    "\r\nSEND carol\ncontent-LENGTH:0\r\nX-Mood: fine\n \n\n" +
    "SEND ALL\nContent-length: 30\n\r\nSEND bob\nContent-length: 1\n\nxyz" +
    "RECEIVED bob\n \nGARBAGE\r\n\nREGISTER TORECV al\r\nice\n\t\n" +
    "SEND dave\r\nContent-length: x\r\n\r\nERROR 103 Header incomplete\r\n\n",
);

Deno.test("\\r\\n ends a header line, and a line of blanks is an empty one, however the stream is cut", () => {
  assertEquals(decode([LOOSE_STREAM]), FOUND);
  assertEquals(decode(Array.from(LOOSE_STREAM, (byte) => new Uint8Array([byte]))), FOUND);
  for (let cut = 0; cut <= LOOSE_STREAM.length; cut++) {
    assertEquals(decode([LOOSE_STREAM.subarray(0, cut), LOOSE_STREAM.subarray(cut)]), FOUND, `cut at ${cut}`);
  }
});

Deno.test("no byte of a body is taken for a line end", () => {
  const body = "\r\n \r\n\t\n\r";
  assertEquals(decode([encode(`SEND bob\r\nContent-length: ${body.length}\r\n\r\n${body}RECEIVED x\n\n`)]), [
    `bob: ${body}`,
    "RECEIVED|x",
  ]);
});

Deno.test("a lone \\r ends no line, and a blank before or behind words is part of them", () => {
  assertEquals(decode([encode("A b\r\r\n\r\r\n\nC d \n\n E\n\n\r\r\n\n")]), ["A|b\r\n\r", "C|d ", "|E", "\r|"]);
});

Deno.test("a line of blanks without an end is given up at the limit, however it comes", () => {
  const blanks = encode(" ".repeat(MAX_HEADER) + "\nA\n\n");
  assertEquals(decode([blanks]), ["!too-long", "A|"]);
  assertEquals(decode(Array.from(blanks, (byte) => new Uint8Array([byte]))), ["!too-long", "A|"]);
  const fitting = encode(" ".repeat(MAX_HEADER - 1) + "\nA\n\n");
  assertEquals(decode([fitting]), ["A|"]);
  assertEquals(decode(Array.from(fitting, (byte) => new Uint8Array([byte]))), ["A|"]);
});

Deno.test("names are read as UTF-8, also where a character is cut", () => {
  const stream = encode("RECEIVED josé\n\n");
  for (let cut = 0; cut <= stream.length; cut++) {
    assertEquals(decode([stream.subarray(0, cut), stream.subarray(cut)]), ["RECEIVED|josé"]);
  }
});

Deno.test("what is left of a piece can be skipped, and a header that has come in part be given up", () => {
  const found: string[] = [];
  const decoder: RelayDecoder = new RelayDecoder("FORWARD", 100, {
    message: ({ verb }) => {
      found.push(verb);
      decoder.skipRest();
    },
    body: (from) => found.push(from),
    unreadable: () => {},
  });
  assertEquals(decoder.push(encode("A\n\nB\n\n")), 3);
  assertEquals(decoder.push(encode("rest")), 4);
  assertEquals(new TextDecoder().decode(decoder.drop()), "rest");
  decoder.push(encode("FORWARD bob\nContent-length: 2\n\nh"));
  assertEquals(decoder.drop().length, 0, "a body goes on");
  decoder.push(encode("i"));
  assertEquals(found, ["A", "bob"]);
});

Deno.test("any bytes are decoded to the same messages however they are cut", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(
      "SEND bob\n",
      "Content-length: ",
      "3\n\n",
      "\n\n",
      "\n",
      "\r\n",
      " ",
      "\r",
      "é",
      "REGISTER TOSEND ",
      "RECEIVED x\n\n",
    ).map(
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
