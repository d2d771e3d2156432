import { assertEquals, assertMatch } from "@std/assert";
import { readClauses } from "../../fixtures/clauses.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import type { Failure } from "../../play/failure.ts";
import type { Result, TargetRun, Verdict } from "../../results/verdict.ts";
import { reportDataOf } from "../testing/report_data.ts";
import { githubReport } from "../github.ts";
import { paint } from "./paint.ts";
import { textReport } from "./text.ts";

const PLAIN = paint(false);

const CLAUSES = readClauses(
  [
    "demo/greet must hi is answered",
    "demo/part should bye is answered",
    "demo/shout may HI is answered",
    "demo/more may more",
    "demo/none must has no fixture",
  ].join("\n"),
  "clauses.txt",
);

const FAILURE: Failure = {
  kind: "mismatch",
  place: { file: "demo/prelude.chat", line: 4, calledFrom: { file: "demo/greet.chat", line: 7 } },
  step: "x < hello\\n",
  reason: "something else arrived on x",
  attempts: [{ connection: "x", fits: "hel", wanted: ["lo\\n"], got: "p\\n", isClosed: false }],
  hint: "it needs help",
};

function result(name: string, slug: string, verdict: Verdict, more: Partial<Result> = {}): Result {
  const fixture: Fixture = {
    name: `demo/${name}`,
    clause: CLAUSES.get(slug)!,
    title: `Title of ${name}`,
    file: `demo/${name.replace(/\..*/, "")}.chat`,
    needs: [],
    exclusive: false,
    patient: false,
    steps: [],
  };
  return { fixture, verdict, chosen: [], duration: 5, ...more };
}

function run(results: readonly Result[], recorded: TargetRun["recorded"] = []): TargetRun {
  return {
    target: { dialect: "demo", hostname: "::1", port: 4000 },
    library: { dialect: "demo", clauses: CLAUSES, fixtures: results.map(({ fixture }) => fixture) },
    results,
    recorded,
    duration: 1234,
  };
}

Deno.test("a report has a line a clause, the failures, the choices and the counts", () => {
  const results = [
    result("greet.a", "demo/greet", "fail", { failure: FAILURE }),
    result("greet.b", "demo/greet", "pass"),
    result("greet.c", "demo/greet", "fail", { failure: FAILURE }),
    result("part", "demo/part", "blocked", { reason: "needs demo/greet" }),
    result("shout", "demo/shout", "fail", {
      failure: { ...FAILURE, attempts: [], place: { file: "demo/shout.chat", line: 5 } },
    }),
    result("more", "demo/more", "unsupported", { reason: "it is shy" }),
  ];
  assertEquals(
    textReport(reportDataOf([run(results, [{ choice: "word", value: "SENT" }])]), PLAIN),
    `demo at [::1]:4000, 6 fixtures

First: the server breaks demo/greet (${CLAUSES.get("demo/greet")!.text}): it needs help (2 failures).

FAIL         must    demo/greet  2 of 3
blocked      should  demo/part   needs demo/greet
not counted  may     demo/shout
unsupported  may     demo/more   it is shy
-            must    demo/none   no fixture

FAIL  demo/greet.a (demo/greet, must)
  Title of greet.a
  demo/prelude.chat:4 (from demo/greet.chat:7)
      x < hello\\n
  something else arrived on x
      expected  hello\\n
      received  help\\n
                   ^
  probably: it needs help
  likewise: demo/greet.c

not counted  demo/shout (demo/shout, may, not counted)
  Title of shout
  demo/shout.chat:5
      x < hello\\n
  something else arrived on x
  probably: it needs help

What the protocol leaves open, and this server does:
  word  SENT

must    2 clauses: 1 FAIL, 1 without a fixture
should  1 clause: 1 blocked
may     2 clauses: 1 not counted, 1 unsupported

does not conform to demo: 1 clause failed (1.2 s)
`,
  );
});

Deno.test("a clause of which some can be played is not blocked, and says how much of it is", () => {
  const some = (name: string, verdict: Verdict) => {
    return result(
      name,
      "demo/greet",
      verdict,
      verdict === "fail" ? { failure: FAILURE } : { reason: "needs demo/part" },
    );
  };
  const line = (...results: Result[]) =>
    textReport(reportDataOf([run(results)]), PLAIN).split("\n").find((line) => line.includes("demo/greet  "));
  assertEquals(
    line(some("a", "pass"), some("b", "pass"), some("c", "blocked")),
    [
      "pass         must    demo/greet  2 of 3 pass, 1 blocked",
    ].join(),
  );
  assertEquals(
    line(some("a", "pass"), some("b", "fail"), some("c", "blocked")),
    "FAIL         must    demo/greet  1 of 3 pass, 1 fail, 1 blocked",
  );
});

Deno.test("where the failures would fill screens, the first to mend is shown in full, and of the others a line a clause", () => {
  const failing = (name: string, slug: string, reason: string) =>
    result(name, slug, "fail", { failure: { ...FAILURE, reason, place: { file: `demo/${name}.chat`, line: 7 } } });
  const results = [
    result("greet", "demo/greet", "pass"),
    ...["a", "b", "c", "d", "e", "f"].map((name) => failing(name, "demo/part", `part ${name}`)),
    result("shout", "demo/shout", "pass"),
    result("more", "demo/more", "blocked", { reason: "needs demo/part" }),
  ];
  const runs = [run(results, [{ choice: "word", value: "SENT" }])];
  const brief = textReport(reportDataOf(runs, { strict: true }), PLAIN);
  const whole = textReport(reportDataOf(runs, { strict: true, isVerbose: true }), PLAIN);
  assertEquals(
    brief.split("\n").slice(2, -7).join("\n"),
    `First: the server breaks demo/part (${CLAUSES.get("demo/part")!.text}): it needs help (6 failures).

FAIL         should  demo/part  6 of 6: part a
blocked      may     demo/more  needs demo/part

FAIL  demo/a (demo/part, should)
  Title of a
  demo/a.chat:7
      x < hello\\n
  part a
      expected  hello\\n
      received  help\\n
                   ^
  probably: it needs help

5 more failures: --verbose shows each, and --report html=FILE with all that was said`,
  );
  for (const name of ["a", "b", "c", "d", "e", "f"]) assertMatch(whole, new RegExp(`^FAIL  demo/${name} `, "m"));
  assertMatch(whole, /^pass .* demo\/shout$/m);
  assertMatch(whole, /^ {2}word {2}SENT$/m);
});

Deno.test("strictness counts what a should has against it", () => {
  const results = [result("part", "demo/part", "fail", { failure: FAILURE })];
  const last = (strict: boolean) =>
    textReport(reportDataOf([run(results)], { strict }), PLAIN).trimEnd().split("\n").at(-1);
  assertEquals([last(false), last(true)], [
    "conforms to demo (1.2 s)",
    "does not conform to demo: 1 clause failed (1.2 s)",
  ]);
});

Deno.test("without colours there is no escape in a report, with them there are", () => {
  const results = [result("greet", "demo/greet", "fail", { failure: FAILURE })];
  assertEquals(textReport(reportDataOf([run(results)]), PLAIN).includes("\x1b"), false);
  assertEquals(textReport(reportDataOf([run(results)]), paint(true)).includes("\x1b[31mFAIL"), true);
});

Deno.test("an expected failure does not make the text say otherwise than the exit status", () => {
  const results = [result("greet", "demo/greet", "fail", { failure: FAILURE })];
  const known = textReport(reportDataOf([run(results)], { known: "fail demo/greet" }), PLAIN);
  assertMatch(known, /^FAIL {2}demo\/greet \(demo\/greet, must, expected failure\)$/m);
  assertMatch(
    known,
    /^does not conform to demo, as expected: nothing but 1 expected failure in known\.txt \(1\.2 s\)$/m,
  );
  assertMatch(known, /^as expected: 1 expected failure in known\.txt$/m);
});

Deno.test("several targets have a section each, with what chance began with where it decided anything", () => {
  const first = { ...run([]), seed: 7 };
  assertMatch(
    textReport(reportDataOf([first, run([])]), PLAIN),
    /^demo at \[::1\]:4000, 0 fixtures\nchance begins with --seed 7\n[^]*\n\ndemo at \[::1\]:4000, 0 fixtures\n\n/,
  );
});

Deno.test("variants that one fault explains are one paragraph a clause, in full in the first, and many names are few", () => {
  const failing = (name: string, slug: string, line: number) =>
    result(name, slug, "fail", { failure: { ...FAILURE, place: { file: `demo/${name}.chat`, line } } });
  const greets = Array.from({ length: 30 }, (_, i) => failing(`greet${i}`, "demo/greet", i));
  const parts = [failing("part0", "demo/part", 1), failing("part1", "demo/part", 2)];
  const data = reportDataOf([run([...greets, ...parts])], { strict: true });
  const cause = {
    name: "echo",
    text: "is an echo: it says what it hears",
    explains: [...greets, ...parts],
    blocks: [],
  };
  const [target] = data.targets;
  const withCause = { ...data, targets: [{ ...target!, causes: [cause] }] };
  const text = textReport(withCause, PLAIN);
  assertEquals(text.match(/^FAIL {2}demo\/\S+ \(/gm), ["FAIL  demo/greet0 (", "FAIL  demo/part0 ("]);
  assertEquals(text.match(/expected {2}hello/g)?.length, 1);
  assertMatch(text, /^ {2}likewise: demo\/greet1, .*, demo\/greet10, and 19 more$/m);
  assertMatch(
    text,
    /^ {2}demo\/part0.chat:1: something else arrived on x\n {2}as above: it is an echo\n {2}likewise: demo\/part1$/m,
  );
  assertEquals(githubReport(withCause).match(/^::error title=demo\//gm)?.length, 2);
  const alone = textReport({ ...data, isVerbose: true }, PLAIN);
  assertEquals(alone.match(/expected {2}hello/g)?.length, 32, "what nothing explains together is told for each");
});
