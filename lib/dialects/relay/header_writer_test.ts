import { assertEquals } from "@std/assert";
import { textOf } from "./header_text.ts";
import { HeaderWriter } from "./header_writer.ts";

Deno.test("numbers are written in decimal digits", () => {
  const written: string[] = [];
  const writer = new HeaderWriter();
  const numbers = [0, 1, 9, 10, 99, 100, 65_535, 65_536, 1_000_000, 16_777_216, 999_999_999];
  for (const number of numbers) {
    writer.addNumber(number);
    writer.writeTo({ write: (bytes) => written.push(new TextDecoder().decode(bytes)) });
  }
  assertEquals(written, numbers.map(String));
});

Deno.test("each header begins anew", () => {
  const written: string[] = [];
  const writer = new HeaderWriter();
  for (const text of ["FORWARD alice", "SENT", ""]) {
    writer.add(text);
    writer.add("\n");
    writer.writeTo({ write: (bytes) => written.push(new TextDecoder().decode(bytes)) });
  }
  assertEquals(written, ["FORWARD alice\n", "SENT\n", "\n"]);
});

Deno.test("texts are written in UTF-8, and bytes that are none as they came", () => {
  const written: number[][] = [];
  const writer = new HeaderWriter();
  const came = new Uint8Array([0x6a, 0xc3, 0xa9, 0xff, 0x62]);
  writer.add("é ");
  writer.add(textOf(came, 0, came.length));
  writer.addNumber(7);
  writer.writeTo({ write: (bytes) => written.push([...bytes]) });
  assertEquals(written, [[0xc3, 0xa9, 0x20, ...came, 0x37]]);
});
