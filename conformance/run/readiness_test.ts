import { assertEquals } from "@std/assert";
import type { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { answering, type Script } from "../play/testing/scripted_server.ts";
import { simulateRun } from "./testing/simulated_run.ts";

const ASKS = "title: It answers\nclause: demo/hi\n\nconnect x\nx > hi\nx < hello\n";
const FIXTURES = Object.fromEntries(["a", "b", "c"].map((name) => [name, ASKS]));

/** A server behind a port that closes each connection until so many milliseconds have passed. */
function behindPort(milliseconds: number, script: Script): (time: VirtualTime) => Script {
  return (time) => ({
    ...script,
    connected: (caller) => {
      if (time.now() < milliseconds) caller.link.end("left");
    },
  });
}

/** Plays three fixtures; gives their verdicts, what was told meanwhile, and how long it took. */
async function run(script: (time: VirtualTime) => Script, startTimeout = 10_000) {
  const notes: string[] = [];
  const onNote = (text: string) => void notes.push(text);
  const { results, duration } = await simulateRun(FIXTURES, { script, startTimeout, onNote });
  return { verdicts: results.map(({ verdict }) => verdict), notes, duration };
}

Deno.test("a server whose port takes connections before it does, and closes them, is waited for", async () => {
  const { verdicts, notes } = await run(behindPort(3_000, answering({ hi: "hello" })));
  assertEquals(verdicts, ["pass", "pass", "pass"]);
  assertEquals(notes, [
    "the port takes connections and closes them at once; waiting up to 10 s for the server",
  ]);
});

Deno.test("it is waited for no longer than it may take to start, and once", async () => {
  const { verdicts, notes, duration } = await run(behindPort(Infinity, answering({})), 2_000);
  assertEquals(verdicts, ["fail", "fail", "fail"]);
  assertEquals(notes.length, 1);
  assertEquals(duration < 3_000, true, String(duration));
});

Deno.test("a server that closes a connection because of what it is told is there already", async () => {
  const { verdicts, notes, duration } = await run(() => ({ heard: (caller) => caller.link.end("left") }));
  assertEquals(verdicts, ["fail", "fail", "fail"]);
  assertEquals(notes, []);
  assertEquals(duration < 1_000, true, String(duration));
});
