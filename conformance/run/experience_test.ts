import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Script } from "../play/testing/scripted_server.ts";
import type { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { Experience } from "./experience.ts";
import { fixturesOf, simulateRun } from "./testing/simulated_run.ts";

/** A file with a fixture for each of these words, which is sent, and wanted back. */
function asking(clause: string, words: readonly string[], more = ""): Record<string, string> {
  const cases = words.map((word, i) => `case: c${i} = ${word}\n`).join("");
  return {
    [clause]:
      `title: It answers\nclause: demo/${clause}\n${cases}${more}exclusive: yes\n\nconnect x\nx > $case\nx < $case\n`,
  };
}

/** Sends back what it hears, as late as is said for it; `undefined`: never. */
function echo(lateness: (word: string) => number | undefined): (time: VirtualTime) => Script {
  return (time) => ({
    heard: (caller) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      const late = lateness(word);
      if (late !== undefined) time.after(late, () => caller.say(word));
    },
  });
}

const WORDS = ["a", "b", "c", "d", "e", "f", "g", "h"];

Deno.test("a server that says nothing is known after three fixtures, of which the second does not take long", async () => {
  const texts = { ...asking("hi", WORDS.slice(0, 3)), ...asking("more", WORDS, "needs: demo/hi\n") };
  const { results, duration } = await simulateRun(texts, { script: echo(() => undefined) });
  const verdicts = results.map(({ verdict }) => verdict);
  assertEquals(verdicts, [...Array(3).fill("fail"), ...Array(8).fill("blocked")]);
  assertMatch(results.at(-1)!.reason!, /^needs demo\/hi/);
  assert(duration < 7_500, String(duration));
});

Deno.test("after three failures of a clause by the same silence the others have ten times the slowest answer", async () => {
  const script = echo((word) => word === "h" ? 900 : /[a-g]/.test(word) ? undefined : 100);
  const { results, duration } = await simulateRun({ ...asking("first", ["x", "y"]), ...asking("same", WORDS) }, {
    script,
  });
  assertEquals(results.filter(({ verdict }) => verdict === "pass").map(({ fixture }) => fixture.name), [
    "demo/first.c0",
    "demo/first.c1",
    "demo/same.c7",
  ]);
  // Three whole deadlines, a second for each of four, and one for each of two that are played again.
  assert(duration < 27_000, String(duration));
});

Deno.test("a right server that is slow passes, however slow it is within the deadline", async () => {
  const script = echo((word) => word === "a" ? 10 : 4_500);
  const { results } = await simulateRun(asking("slow", WORDS), { script });
  assertEquals(results.map(({ verdict }) => verdict), WORDS.map(() => "pass"));
});

/** A clause with several fixtures that may be played beside others. */
function beside(clause: string, words: readonly string[]): Record<string, string> {
  const [[name, text]] = Object.entries(asking(clause, words)) as [[string, string]];
  return { [name]: text.replace("exclusive: yes\n", "") };
}

Deno.test("a server that is silent in many clauses, and answers in others, takes little more than two deadlines", async () => {
  const clauses = Array.from({ length: 20 }, (_, i) => beside(`silent${i}`, ["a", "b", "c", "d"]));
  const right = Array.from({ length: 20 }, (_, i) => beside(`right${i}`, ["x", "y"]));
  const texts = Object.assign({}, ...right.slice(0, 10), ...clauses, ...right.slice(10));
  const { results, duration } = await simulateRun(texts, {
    script: echo((word) => /[a-d]/.test(word) ? undefined : 5),
  });
  for (const { fixture: { clause }, verdict } of results) {
    assertEquals(verdict, clause.slug.startsWith("demo/silent") ? "fail" : "pass", clause.slug);
  }
  assert(duration < 17_000, String(duration));
  const short = results.flatMap(({ failure }) => failure?.insteadOf === undefined ? [] : [failure]);
  assert(short.length > 0 && short.every(({ waited, insteadOf }) => waited! < insteadOf!));
});

Deno.test("after silence in a clause that is played alone, what is slow in another one is still right", async () => {
  const texts = { ...asking("quick", ["x", "y"]), ...asking("silent", WORDS), ...asking("slow", ["s", "t"]) };
  const script = echo((word) => /[a-h]/.test(word) ? undefined : /[st]/.test(word) ? 1_400 : 5);
  const { results, duration } = await simulateRun(texts, { script });
  const failed = results.filter(({ verdict }) => verdict !== "pass").map(({ fixture }) => fixture.clause.slug);
  assertEquals(failed, WORDS.map(() => "demo/silent"));
  assert(duration < 13_000, String(duration));
});

Deno.test("a server that is slow in all it does has its whole deadline, however often it was silent", async () => {
  const names = ["one", "two", "three", "four"];
  const texts = Object.assign({}, ...names.map((name) => asking(name, ["a", "b"])), asking("slow", ["s"]));
  const script = echo((word) => /[ab]/.test(word) ? undefined : word === "s" ? 4_900 : 500);
  const { results } = await simulateRun({ ...asking("first", ["x", "y"]), ...texts }, { script });
  assertEquals(results.filter(({ verdict }) => verdict === "pass").map(({ fixture }) => fixture.clause.slug), [
    "demo/first",
    "demo/first",
    "demo/slow",
  ]);
});

Deno.test("only of a server that says nothing anywhere is it said that it says nothing", async () => {
  const hints = async (answered: RegExp) => {
    const script = echo((word) => answered.test(word) ? 5 : undefined);
    const { results } = await simulateRun({ ...asking("hi", ["a"]), ...asking("more", ["b"]) }, { script });
    return results.flatMap(({ failure }) => failure === undefined ? [] : [failure.hint]);
  };
  const words = "the server accepts connections and says nothing";
  assertEquals([await hints(/never/), await hints(/b/)], [[words, words], [undefined]]);
});

Deno.test("of a clause that needs nothing, one fixture that is played alone shows that a server is mute, or a few", async () => {
  const texts = { ...asking("hi", WORDS.slice(0, 3)), ...asking("alone", WORDS) };
  const { results } = await simulateRun(texts, { script: echo(() => undefined) });
  const failed = results.filter(({ verdict }) => verdict === "fail");
  assert(failed.length <= 6, String(failed.length));
});

Deno.test("a gate that is tried in several ways is one fixture of three that show a server that says nothing", () => {
  const { fixtures } = fixturesOf({ ...asking("hi", ["a", "b", "c"]), ...asking("more", ["d"], "needs: demo/hi\n") });
  const more = fixtures.find(({ needs }) => needs.length > 0)!;
  const experience = new Experience();
  const says = (name: string) => {
    const fixture = fixtures.find((one) => one.name === name)!;
    const failure = { kind: "timeout", waited: 1_000, place: fixture.steps[0]!.place, step: "x < a" };
    experience.note(
      { fixture, verdict: "fail", failure, wire: { events: [{ kind: "connected" }] } } as never,
      1_000,
      5_000,
    );
    return experience.hopelessness(more)?.reason;
  };
  const [a, b, c] = ["demo/hi.c0", "demo/hi.c1", "demo/hi.c2"] as const;
  assertEquals([a, a, a, b].map(says), [undefined, undefined, undefined, undefined]);
  assertMatch(says(c)!, /the server has said nothing so far/);
});

Deno.test("one answer that was late does not make every silence long", async () => {
  const texts = { ...asking("quick", ["x", "y", "z"]), ...asking("silent", WORDS) };
  const time = async (late: number) => {
    const script = echo((word) => /[a-h]/.test(word) ? undefined : word === "x" ? late : 5);
    return (await simulateRun(texts, { script })).duration;
  };
  const [usual, hiccup] = [await time(5), await time(700)];
  assert(hiccup < usual + 12_000, `${usual} and ${hiccup}`);
});

Deno.test("what is tried again and again in vain is tried for the whole deadline once", async () => {
  const steps = (word: string) => `soon:\n  x > ${word}\n  x < right\n`;
  const texts = Object.fromEntries(WORDS.map((word) => [
    `soon-${word}`,
    `title: It answers\nclause: demo/soon\nexclusive: yes\n\nconnect x\n${steps(word)}`,
  ]));
  const { results, duration } = await simulateRun(texts, { script: echo(() => 1) });
  assert(results.every(({ verdict }) => verdict === "fail"));
  assert(duration < 4 * 5_000, String(duration));
});

Deno.test("what a server tells of others, while something is waited for in vain, is no answer that took long", () => {
  const { fixtures: [fixture] } = fixturesOf(asking("hi", ["a"]));
  const experience = new Experience();
  const events = [["connected", 0], ["sent", 1], ["received", 5], ["sent", 6], ["received", 4_000], ["received", 4_900]]
    .map(([kind, at]) => ({ kind, at }));
  const failure = { kind: "timeout", waited: 5_000, place: fixture!.steps[0]!.place, step: "x < a" };
  experience.note({ fixture, verdict: "fail", failure, wire: { events } } as never, 5_000, 5_000);
  assertEquals(experience.long, 300);
  experience.note({ fixture, verdict: "pass", wire: { events } } as never, 5_000, 5_000);
  assertEquals(experience.long, 2 * 3_994);
});

Deno.test("what a server does in its own time is waited for, also when the clause has been silent", async () => {
  const silent = asking("own", ["a"]);
  const soon = "soon:\n  connect y\n  y > b\n  y < b\n";
  const texts = { ...silent, own2: `title: It answers\nclause: demo/own\nexclusive: yes\n\nconnect x\n${soon}` };
  let asked = 0;
  const script = (time: VirtualTime): Script => ({
    heard: (caller) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      asked += word === "b" ? 1 : 0;
      if (asked === 1) time.after(700, () => asked = 1_000);
      if (word === "b") caller.say(asked > 1_000 ? "b" : "not yet");
    },
  });
  const { results } = await simulateRun(texts, { script, jobs: 1 });
  assertEquals(results.map(({ verdict }) => verdict), ["fail", "pass"]);
});
