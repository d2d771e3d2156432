import { assertEquals } from "@std/assert";
import { linkPair } from "../../lib/simulation/connection.ts";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { plain } from "../mutants/mutant_set.ts";
import { slash } from "../mutants/slash/server.ts";
import { type Script, serveCaller } from "../play/testing/scripted_server.ts";
import { playRun } from "../self_test/play.ts";
import { type LineReadingProbe, readsLinesOnly } from "./line_reading.ts";

const { fixtures } = await loadLibrary("slash", { dirs: [], embedded: true });

/** Whether a server is found to read lines though its words do not say so. */
async function reads(script: Script): Promise<boolean> {
  const runtime = new VirtualTime(1);
  const { leaving, lineEnd } = fixtures[0]!;
  const [near, far] = linkPair({ lingerTimeout: 100, runtime });
  serveCaller(0, far, script);
  const probe = { runtime, link: near, name: "alice", lineEnd, leaving } as LineReadingProbe;
  return await runtime.run(() => readsLinesOnly(probe));
}

/** Says something in answer to each message: one a line, or one a read. */
function answering(prompt: string, { inLines = false, from = 1 }): Script {
  let messages = 0;
  return {
    connected: (caller) => prompt !== "" && caller.say(prompt),
    heard: (caller) => {
      if (inLines && !caller.unanswered.includes("\n")) return;
      caller.unanswered = "";
      if (++messages >= from) caller.say("yes");
    },
  };
}

Deno.test("a server that writes a prompt, or nothing, and answers lines alone is found to read lines", async () => {
  for (const prompt of ["Alias? ", "hello\nAlias? ", ""]) {
    assertEquals(await reads(answering(prompt, { inLines: true })), true, prompt);
  }
});

Deno.test("a server that takes each read for a message is not, though it says nothing to the first", async () => {
  for (const from of [1, 2]) {
    for (const prompt of ["Alias? ", ""]) assertEquals(await reads(answering(prompt, { from })), false, prompt);
  }
});

Deno.test("a server that speaks lines, says nothing at all, or closes is not asked for it", async () => {
  const right = answering("hello\n", { inLines: true });
  const mute: Script = { heard: () => {} };
  const closing: Script = { connected: (caller) => caller.link.end("left") };
  for (const script of [right, mute, closing]) assertEquals(await reads(script), false);
});

Deno.test("a slash server without /users that takes each read for a message fails when an alias arrives byte by byte", async () => {
  const make = slash((plain, server) => ({
    hear: (client, text) => {
      // The line end is a message of its own, of which nothing is left.
      const message = text.replace(/\n$/, "");
      if (message === "") return;
      if (client.name === "") server.enter(client, message);
      else plain.line(client, message);
    },
    list: (client) => server.say(client, "* There is no such command. See /help."),
  }));
  const library = await loadLibrary("slash", { dirs: [], embedded: true });
  const subject = { words: "is tried", start: plain(make) };
  const wanted = library.fixtures.filter(({ name }) => /^slash\/(dm|users-alone|stream-split-alias)$/.test(name));
  const { results } = await playRun(subject, library, wanted, { seed: 1, jobs: 1, accommodates: true });
  const verdicts = Object.fromEntries(results.map(({ fixture, verdict }) => [fixture.name, verdict]));
  assertEquals(verdicts["slash/dm"], "pass");
  assertEquals(verdicts["slash/stream-split-alias"] === "pass", false, JSON.stringify(verdicts));
});
