import { assertEquals } from "@std/assert";
import { readPrelude } from "../fixtures/fixture.ts";
import { type Caller, playScripted, type Script } from "./testing/scripted_server.ts";

const prelude = readPrelude(
  "greeting: Who?\nprobe: {name}\nfarewell: #quit\n",
  "prelude.chat",
);

/** A server that asks for a name, welcomes, and closes on `#quit`; what it hears from whom leaves without is `left`. */
function room(left: string[], { takesAnyName = false } = {}): Script {
  const named = new Set<Caller>();
  return {
    connected: (caller) => caller.say("Who?"),
    heard: (caller) => {
      const text = caller.unanswered;
      caller.unanswered = "";
      if (!named.has(caller)) {
        if (!takesAnyName && text.startsWith("no")) return caller.say("Who?");
        named.add(caller);
        return caller.say("Welcome!");
      }
      if (text !== "#quit") return caller.say(text);
      named.delete(caller);
      caller.say("#quit");
      caller.link.end("left");
    },
    left: (caller) => {
      if (caller.pieces.at(-1) !== "#quit") left.push(caller.pieces.join(" "));
    },
  };
}

const ENTER = ["connect x", "x < Who?", "x > alice", "x < Welcome!"];

Deno.test("a fixture leaves a stream as a client does, whatever came of it", async () => {
  for (const [verdict, last] of [["pass", "x > hi"], ["timeout", "x > ho"]] as const) {
    const left: string[] = [];
    const result = await playScripted([...ENTER, last, "x < hi"], room(left), { prelude, timeout: 300 });
    const [, said] = last.split(" > ");
    assertEquals([result.verdict === "pass" ? "pass" : "timeout", left], [verdict, []]);
    assertEquals(result.callers[0]!.pieces, ["alice", said, "#quit"]);
  }
});

Deno.test("who has said nothing yet introduces itself before it leaves, and others leave only then", async () => {
  const left: string[] = [];
  const steps = ["connect x", "x < Who?", "connect y", "y < Who?"];
  const { verdict, callers } = await playScripted(steps, room(left), { prelude });
  assertEquals([verdict, left, callers.map(({ pieces }) => pieces.length)], ["pass", [], [2, 2]]);
  assertEquals(callers.map(({ pieces }) => /^name[a-z0-9]+ #quit$/.test(pieces.join(" "))), [true, true]);
});

Deno.test("who was forgotten leaves as well, and who has left already does not", async () => {
  const left: string[] = [];
  const forgotten = await playScripted([...ENTER, "forget x"], room(left), { prelude });
  assertEquals([forgotten.callers[0]!.pieces, left], [["alice", "#quit"], []]);
  const quit = await playScripted([...ENTER, "x > #quit", "x < #quit", "x closed"], room(left), { prelude });
  assertEquals([quit.verdict, quit.callers[0]!.pieces, left], ["pass", ["alice", "#quit"], []]);
  const broken = await playScripted([...ENTER, "close x"], room(left), { prelude });
  assertEquals(
    [broken.callers[0]!.pieces, left],
    [["alice"], ["alice"]],
    "where leaving without a word is the fixture's own step",
  );
});

Deno.test("a server that took the farewell for a name hears it again", async () => {
  const left: string[] = [];
  const steps = ["connect x", "x < Who?", "x > no", "x < Who?"];
  const { verdict, callers } = await playScripted(steps, room(left), { prelude });
  assertEquals([verdict, callers[0]!.pieces, left], ["pass", ["no", "#quit", "#quit"], []]);
});

Deno.test("a server that answers no farewell, or never stops, is left all the same", async () => {
  const mute = await playScripted(["connect x", "connect y"], {}, { prelude, timeout: 300 });
  assertEquals([mute.verdict, mute.callers.map(({ left }) => left)], ["pass", ["ended", "ended"]]);
  const babble = (caller: Caller) => {
    if (caller.left === undefined) queueMicrotask(() => caller.say("bla"));
  };
  const endless = await playScripted(["connect x", "forget x"], { heard: babble }, { prelude, timeout: 300 });
  assertEquals(endless.verdict, "pass");
});

Deno.test("a message is ended as the server's own words are", async () => {
  const lines = readPrelude("ending: \\n\ngreeting: {_=text}\nprobe: {name}\\n\nfarewell: /quit\\n\n", "prelude.chat");
  for (const [greeting, farewell] of [["Who?", "/quit"], ["Who?\n", "/quit\n"]] as const) {
    const script: Script = { connected: (caller) => caller.say(greeting), heard: (caller) => caller.link.end("left") };
    const { callers } = await playScripted(["connect x", "x < Who?{_=text}", "x > hi\\n", "forget x"], {
      ...script,
      heard: (caller) => caller.unanswered.includes("/quit") && caller.link.end("left"),
    }, { prelude: lines, timeout: 2_000 });
    assertEquals(callers[0]!.pieces.at(-1), farewell);
  }
});
