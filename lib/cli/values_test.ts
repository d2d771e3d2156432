import { assertEquals, assertMatch } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { address, count, dialectName, duration, folder, type Kind, oneOf, word } from "./values.ts";

/** The value, or what is wrong with it. */
function read<T>(kind: Kind<T>, input: string): T | string {
  try {
    return kind.read(input);
  } catch (error) {
    if (error instanceof ChatError) return error.message;
    throw error;
  }
}

Deno.test("a duration has a unit and is counted in milliseconds", () => {
  const cases = [["500ms", 500], ["5s", 5_000], ["1.5m", 90_000], ["24h", 86_400_000], ["1ms", 1]] as const;
  for (const [text, milliseconds] of cases) assertEquals(read(duration(), text), milliseconds);
});

Deno.test("a duration without a unit, of nothing, negative, or longer than a day is refused", () => {
  for (const text of ["", "5", "0s", "-1s", "s", "5 s", "5S", "1e3ms", "25h", "0.4ms", "999999999999999999999h"]) {
    assertMatch(String(read(duration(), text)), /no length of time: write a number with ms, s, m or h/, text);
  }
});

Deno.test("a duration is shown as it would be written", () => {
  assertEquals([500, 5_000, 90_000, 60_000, 3_600_000].map(duration().show), ["500ms", "5s", "90s", "1m", "1h"]);
});

Deno.test("a count is a whole number within its bounds", () => {
  assertEquals(read(count("N", 1, 64), "64"), 64);
  for (const text of ["0", "65", "1.5", "", "1e1", "9999999999999999999999"]) {
    assertMatch(String(read(count("N", 1, 64), text)), /write a whole number from 1 to 64/, text);
  }
});

Deno.test("a word that is none of the few is refused with the few", () => {
  assertEquals(read(oneOf("WORD", "reply", ["SENT", "SEND"]), "SEND"), "SEND");
  assertEquals(read(oneOf("WORD", "reply", ["SENT", "SEND"]), "sent"), `unknown reply "sent": choose SENT or SEND`);
  assertMatch(String(read(dialectName(), "foo")), /^unknown dialect "foo": choose relay/);
});

Deno.test("an address may lack its port, and a wrong one is refused", () => {
  assertEquals(read(address(), "localhost"), { hostname: "localhost", port: undefined });
  assertMatch(String(read(address(), "localhost:")), /write HOST, HOST:PORT or/);
});

Deno.test("an empty word is refused", () => {
  assertEquals(read(word("NAME"), ""), '"" is no NAME: write at least one character');
});

Deno.test("completion offers what can be written", () => {
  assertEquals(oneOf("LEVEL", "log level", ["debug", "info"]).offers, ["debug", "info"]);
  assertEquals(folder().offers, "folders");
});
