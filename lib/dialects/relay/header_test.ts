import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseHeader, readHeader } from "./header.ts";

/** Reads it both ways, which must come to the same. */
function parse(text: string) {
  const parsed = parseHeader(text, "SEND", 65_536);
  if (!/^[\0-\xff]*$/.test(text)) return parsed;
  // Amid other bytes, none of which count.
  const bytes = Uint8Array.from(`1 \n${text}1 \n`, (character) => character.charCodeAt(0));
  assertEquals(readHeader(bytes, 3, 3 + text.length, "SEND", 65_536), parsed);
  return parsed;
}

Deno.test("bytes are read as their text is, whatever they are", () => {
  const piece = fc.constantFrom(
    "SEND",
    "RECEIVED",
    " ",
    "\n",
    "Content-length: ",
    "content-length:",
    "bob",
    "\xe4",
    "\0",
    "",
  );
  const digits = fc.nat(99_999).map(String);
  fc.assert(fc.property(fc.array(fc.oneof(piece, digits), { maxLength: 8 }), (pieces) => void parse(pieces.join(""))), {
    numRuns: 2_000,
  });
  const usual = fc.tuple(fc.string({ unit: "binary-ascii" }), fc.string({ unit: "binary-ascii" }));
  fc.assert(fc.property(usual, ([to, length]) => void parse(`SEND ${to}\nContent-length: ${length}`)));
});

Deno.test("a header without a body is a verb and all that follows it", () => {
  assertEquals(parse(" SEND bob"), { verb: "", argument: "SEND bob", length: undefined });
  assertEquals(parse("REGISTER TOSEND alice"), { verb: "REGISTER", argument: "TOSEND alice", length: undefined });
  assertEquals(parse("REGISTER TOSEND al ice\nx"), {
    verb: "REGISTER",
    argument: "TOSEND al ice\nx",
    length: undefined,
  });
  assertEquals(parse("hello"), { verb: "hello", argument: "", length: undefined });
});

Deno.test("a SEND has a recipient and a length", () => {
  assertEquals(parse("SEND bob\nContent-length: 0065"), { verb: "SEND", argument: "bob", length: 65 });
  assertEquals(parse("SEND bob\nX: y\ncontent-LENGTH:2\nZ"), { verb: "SEND", argument: "bob", length: 2 });
  assertEquals(parse("SEND b b\nContent-length: 2"), { verb: "SEND", argument: "b b", length: 2 });
});

Deno.test("a length that is not a plain number is a bad length", () => {
  for (const value of ["", " ", "-1", "+1", "1.0", "0x10", "1e3", "ten", "1 2", "１"]) {
    assertEquals(parse(`SEND bob\nContent-length: ${value}`), "bad-length", `"${value}"`);
  }
});

Deno.test("two lengths that differ are a bad length, and two that agree are one", () => {
  assertEquals(parse("SEND bob\nContent-length: 1\nContent-length: 2"), "bad-length");
  assertEquals(parse("SEND bob\nContent-length: 2\nContent-length: 2"), { verb: "SEND", argument: "bob", length: 2 });
});

Deno.test("a length over the limit is too large, however many digits it has", () => {
  assertEquals(parse("SEND bob\nContent-length: 65537"), "too-large");
  assertEquals(parse("SEND bob\nContent-length: 99999999999999999999"), "too-large");
});

Deno.test("a SEND without a recipient or without a length says which", () => {
  assertEquals(parse("SEND\nContent-length: 2"), "no-party");
  assertEquals(parse("SEND \nContent-length: 2"), "no-party");
  assertEquals(parse("SEND"), "no-party");
  assertEquals(parse("SEND bob"), "no-length");
  assertEquals(parse("SEND bob\nContent-type: text"), "no-length");
});
