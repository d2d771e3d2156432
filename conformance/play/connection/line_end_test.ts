import { assertEquals } from "@std/assert";
import { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { readPrelude } from "../../fixtures/fixture.ts";
import { playScripted, type Script } from "../testing/scripted_server.ts";

const prelude = readPrelude("ending: \\n\n", "prelude.chat");

/** How long after the first of two messages a server hears the second that reads a message with each recv(), in milliseconds. */
async function between(answers: boolean): Promise<number> {
  const runtime = new VirtualTime(1);
  const heardAt: number[] = [];
  const script: Script = {
    connected: (caller) => caller.say("name?"),
    heard: (caller) => {
      heardAt.push(runtime.now());
      caller.unanswered = "";
      if (answers) caller.say("hello");
    },
  };
  const steps = ["connect x", "x < name?", "x > a\\n", ...answers ? ["x < hello"] : [], "x > b\\n", "forget x"];
  assertEquals((await playScripted(steps, script, { prelude, runtime })).verdict, "pass");
  return Math.round(heardAt[1]! - heardAt[0]!);
}

Deno.test("two messages that nothing divides are 100 ms apart, unless the server has answered the first", async () => {
  assertEquals(await between(false), 100);
  assertEquals(await between(true) < 60, true);
});
