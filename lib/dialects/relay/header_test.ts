import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOfText } from "./header_text.ts";
import { parseHeader, readHeader } from "./header.ts";

/** Reads it both ways, which must come to the same. */
function parse(text: string) {
  const parsed = parseHeader(text, "SEND", 65_536);
  // Amid other bytes, none of which count.
  const bytes = bytesOfText(`1 \n${text}1 \n`);
  assertEquals(readHeader(bytes, 3, bytes.length - 3, "SEND", 65_536), parsed);
  return parsed;
}

Deno.test("bytes are read as their text is, whatever they are", () => {
  const piece = fc.constantFrom(
    "SEND",
    "RECEIVED",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "Content-length: ",
    "content-length:",
    "bob",
    "\xe4",
    "\udcff",
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
  assertEquals(parse("REGISTER\nTOSEND alice"), { verb: "REGISTER", argument: "\nTOSEND alice", length: undefined });
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

Deno.test("\\r\\n ends a line as \\n does, and a lone \\r does not", () => {
  assertEquals(parse("SEND bob\r\nContent-length: 2\r"), { verb: "SEND", argument: "bob", length: 2 });
  assertEquals(parse("SEND bob\nX: y\r\nContent-length: 2"), { verb: "SEND", argument: "bob", length: 2 });
  assertEquals(parse("RECEIVED bob\r"), { verb: "RECEIVED", argument: "bob", length: undefined });
  assertEquals(parse("RECEIVED bob\r\r"), { verb: "RECEIVED", argument: "bob\r", length: undefined });
  assertEquals(parse("RECEIVED b\rb"), { verb: "RECEIVED", argument: "b\rb", length: undefined });
  assertEquals(parse("SEND bob\rContent-length: 2"), "no-length");
  assertEquals(parse("SEND bob\nContent-length: 2\r\r"), "bad-length");
  assertEquals(parse("SEND\r\nContent-length: 2\r"), "no-party");
});

Deno.test("a blank behind a name is part of it, and only spaces and tabs may stand round a length", () => {
  assertEquals(parse("RECEIVED bob \r"), { verb: "RECEIVED", argument: "bob ", length: undefined });
  assertEquals(parse("SEND bob\t\r\nContent-length: 2"), { verb: "SEND", argument: "bob\t", length: 2 });
  assertEquals(parse("SEND bob\nContent-length: \t2 \t"), { verb: "SEND", argument: "bob", length: 2 });
  for (const margin of ["\v", "\f", "\xa0", "\u3000", "\ufeff"]) {
    assertEquals(parse(`SEND bob\nContent-length: 2${margin}`), "bad-length");
  }
});

Deno.test("names are read as UTF-8, and what is none comes back as it was", () => {
  assertEquals(parse("RECEIVED josé"), { verb: "RECEIVED", argument: "josé", length: undefined });
  assertEquals(parse("SEND josé\nContent-length: 2"), { verb: "SEND", argument: "josé", length: 2 });
  const bytes = new Uint8Array([0x41, 0x20, 0xff, 0x62]);
  const header = readHeader(bytes, 0, 4, "SEND", 100);
  assertEquals(typeof header === "object" && bytesOfText(`A ${header.argument}`), bytes);
});
