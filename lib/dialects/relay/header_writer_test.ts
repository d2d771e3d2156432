import { assertEquals } from "@std/assert";
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
