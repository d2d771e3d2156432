import { assert, assertEquals } from "@std/assert";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Failure } from "../play/failure.ts";
import { Scheduler } from "./scheduler.ts";
import type { Result, Verdict } from "../results/verdict.ts";

interface Plan {
  readonly needs?: readonly string[];
  readonly clause?: string;
  readonly exclusive?: boolean;
  readonly patient?: boolean;
  readonly blocksNothing?: boolean;
  readonly phase?: number;
}

function fixture(
  name: string,
  { needs = [], clause = name, exclusive = false, patient = false, blocksNothing = false, phase = 0 }: Plan = {},
): Fixture {
  return {
    ...(blocksNothing ? { blocksNothing } : {}),
    phase,
    name,
    clause: { slug: clause, level: "must", text: clause },
    title: name,
    file: `${name}.chat`,
    needs,
    exclusive,
    patient,
    steps: [],
  };
}

/** A fixture with another one that shows what becomes of joined messages. */
function joined(name: string, plan: Plan): Fixture {
  return { ...fixture(name, plan), joinClause: { slug: "joined", level: "must", text: "joined" } };
}

/** Runs a schedule whose fixtures take some turns, and writes down when each begins and ends. */
async function run(
  fixtures: readonly Fixture[],
  { jobs = 4, verdicts = {}, failures = {}, stopAfter = Infinity, known }: {
    jobs?: number;
    verdicts?: Readonly<Record<string, Verdict>>;
    failures?: Readonly<Record<string, Failure>>;
    stopAfter?: number;
    known?: ReadonlyMap<string, Result>;
  } = {},
) {
  const log: string[] = [];
  const trials: string[] = [];
  const playing = new Set<string>();
  let most = 0;
  let done = 0;
  const schedule = new Scheduler(fixtures, jobs, {
    play: async (fixture, { isTrial }): Promise<Result> => {
      if (isTrial) trials.push(fixture.name);
      log.push(`+${fixture.name}`);
      playing.add(fixture.name);
      if (fixture.exclusive) assertEquals([...playing], [fixture.name]);
      assert(!fixtures.some((other) => other.exclusive && other !== fixture && playing.has(other.name)));
      most = Math.max(most, playing.size);
      const turns = async (count: number) => {
        for (let i = 0; i < count; i++) await undefined;
      };
      if (fixture.patient) await schedule.whilePatient(turns(500));
      else await turns(10);
      playing.delete(fixture.name);
      log.push(`-${fixture.name}`);
      const failure = failures[fixture.name];
      const verdict = verdicts[fixture.name] ?? "pass";
      return { fixture, verdict, ...failure && { failure }, chosen: [], duration: 0 };
    },
    done: () => ++done < stopAfter,
  }, known);
  const results = await schedule.run();
  return {
    log,
    trials,
    most,
    outcomes: results.map(({ fixture, verdict, reason }) =>
      `${fixture.name} ${verdict}${reason === undefined ? "" : `: ${reason}`}`
    ),
  };
}

Deno.test("results come in the order of the fixtures, whatever the order of playing", async () => {
  const { outcomes } = await run([fixture("a", { needs: ["c"] }), fixture("b", { patient: true }), fixture("c")]);
  assertEquals(outcomes, ["a pass", "b pass", "c pass"]);
});

Deno.test("the very first is played by itself, then as many at a time as there are jobs", async () => {
  const fixtures = ["a", "b", "c", "d", "e", "f"].map((name) => fixture(name));
  const { log, most } = await run(fixtures, { jobs: 3 });
  assertEquals(log.slice(0, 2), ["+a", "-a"]);
  assertEquals(most, 3);
  assertEquals((await run(fixtures, { jobs: 1 })).most, 1);
});

Deno.test("what is needed is played before those that need it", async () => {
  const { log } = await run([
    fixture("c", { needs: ["a", "b"] }),
    fixture("a"),
    fixture("b1", { clause: "b" }),
    fixture("b2", { clause: "b" }),
  ]);
  for (const needed of ["a", "b1", "b2"]) assert(log.indexOf(`-${needed}`) < log.indexOf("+c"), log.join(" "));
});

Deno.test("what is known is not played, and what needs it is played or blocked by it", async () => {
  const fixtures = [
    fixture("good"),
    fixture("bad"),
    fixture("a", { needs: ["good"] }),
    fixture("b", { needs: ["bad"] }),
  ];
  const result = (index: number, verdict: Verdict) => ({ fixture: fixtures[index]!, verdict, chosen: [], duration: 0 });
  const known = new Map([["good", result(0, "pass")], ["bad", result(1, "fail")], ["gone", result(0, "fail")]]);
  const { log, outcomes } = await run(fixtures, { known, verdicts: { b: "fail" } });
  assertEquals(log.filter((entry) => entry.startsWith("+")), ["+a", "+b"]);
  assertEquals(outcomes, ["good pass", "bad fail", "a pass", "b blocked: needs bad"]);
  assertEquals((await run(fixtures.slice(0, 2), { known })).log, []);
});

/** A failure in a line of the prelude. */
function failureAt(line: number): Failure {
  const place = { file: "prelude.chat", line, calledFrom: { file: "a.chat", line: 3 } };
  return { kind: "timeout", place, step: "", reason: "", attempts: [] };
}

Deno.test("what joins messages and fails is not examined where the clause on joined ones fails, however it looks", async () => {
  const { outcomes } = await run([
    fixture("whole", { clause: "joined" }),
    fixture("many", { clause: "joined" }),
    joined("a", { needs: ["joined"] }),
    joined("b", { needs: ["joined"] }),
    joined("c", {}),
  ], {
    verdicts: { many: "fail", a: "fail", c: "fail" },
    failures: { many: failureAt(1), a: failureAt(2), c: failureAt(3) },
  });
  assertEquals(outcomes, ["whole pass", "many fail", "a blocked: needs joined", "b pass", "c fail"]);
});

Deno.test("what needs a clause of which something fails is played, and blocked only where it fails by the same fault", async () => {
  const fixtures = [
    fixture("a1", { clause: "a" }),
    fixture("a2", { clause: "a" }),
    fixture("b1", { clause: "b", needs: ["a"] }),
    fixture("b2", { clause: "b", needs: ["a"] }),
    fixture("b3", { clause: "b", needs: ["a"] }),
    fixture("c", { needs: ["b"] }),
  ];
  const { outcomes } = await run(fixtures, {
    verdicts: { a2: "fail", b2: "fail", b3: "fail", c: "fail" },
    failures: { a2: failureAt(1), b2: failureAt(1), b3: failureAt(2), c: failureAt(2) },
  });
  assertEquals(outcomes, ["a1 pass", "a2 fail", "b1 pass", "b2 blocked: needs a", "b3 fail", "c blocked: needs b"]);
});

Deno.test("what begins like a clause that is needed only by what it needs is blocked by that, where it fails in the same line", async () => {
  const { outcomes } = await run([
    fixture("a1", { clause: "a" }),
    fixture("a2", { clause: "a" }),
    fixture("b", { needs: ["a"] }),
    fixture("c1", { clause: "c", needs: ["b"] }),
    fixture("c2", { clause: "c", needs: ["b"] }),
    fixture("d", { needs: ["c"] }),
  ], {
    verdicts: { a2: "fail", c1: "fail", c2: "fail", d: "fail" },
    failures: { a2: failureAt(1), c1: failureAt(1), c2: failureAt(2), d: failureAt(1) },
  });
  assertEquals(outcomes, [
    "a1 pass",
    "a2 fail",
    "b pass",
    "c1 blocked: needs a",
    "c2 fail",
    "d blocked: needs a",
  ]);
});

Deno.test("what crashes the server is blocked by a clause that it needs, and that crashes it, too", async () => {
  const crash = (line: number): Failure => ({ ...failureAt(line), reason: "the server has crashed: it ended" });
  const { outcomes } = await run([
    fixture("a1", { clause: "a" }),
    fixture("a2", { clause: "a" }),
    fixture("b", { needs: ["a"] }),
    fixture("c", { needs: ["a"] }),
    fixture("d"),
  ], {
    verdicts: { a2: "fail", b: "fail", c: "fail", d: "fail" },
    failures: { a2: crash(1), b: crash(2), c: failureAt(3), d: crash(4) },
  });
  assertEquals(outcomes, ["a1 pass", "a2 fail", "b blocked: needs a", "c fail", "d fail"]);
});

Deno.test("what needs a clause of which nothing comes true is blocked unless it passes, and after three only as long as nothing does", async () => {
  const needing = ["b", "c", "d", "e", "f"].map((name) => fixture(name, { needs: ["a"] }));
  const fixtures = [fixture("a"), ...needing, fixture("g", { needs: ["f"] })];
  const failing = (...names: string[]) => {
    const verdicts = Object.fromEntries(["a", ...names].map((name) => [name, "fail" as const]));
    return run(fixtures, { jobs: 1, verdicts });
  };
  const none = await failing("b", "c", "d", "e", "f", "g");
  assertEquals(none.outcomes.slice(1), ["b", "c", "d", "e", "f", "g"].map((name) => `${name} blocked: needs a`));
  assertEquals(none.log.filter((line) => line.startsWith("+")), ["+a", "+b", "+c", "+d", "+g"]);
  assertEquals(none.trials, ["b", "c", "d", "g"]);
  // One that passes shows that the others do not fail for what they need: they are played again, and for as long as it takes.
  const one = await failing("b", "c", "e");
  assertEquals(one.outcomes, ["a fail", "b fail", "c fail", "d pass", "e fail", "f pass", "g pass"]);
  assertEquals(one.trials, ["b", "c", "d"]);
});

Deno.test("a failure blocks those that need it, and theirs, by the one fault that it is", async () => {
  const fixtures = [
    fixture("a1", { clause: "a" }),
    fixture("a2", { clause: "a" }),
    fixture("b", { needs: ["a"] }),
    fixture("c", { needs: ["b"] }),
    fixture("d"),
  ];
  const { outcomes } = await run(fixtures, { verdicts: { a1: "fail", a2: "fail", b: "fail", c: "fail" } });
  assertEquals(outcomes, ["a1 fail", "a2 fail", "b blocked: needs a", "c blocked: needs a", "d pass"]);
});

Deno.test("what needs what could not be played cannot be played either, and the server is not to blame", async () => {
  const fixtures = [fixture("a"), fixture("b", { needs: ["a"] }), fixture("c", { needs: ["b"] })];
  assertEquals((await run(fixtures, { verdicts: { a: "error" } })).outcomes.slice(1), [
    "b error: needs a, which could not be played",
    "c error: needs b, which could not be played",
  ]);
});

Deno.test("what needs only what the server declines is declined as well", async () => {
  const fixtures = [fixture("a1", { clause: "a" }), fixture("a2", { clause: "a" }), fixture("b", { needs: ["a"] })];
  const all = await run(fixtures, { verdicts: { a1: "unsupported", a2: "unsupported" } });
  assertEquals(all.outcomes[2], "b unsupported: needs a, which the server declines");
  assertEquals((await run(fixtures, { verdicts: { a1: "unsupported" } })).outcomes[2], "b pass");
});

Deno.test("what was not selected keeps nobody from being played", async () => {
  assertEquals((await run([fixture("b", { needs: ["a"] })])).outcomes, ["b pass"]);
});

Deno.test("a fixture that disturbs others is played when nobody else is", async () => {
  const fixtures = [
    fixture("a", { exclusive: true }),
    ...["b", "c", "d"].map((name) => fixture(name)),
    fixture("e", { patient: true }),
    fixture("f", { exclusive: true, needs: ["e"] }),
    fixture("g", { needs: ["f"] }),
  ];
  // `run` itself makes sure that nobody else plays meanwhile.
  const { outcomes } = await run(fixtures);
  assertEquals(outcomes.every((outcome) => outcome.endsWith(" pass")), true);
});

Deno.test("while a fixture only waits, another one takes its place, unless there is a single job", async () => {
  const fixtures = [
    fixture("a"),
    fixture("w1", { patient: true }),
    fixture("w2", { patient: true }),
    fixture("b"),
    fixture("c"),
  ];
  const { log } = await run(fixtures, { jobs: 2 });
  for (const name of ["b", "c"]) assert(log.indexOf(`-${name}`) < log.indexOf("-w1"), log.join(" "));
  assertEquals((await run(fixtures, { jobs: 1 })).most, 1);
});

Deno.test("those that wait long begin first, and what they need before everything else", async () => {
  const { log } = await run(
    [fixture("a"), fixture("b"), fixture("c"), fixture("n"), fixture("w", { patient: true, needs: ["n"] })],
    { jobs: 1 },
  );
  assertEquals(log.filter((line) => line.startsWith("+")), ["+n", "+w", "+a", "+b", "+c"]);
});

Deno.test("a run that is stopped plays nothing more", async () => {
  const { outcomes } = await run(["a", "b", "c"].map((name) => fixture(name)), { stopAfter: 1 });
  assertEquals(outcomes, ["a pass"]);
});

Deno.test("a fixture that blocks nothing may fail, and those that need its clause are played", async () => {
  const fixtures = [
    fixture("whom", { clause: "sent", blocksNothing: true }),
    fixture("that", { clause: "sent" }),
    fixture("other", { needs: ["sent"] }),
  ];
  const failing = async (name: string) => (await run(fixtures, { verdicts: { [name]: "fail" } })).outcomes;
  assertEquals(await failing("whom"), ["whom fail", "that pass", "other pass"]);
  const { outcomes } = await run(fixtures, { verdicts: { that: "fail", other: "fail" } });
  assertEquals(outcomes, ["whom pass", "that fail", "other blocked: needs sent"]);
});

Deno.test("what may hurt the server begins when all else is over, what hurts most at the end, whatever waits longest", async () => {
  const { log } = await run([
    fixture("worst", { phase: 2 }),
    fixture("bad", { phase: 1, patient: true }),
    fixture("bad-too", { phase: 1, needs: ["good"] }),
    fixture("long", { patient: true }),
    fixture("good"),
  ]);
  const at = (event: string) => log.indexOf(event);
  for (const bad of ["bad", "bad-too"]) {
    for (const good of ["long", "good"]) assert(at(`-${good}`) < at(`+${bad}`), log.join(" "));
    assert(at(`-${bad}`) < at("+worst"), log.join(" "));
  }
});

/** Runs a schedule with several servers, and tells which of them has played what, in that order. */
async function onSeveral(
  fixtures: readonly Fixture[],
  { verdictOn = () => "pass", doubts = () => false, most = () => 4 }: {
    verdictOn?: (name: string, server: number, isAgain: boolean) => Verdict | "short" | undefined;
    doubts?: (result: Result) => boolean;
    most?: () => number;
  },
) {
  const log: string[] = [];
  const playing = new Map<number, string[]>();
  let renewals = 0;
  const play = async (fixture: Fixture, server: number, isAgain: boolean): Promise<Result | undefined> => {
    const { name, exclusive, patient } = fixture;
    const beside = playing.get(server) ?? [];
    if (server > 0 || exclusive) assertEquals(beside, [], `${name} is alone on ${server}`);
    playing.set(server, [...beside, name]);
    log.push(`${name}${isAgain ? "~again" : ""}@${server}`);
    for (let i = 0; i < (patient ? 100 : 10); i++) await undefined;
    playing.set(server, playing.get(server)!.filter((one) => one !== name));
    const verdict = verdictOn(name, server, isAgain);
    if (verdict === undefined) return undefined;
    const [is, isShort] = verdict === "short" ? ["error", true] as const : [verdict, false] as const;
    return { fixture, verdict: is, isShort, chosen: [], duration: 0 };
  };
  const schedule = new Scheduler(fixtures, 4, {
    play: (fixture, { server, isAlone }) => {
      assertEquals(isAlone || server === 0, true);
      return play(fixture, server, false);
    },
    get mostServers() {
      return log.length === 0 ? 1 : most();
    },
    reviewer: {
      doubts,
      review: ({ fixture }, server) => play(fixture, server, true),
      isolatesAll: false,
      renew: () => {
        assertEquals(playing.get(0), [], "nothing is played on it meanwhile");
        renewals++;
        return Promise.resolve();
      },
    },
    done: () => true,
  });
  const results = await schedule.run();
  return { log, renewals, outcomes: results.map(({ fixture, verdict }) => `${fixture.name} ${verdict}`) };
}

Deno.test("what waits long and what has failed is played by other servers, and the target goes on as a fresh one", async () => {
  const fixtures = [
    ...["a", "b", "c", "d", "e", "f"].map((name) => fixture(name)),
    fixture("waits", { needs: ["a"], patient: true, phase: 2 }),
  ];
  const { log, renewals, outcomes } = await onSeveral(fixtures, {
    verdictOn: (name) => name === "b" ? "fail" : "pass",
    doubts: ({ verdict }) => verdict === "fail",
  });
  assertEquals(outcomes, [..."abcdef"].map((name) => `${name} ${name === "b" ? "fail" : "pass"}`).concat("waits pass"));
  assertEquals(log.filter((one) => !one.endsWith("@0")).toSorted(), ["b~again@2", "waits@1"]);
  assert(log.indexOf("waits@1") < log.indexOf("f@0"), "it does not wait for its phase");
  assertEquals(renewals, 1);
});

Deno.test("of what may wait long one follows the other on one server, unless it does wait", async () => {
  for (const verdict of ["pass", "fail"] as const) {
    const some = ["u", "v", "x", "y"].map((name) => fixture(name, { clause: "wait", needs: ["a"], patient: true }));
    const { log } = await onSeveral([fixture("a"), ...some], { verdictOn: (name) => name === "a" ? "pass" : verdict });
    // None of them has told that it waits: they follow each other on the one server that is worth while.
    assertEquals(log, ["a@0", "u@1", "v@1", "x@1", "y@1"]);
  }
});

Deno.test("where no second server comes up, the target plays all", async () => {
  let most = 4;
  const fixtures = [fixture("a"), fixture("b"), fixture("waits", { needs: ["a"], patient: true })];
  const { log, outcomes } = await onSeveral(fixtures, {
    most: () => most,
    verdictOn: (_, server) => {
      if (server === 0) return "pass";
      most = 1;
      return undefined;
    },
  });
  assertEquals(outcomes, ["a pass", "b pass", "waits pass"]);
  assertEquals(log.filter((one) => one.startsWith("waits")), ["waits@1", "waits@0"]);
});

Deno.test("what another server is too short of is played by the target, once the others have nothing to do", async () => {
  const fixtures = [fixture("a"), fixture("waits", { needs: ["a"], patient: true })];
  const { log, outcomes } = await onSeveral(fixtures, { verdictOn: (_, server) => server === 0 ? "pass" : "short" });
  assertEquals(outcomes, ["a pass", "waits pass"]);
  assertEquals(log, ["a@0", "waits@1", "waits@0"]);
});

Deno.test("what is held, because all that it needs is broken, does not wait for what waits for the server to lose patience", async () => {
  const fixtures = [
    fixture("a"),
    fixture("broken"),
    fixture("waits", { needs: ["a"], patient: true }),
    fixture("held", { needs: ["broken"] }),
    fixture("later", { phase: 1 }),
  ];
  const log: string[] = [];
  const over = Promise.withResolvers<void>();
  const schedule: Scheduler = new Scheduler(fixtures, 4, {
    play: async (one, { server }): Promise<Result> => {
      const { name } = one;
      await undefined;
      if (name === "waits") {
        schedule.stalled(one, true);
        await over.promise;
      }
      if (name === "later") over.resolve();
      log.push(`${name}@${server}`);
      const verdict = name === "broken" || name === "held" ? "fail" : "pass";
      return { fixture: one, verdict, chosen: [], duration: 0 };
    },
    get mostServers() {
      return log.length === 0 ? 1 : 4;
    },
    done: () => true,
  });
  const results = await schedule.run();
  assertEquals(log, ["a@0", "broken@0", "held@0", "later@0", "waits@1"]);
  assertEquals(results.map(({ verdict }) => verdict), ["pass", "fail", "pass", "blocked", "pass"]);
});
