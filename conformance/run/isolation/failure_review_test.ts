import { assert, assertEquals, assertMatch } from "@std/assert";
import type { VirtualTime } from "../../../lib/simulation/virtual_time.ts";
import { loadLibrary } from "../../fixtures/library.ts";
import type { MakePlain } from "../../mutants/mutant.ts";
import { plain } from "../../mutants/mutant_set.ts";
import { MUTANT_SETS } from "../../mutants/mutant_sets.ts";
import { recurrenceText } from "../../results/recurrence.ts";
import type { Result } from "../../results/verdict.ts";
import { type PlayedWith, playRun } from "../../self_test/play.ts";
import type { Script } from "../../play/testing/scripted_server.ts";
import { simulateRun } from "../testing/simulated_run.ts";
import {
  beginningAtOne,
  countingUp,
  failingInTheSpeaker,
  failingOnce,
  keepingNamesOfTheGone,
  oneBehind,
  tellingEverybody,
  usingUp,
} from "./testing/spoilt_servers.ts";

/** Plays all fixtures of a dialect; what fails is played again on a fresh server. */
async function play(dialect: string, make: MakePlain, options: Partial<PlayedWith> = {}): Promise<readonly Result[]> {
  const library = await loadLibrary(dialect, { dirs: [], embedded: true });
  const subject = { words: "is tried", start: plain(make) };
  return (await playRun(subject, library, library.fixtures, { seed: 1, jobs: 8, renews: true, ...options })).results;
}

/** The clauses of which something fails. */
function failed(results: readonly Result[]): string[] {
  const bad = results.filter(({ verdict, fixture }) => verdict === "fail" && fixture.clause.level !== "may");
  return [...new Set(bad.map(({ fixture }) => fixture.clause.slug))].sort();
}

/** Which clauses are blamed for what others leave behind, and no others, in whichever order the fixtures are played. */
const SPOILT: readonly (readonly [dialect: string, words: string, MakePlain, clauses: readonly string[]])[] = [
  [
    "room",
    "fails at a broken socket in the thread of whoever speaks",
    failingInTheSpeaker,
    ["room/silent-leaver", "room/vanish"],
  ],
  ["room", "fails at one once", failingOnce, ["room/silent-leaver", "room/vanish"]],
  [
    "frame",
    "is one delivery behind when anybody has come and gone",
    oneBehind,
    ["frame/assign-reuse", "frame/destination-absent", "frame/leave"],
  ],
  ["frame", "takes what is for nobody for what is for everybody", tellingEverybody, [
    "frame/destination-absent",
    "frame/destination-range",
  ]],
  ["frame", "never gives an ID out again", countingUp, ["frame/assign-full", "frame/assign-reuse"]],
  ["frame", "refuses everybody once each ID was given", usingUp, ["frame/assign-reuse"]],
  ["relay", "keeps the names of those who left", keepingNamesOfTheGone, ["relay/register-release"]],
];

for (const [dialect, words, make, clauses] of SPOILT) {
  Deno.test(`a ${dialect} server that ${words} fails for that and nothing else, in any order, on one server and on several`, async () => {
    for (const [seed, isOther] of [[1, false], [2, true]] as const) {
      const results = await play(dialect, make, { seed, shuffle: isOther, isSeveral: isOther });
      assertEquals(failed(results), clauses, `seed ${seed}`);
    }
  });
}

Deno.test("a frame server that gives no ID again once all were given fails for that, whatever is played before", async () => {
  const library = await loadLibrary("frame", { dirs: [], embedded: true });
  const mutants = MUTANT_SETS.find(({ dialect }) => dialect === "frame")!.mutants;
  const mutant = mutants.find(({ words }) => words === "gives no ID a second time once all were given")!;
  const fixtures = library.fixtures.filter(({ name }) => name.startsWith("frame/assign-reuse."));
  const { results } = await playRun(mutant, library, fixtures, { seed: 1, jobs: 8, renews: true });
  assertEquals(results.map(({ verdict }) => verdict), ["fail", "fail"]);
});

Deno.test("an ID that is wrong on a fresh server alone is a fault of frame/assign, and of nobody who only needs one", async () => {
  const results = await play("frame", beginningAtOne());
  assertEquals(failed(results), ["frame/assign", "frame/limit-256"]);
  const shown = results.find(({ fixture }) => fixture.name === "frame/assign~fresh");
  assertEquals(shown?.fixture.clause.slug, "frame/assign");
  const range = results.find(({ fixture }) => fixture.name === "frame/assign-range");
  assertEquals([range?.verdict, range?.blockedBy], ["blocked", "frame/assign"]);
});

Deno.test("what fails only after another fixture names that one, and passes itself", async () => {
  const results = await play("frame", oneBehind);
  const shown = results.find(({ recurrence }) => recurrence?.when === "after")!;
  assertMatch(
    recurrenceText(shown.recurrence!),
    /^fails only after frame\/\S+ \(what was left behind\): it passes alone/,
  );
  assertEquals(shown.fixture.clause.slug, "frame/leave");
  const own = results.find(({ fixture }) => `${fixture.name}~after` === shown.fixture.name)!;
  assertEquals(own.verdict, "pass");
});

/** Fixtures, each of a clause of its own: one word is sent, and wanted back. */
function asking(...words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [
    word,
    `title: It answers\nclause: demo/${word}\n\nconnect x\nx > ${word}\nx < ${word}\n`,
  ]));
}

/** A server that answers with another word where it says so. */
function wrongAbout(isWrong: (word: string) => boolean): Script {
  return {
    heard: (caller) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      caller.say(isWrong(word) ? "no" : word);
    },
  };
}

Deno.test("what fails each time fails always", async () => {
  const { results } = await simulateRun(asking("a", "b"), { script: wrongAbout((word) => word === "b") });
  assertEquals(results.map(({ verdict, recurrence }) => [verdict, recurrence?.when]), [["pass", undefined], [
    "fail",
    "always",
  ]]);
});

Deno.test("what fails once in a while fails, and says so", async () => {
  let asked = 0;
  const script = wrongAbout((word) => word === "c" && ++asked === 1);
  const { results } = await simulateRun(asking("a", "b", "c", "d"), { script });
  assertEquals(results.map(({ verdict }) => verdict), ["pass", "pass", "fail", "pass"]);
  assertEquals(recurrenceText(results[2]!.recurrence!), "fails only sometimes: 1 of 2 times");
});

Deno.test("what fails by chance is not blamed on what was played before it, though it failed after that twice", async () => {
  let asked = 0;
  const script = wrongAbout((word) => word === "b" && ++asked % 2 === 1);
  const { results } = await simulateRun(asking("a", "b", "c"), { script, jobs: 1 });
  assertEquals(results.map(({ fixture, verdict }) => `${fixture.name} ${verdict}`), [
    "demo/a pass",
    "demo/b fail",
    "demo/c pass",
  ]);
  assertEquals(recurrenceText(results[1]!.recurrence!), "fails only sometimes: 2 of 4 times");
});

Deno.test("what fails elsewhere when it is played again, and passes with the whole deadline, does not fail always", async () => {
  let asked = 0;
  const script = (runtime: VirtualTime) => ({
    heard: (caller: { unanswered: string; say: (text: string) => void }) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      const times = word === "b" ? ++asked : 0;
      if (times === 1) caller.say("no");
      else runtime.after(times === 0 ? 1 : 1_000, () => caller.say(word));
    },
  });
  const { results } = await simulateRun(asking("a", "b", "c"), { script, jobs: 1, renew: () => Promise.resolve() });
  assertEquals(results.map(({ verdict }) => verdict), ["pass", "fail", "pass"]);
  assertEquals(results[1]!.recurrence?.when, "sometimes");
});

Deno.test("what is not answered in time once, while this machine is too busy to keep time, is nobody's fault", async () => {
  const verdicts = async (slowness: number) => {
    let asked = 0;
    const script = {
      heard: (caller: { unanswered: string; say: (text: string) => void }) => {
        const word = caller.unanswered;
        caller.unanswered = "";
        if (word !== "c" || ++asked > 1) caller.say(word);
      },
    };
    const { results } = await simulateRun(asking("a", "b", "c", "d"), { script, slowness });
    return results.map(({ verdict, reason }) => reason === undefined ? verdict : `${verdict}: ${reason}`);
  };
  assertEquals(await verdicts(1), ["pass", "pass", "fail", "pass"]);
  const [, , busy] = await verdicts(1.5);
  assertMatch(busy!, /^pass: it was not answered in time once, while this machine was so busy/);
});

Deno.test("what is played again has ten times the slowest answer, also when a whole deadline was waited for in vain before", async () => {
  let asked = 0;
  const script = (runtime: VirtualTime) => ({
    heard: (caller: { unanswered: string; say: (text: string) => void }) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      const isFirst = word === "b" && ++asked === 1;
      if (isFirst) caller.say("no");
      else if (word !== "mute") runtime.after(word === "b" ? 200 : 1, () => caller.say(word));
    },
  });
  const { results } = await simulateRun(asking("a", "mute", "b"), { script, jobs: 1 });
  assertEquals(results.map(({ recurrence }) => recurrence?.when), [undefined, "always", "sometimes"]);
});

Deno.test("what fails only in company is blocked by what always fails, which may be why", async () => {
  let asked = 0;
  const script = wrongAbout((word) => word === "b" || word === "c" && ++asked === 1);
  const { results } = await simulateRun(asking("a", "b", "c", "d"), { script });
  assertEquals(results.map(({ verdict, blockedBy }) => [verdict, blockedBy]), [
    ["pass", undefined],
    ["fail", undefined],
    ["blocked", "demo/b"],
    ["pass", undefined],
  ]);
});

Deno.test("what fails only beside another fixture names that one", async () => {
  let callers = 0;
  const script = {
    connected: () => void callers++,
    left: () => void callers--,
    heard: (caller: { unanswered: string; say: (text: string) => void }) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      caller.say(word === "b" && callers > 1 ? "no" : word);
    },
  };
  const { results } = await simulateRun(asking("a", "b", "c"), { script });
  const shown = results.find(({ fixture }) => fixture.name === "demo/b~beside")!;
  assertEquals([shown.verdict, shown.recurrence?.culprit], ["fail", "demo/c"]);
  assertEquals(results.find(({ fixture }) => fixture.name === "demo/b")!.verdict, "pass");
});

Deno.test("a server that answers everything wrong takes hardly longer because failures are played again", async () => {
  const words = Array.from({ length: 40 }, (_, i) => `w${i}`);
  let asked = 0;
  const script = {
    heard: (caller: { unanswered: string; say: (text: string) => void }) => {
      asked++;
      caller.unanswered = "";
      caller.say("no");
    },
  };
  const texts = Object.fromEntries(
    Object.entries(asking(...words)).map(([name, text]) => [name, text.replace(/clause: .*/, "clause: demo/all")]),
  );
  const { results } = await simulateRun(texts, { script });
  assert(results.every(({ verdict }) => verdict === "fail"));
  assert(asked <= words.length + 6, `${asked} were played for ${words.length}`);
});

Deno.test("a server that is silent once, and slow in one clause, is waited for in that", async () => {
  const script = (runtime: VirtualTime) => ({
    heard: (caller: { unanswered: string; say: (text: string) => void }) => {
      const word = caller.unanswered;
      caller.unanswered = "";
      if (word === "slow") runtime.after(2_500, () => caller.say(word));
      else if (word !== "mute") caller.say(word);
    },
  });
  const { results } = await simulateRun(asking("a", "mute", "b", "slow"), { script, jobs: 1 });
  assertEquals(results.map(({ fixture, verdict }) => [fixture.name, verdict]), [
    ["demo/a", "pass"],
    ["demo/mute", "fail"],
    ["demo/b", "pass"],
    ["demo/slow", "pass"],
  ]);
});
