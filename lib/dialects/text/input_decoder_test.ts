import { assertEquals } from "@std/assert";
import { InputDecoder } from "./input_decoder.ts";

/** As in room. */
const OPTIONS = { maxRead: 1024, decidesAtOnce: true };

const encode = (text: string) => new TextEncoder().encode(text);

function decode(...pieces: (string | Uint8Array)[]) {
  const texts: string[] = [];
  const decoder = new InputDecoder({
    line: (bytes) => texts.push(new TextDecoder("utf-8", { fatal: true }).decode(bytes)),
    tooLong: () => texts.push("!"),
    isHeld: false,
  }, OPTIONS);
  for (const piece of pieces) {
    const bytes = typeof piece === "string" ? encode(piece) : piece.slice();
    assertEquals(decoder.push(bytes), bytes.length);
    bytes.fill(63);
  }
  return { texts, framing: decoder.framing, unfinished: decoder.unfinished };
}

Deno.test("a first input with a line break in it makes a client that speaks lines", () => {
  assertEquals(decode("alice\n", "h", "i\r\n#quit\n").texts, ["alice", "hi", "#quit"]);
  assertEquals(decode("alice\nhi\nhow a", "re you?\n"), {
    texts: ["alice", "hi", "how are you?"],
    framing: "lines",
    unfinished: 0,
  });
  assertEquals(decode("alice\n", "x".repeat(4098)).texts, ["alice", "!"]);
});

Deno.test("one without makes a client whose reads are its messages, line breaks or not", () => {
  assertEquals(decode("alice", "hi", "one\ntwo\n", "#quit"), {
    texts: ["alice", "hi", "one\ntwo\n", "#quit"],
    framing: "reads",
    unfinished: 0,
  });
});

Deno.test("a read has at most 1024 bytes", () => {
  const { texts } = decode("alice", "x".repeat(2500));
  assertEquals(texts.map((text) => text.length), [5, 1024, 1024, 452]);
});

Deno.test("a character that a read cuts is kept for the next one", () => {
  const text = "aé日👍b";
  const bytes = encode(text);
  for (let cut = 1; cut < bytes.length; cut++) {
    const { texts, unfinished } = decode("alice", bytes.subarray(0, cut), bytes.subarray(cut));
    assertEquals(texts.slice(1).join(""), text, `cut at ${cut}`);
    assertEquals(unfinished, 0);
  }
  const { texts } = decode("alice", "é".repeat(1000));
  assertEquals(texts.slice(1).map((text) => text.length), [512, 488]);
  const odd = decode("alice", "x" + "é".repeat(1000)).texts.slice(1);
  assertEquals(odd.map((text) => encode(text).length), [1023, 978]);
});

Deno.test("amid a character, and amid a line, the message is unfinished", () => {
  assertEquals(decode("alice", new Uint8Array([0xe6, 0x97])).unfinished, 2);
  assertEquals(decode("alice\n", "hi").unfinished, 2);
});

Deno.test("a decoder that is held stops behind the message, and says how much it took", () => {
  const texts: string[] = [];
  const sink = {
    line: (bytes: Uint8Array) => {
      texts.push(new TextDecoder().decode(bytes));
      sink.isHeld = true;
    },
    tooLong: () => {},
    isHeld: false,
  };
  const decoder = new InputDecoder(sink, OPTIONS);
  assertEquals([decoder.push(encode("x".repeat(1500))), texts.length], [1024, 1]);
});
