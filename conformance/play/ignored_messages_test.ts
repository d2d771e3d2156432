import { assertEquals, assertThrows } from "@std/assert";
import { readPrelude } from "../fixtures/fixture.ts";
import { answering, playScripted } from "./testing/scripted_server.ts";

const prelude = readPrelude("ignore: ({_=digits} people\\n|psst {n=digits}:{_=n bytes})\n", "prelude.chat");
const MUTTER = "3 people\npsst 4:a\nb\n12 people\n";

/** What comes of a fixture when the server answers `hi` like this. */
async function verdict(answer: string, steps: readonly string[], segment?: (bytes: Uint8Array) => Uint8Array[]) {
  const asked = ["connect x", "x > hi\\n", ...steps];
  const result = await playScripted(asked, answering({ "hi\n": answer }), {
    prelude,
    timeout: 300,
    ...(segment === undefined ? {} : { segment }),
  });
  return result.verdict;
}

const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

Deno.test("ignored messages do not count, wherever they come and in whatever pieces", async () => {
  const steps = ["x < hello\\n", "x < bye\\n"];
  for (const answer of ["hello\nbye\n", `${MUTTER}hello\n${MUTTER}bye\n${MUTTER}`]) {
    assertEquals(await verdict(answer, steps), "pass");
    assertEquals(await verdict(answer, steps, bytewise), "pass");
  }
});

Deno.test("silence may hold ignored messages, and only those", async () => {
  assertEquals(await verdict(MUTTER, ["x silent"]), "pass");
  assertEquals(await verdict(`${MUTTER}hello\n`, ["x silent"]), "unexpected");
  assertEquals(
    await verdict(MUTTER, ["choice answer:", "  when told:", "    x < hello\\n", "  when not:", "    x silent"]),
    "pass",
  );
});

Deno.test("what is expected is not taken for an ignored message", async () => {
  assertEquals(await verdict(MUTTER, ["x < {n=digits} people\\n", "x < 12 people\\n"]), "pass");
  assertEquals(await verdict(MUTTER, ["x < 12 people\\n", "x < 3 people\\n"]), "timeout");
});

Deno.test("an ignored message never stands in the middle of what one line expects", async () => {
  assertEquals(await verdict("hello\n3 people\nbye\n", ["x < hello\\nbye\\n"]), "mismatch");
});

Deno.test("something that only begins like an ignored message is none", async () => {
  assertEquals(await verdict("3 pears\nhello\n", ["x < hello\\n"]), "mismatch");
  assertEquals(await verdict("3 peo", ["x < hello\\n"]), "timeout");
});

Deno.test("a server may close behind an ignored message", async () => {
  const { verdict } = await playScripted(["connect x", "x closed"], {
    connected: (caller) => {
      caller.say(MUTTER);
      caller.link.end("left");
    },
  }, { prelude });
  assertEquals(verdict, "pass");
});

Deno.test("an ignored message knows no values but its own", () => {
  assertThrows(() => readPrelude("ignore: {name} has come\n", "prelude.chat"), Error, "prelude.chat:1: {name} is not");
  assertThrows(() => readPrelude("ignore:\n", "prelude.chat"), Error, "prelude.chat:1: ignore: is a pattern");
});

Deno.test("values that are to differ are told when two do not", async () => {
  const steps = ["connect x", "x > hi\\n", "x < {a1=digits} {a2=digits} {b=digits}\\n"];
  const play = async (answer: string, ...distinct: string[]) =>
    (await playScripted([...steps, ...distinct], answering({ "hi\n": answer }))).failure?.reason;
  assertEquals(await play("1 2 1\n", "distinct a*"), undefined);
  assertEquals(await play("1 2 1\n", "distinct a2 b"), undefined);
  assertEquals(await play("1 2 1\n", "distinct *"), "a1 and b are both 1");
  assertEquals(await play("7 7 1\n", "distinct b a*"), "a1 and a2 are both 7");
});

Deno.test("there must be values to compare, and they must be known", async () => {
  const { message } = await playScripted(["distinct a b"], {}).catch((error) => ({ message: String(error) }));
  assertEquals(message?.includes("{a} is not defined"), true);
  const few = await playScripted(["name a", "distinct a*"], {}).catch((error) => ({ message: String(error) }));
  assertEquals(few.message?.includes("distinct compares two values or more"), true);
});
