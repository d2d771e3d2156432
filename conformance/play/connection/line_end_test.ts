import { assert, assertEquals } from "@std/assert";
import { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { readPrelude } from "../../fixtures/fixture.ts";
import { playScripted, type Script } from "../testing/scripted_server.ts";

const prelude = readPrelude("ending: \\n\n", "prelude.chat");

/** A server that begins so, or says nothing, and answers whatever it is told. */
function greeting(...words: readonly string[]): Script {
  return {
    connected: (caller) => words.forEach((word) => caller.say(word)),
    heard: (caller) => caller.say("yes"),
  };
}

const STEPS = ["connect x", "x > alice\\n", "x < {_=text}yes", "x > /users\\n", "x < yes"];

Deno.test("what is said ends as the server's first words do", async () => {
  for (const words of [["hello\n"], ["hel", "lo\n"], ["hello\nalias?", "\n"]]) {
    const { verdict, callers } = await playScripted(STEPS, greeting(...words), { prelude });
    assertEquals([verdict, callers[0]!.pieces], ["pass", ["alice\n", "/users\n"]]);
  }
  for (const words of [["alias? "], ["hello\n", "alias?"], ["hello\r"]]) {
    const { verdict, callers } = await playScripted(STEPS, greeting(...words), { prelude });
    assertEquals([verdict, callers[0]!.pieces], ["pass", ["alice", "/users"]]);
  }
  const { callers } = await playScripted(STEPS, greeting("hello"));
  assertEquals(callers[0]!.pieces, ["alice\n", "/users\n"], "without such a prelude nothing is left out");
});

Deno.test("a server that says nothing is told the first message without a line end, and then spoken to as it answers", async () => {
  for (const [answer, second] of [["yes", "/users"], ["yes\n", "/users\n"]] as const) {
    const steps = ["connect x", "x > alice\\n", "x < yes(\\n|)", "x > /users\\n", "x < yes(\\n|)"];
    const script: Script = { heard: (caller) => caller.say(answer) };
    const { verdict, callers } = await playScripted(steps, script, { prelude, timeout: 5_000 });
    assertEquals([verdict, callers[0]!.pieces], ["pass", ["alice", second]]);
  }
});

Deno.test("where nothing divides them, messages are kept apart, and the pieces of one are not", async () => {
  const runtime = new VirtualTime(1);
  const times: number[] = [];
  const script: Script = {
    connected: (caller) => caller.say("alias?"),
    heard: () => times.push(runtime.now()),
  };
  const steps = ["connect x", "x > alice\\n", "x > one\\n", "x > two\\n", "x < alias?"];
  const { verdict, callers } = await playScripted(steps, script, { prelude, runtime });
  assertEquals([verdict, callers[0]!.pieces], ["pass", ["alice", "one", "two"]]);
  for (const [i, time] of times.entries()) assert(i === 0 || time - times[i - 1]! > 90, `${times}`);
  const bytewise = await playScripted(["connect x", "x >> alice\\n", "x < alias?"], script, { prelude });
  assertEquals(bytewise.callers[0]!.pieces.join(" "), "a l i c e");
});

Deno.test("a server that closes instead of greeting is not waited for", async () => {
  const script: Script = { connected: (caller) => caller.link.end("left") };
  const { verdict } = await playScripted(["connect x", "x > alice\\n"], script, { prelude });
  assertEquals(verdict, "closed");
});
