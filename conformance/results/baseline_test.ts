import { assertEquals, assertThrows } from "@std/assert";
import { Baseline, updateBaseline } from "./baseline.ts";
import type { Result, Rounds, Verdict } from "./verdict.ts";
import { someResult } from "../reports/testing/results.ts";

const LIST = `# What is known.

fail     relay/a            # counts characters, issue 12
  blocked relay/b.case
fail     relay/two words # of a file with a blank
fail     frame/c#1
`;

Deno.test("a list is compared with what became of each fixture", () => {
  const list = new Baseline(LIST, "known.txt");
  for (
    const [name, verdict, compared] of [
      ["relay/a", "fail", "as-listed"],
      ["relay/a", "blocked", "as-listed"],
      ["relay/a", "pass", "unexpected pass"],
      ["relay/a", "unsupported", "unexpected pass"],
      ["relay/a", "error", "unlisted"],
      ["relay/b.case", "blocked", "as-listed"],
      ["relay/b.case", "fail", "unlisted"],
      ["relay/b.case", "pass", "unexpected pass"],
      ["relay/two words", "fail", "as-listed"],
      ["frame/c#1", "fail", "as-listed"],
      ["relay/other", "fail", "unlisted"],
      ["relay/other", "pass", "unlisted"],
    ] as const
  ) assertEquals(list.compare(name, verdict), compared, `${name} ${verdict}`);
});

Deno.test("what fails now and then is neither a new failure nor a listed one that is none any more", () => {
  const list = new Baseline("flaky relay/a 2 of 20 # a race\nflaky relay/two words 1 of 2\n", "known.txt");
  for (const name of ["relay/a", "relay/two words"]) {
    const compared = (["fail", "blocked", "pass", "unsupported", "error"] as const).map((verdict) =>
      list.compare(name, verdict)
    );
    assertEquals(compared, ["as-listed", "as-listed", "unlisted", "unlisted", "unlisted"]);
  }
  const wrong = (line: string, why: string) => assertThrows(() => new Baseline(line, "known.txt"), Error, why);
  wrong("flaky relay/a", "known.txt:1: a line is: fail FIXTURE");
  wrong("flaky relay/a 0 of 3", "known.txt:1: flaky is what fails now and then: 0 of 3 is not");
  wrong("flaky relay/a 4 of 3", "known.txt:1: flaky is what fails now and then: 4 of 3 is not");
});

Deno.test("what failed in some rounds, or only sometimes when it was played again, is written as flaky, with how often", () => {
  const fails = (name: string, more: Partial<Result>) => ({ ...someResult({ name, verdict: "fail" }), ...more });
  const sometimes = { when: "sometimes", played: 3, failed: 1, isFresh: true } as const;
  const results = [
    fails("relay/race", { rounds: { failed: 2, played: 20 } }),
    fails("relay/bad", { rounds: { failed: 20, played: 20 } }),
    fails("relay/once", { recurrence: sometimes }),
    fails("relay/always", { recurrence: { ...sometimes, when: "always", failed: 3 } }),
  ];
  const text = updateBaseline("# x\n", results, false);
  assertEquals(
    text,
    "# x\nflaky    relay/race  2 of 20\nfail     relay/bad\nflaky    relay/once  1 of 3\nfail     relay/always\n",
  );
  assertEquals(updateBaseline(text, results, false), text);
});

Deno.test("what is flaky stays so until it was played as often as was measured then", () => {
  const list = "flaky    relay/a  2 of 20   # a race\n";
  const after = (verdict: Verdict, rounds?: Rounds) =>
    updateBaseline(list, [{ ...someResult({ name: "relay/a", verdict }), ...rounds && { rounds } }], false);
  assertEquals([after("pass"), after("fail"), after("fail", { failed: 10, played: 10 })], [list, list, list]);
  assertEquals(after("pass", { failed: 0, played: 20 }), "\n");
  assertEquals(after("fail", { failed: 7, played: 30 }), "flaky    relay/a  7 of 30   # a race\n");
  assertEquals(after("fail", { failed: 20, played: 20 }), "fail    relay/a   # a race\n");
  const fails = { ...someResult({ name: "relay/b", verdict: "fail" }), rounds: { failed: 1, played: 3 } };
  assertEquals(updateBaseline("fail relay/b # c\n", [fails], false), "flaky relay/b  1 of 3 # c\n");
});

Deno.test("a line that is none is told with its file and number", () => {
  for (const line of ["relay/a", "fail", "fails relay/a", "pass relay/a", "fail# relay/a"]) {
    assertThrows(() => new Baseline(`# ok\r\n${line}\r\n`, "known.txt"), Error, "known.txt:2: a line is: fail FIXTURE");
  }
  assertThrows(
    () => new Baseline("fail relay/a\nblocked relay/a\n", "known.txt"),
    Error,
    "known.txt:2: relay/a is in line 1 already",
  );
});

Deno.test("a name that no fixture has is told, unless it is of a dialect that is not asked about", () => {
  const list = new Baseline(LIST, "known.txt");
  const names = ["relay/a", "relay/b.case", "relay/two words"];
  list.check(new Set(["relay"]), new Set(names));
  assertThrows(
    () => list.check(new Set(["relay", "frame"]), new Set(names)),
    Error,
    "known.txt:6: there is no fixture frame/c#1",
  );
  assertThrows(() => list.check(new Set(["relay"]), new Set(names.slice(1))), Error, "known.txt:3: there is no");
});

Deno.test("variants are listed by their clause alone", () => {
  const list = new Baseline("fail relay/stream-split~*\nfail relay/a~cut-3\n", "known.txt");
  const names = new Set(["relay/a", "relay/stream-split~*"]);
  assertThrows(
    () => list.check(new Set(["relay"]), names),
    Error,
    "known.txt:2: there is no fixture relay/a~cut-3; the variants of a clause's fixtures are one line: fail CLAUSE~*",
  );
  const results = [
    someResult({ name: "relay/a" }),
    someResult({ name: "relay/a", variation: "bytewise", verdict: "blocked" }),
    someResult({ name: "relay/a", variation: "cut-1", verdict: "fail" }),
    someResult({ name: "relay/b", variation: "cut-1" }),
  ];
  assertEquals(updateBaseline("# x\n", results, false), "# x\nfail     relay/stream-split~*\n");
  assertEquals(updateBaseline("fail relay/stream-split~* # ours\n", results.slice(3), false), "\n");
});

Deno.test("a new list has what counts, in order, and can be read back", () => {
  const results = [
    someResult({ name: "relay/a", verdict: "fail" }),
    someResult({ name: "relay/b", verdict: "blocked" }),
    someResult({ name: "relay/c", verdict: "pass" }),
    someResult({ name: "relay/d", verdict: "fail", level: "should" }),
    someResult({ name: "relay/e", verdict: "fail", level: "may" }),
    someResult({ name: "relay/f", verdict: "unsupported", level: "may" }),
    someResult({ name: "relay/g", verdict: "error" }),
  ];
  const lines = (text: string) => text.split("\n").filter((line) => !line.startsWith("#"));
  assertEquals(lines(updateBaseline("", results, false)), ["fail     relay/a", "blocked  relay/b", ""]);
  const strict = updateBaseline("", results, true);
  assertEquals(lines(strict), ["fail     relay/a", "blocked  relay/b", "fail     relay/d", ""]);
  assertEquals(new Baseline(strict, "x").compare("relay/d", "fail"), "as-listed");
});

Deno.test("a list that is brought up to date keeps its comments and what was not played", () => {
  const results = [
    someResult({ name: "relay/a", verdict: "blocked" }),
    someResult({ name: "relay/b.case", verdict: "pass" }),
    someResult({ name: "relay/two words", verdict: "fail" }),
    someResult({ name: "relay/new", verdict: "fail" }),
  ];
  assertEquals(
    updateBaseline(LIST, results, false),
    `# What is known.

blocked     relay/a            # counts characters, issue 12
fail     relay/two words # of a file with a blank
fail     frame/c#1
fail     relay/new
`,
  );
});

Deno.test("a list that is up to date is left as it is", () => {
  const results = [someResult({ name: "relay/a", verdict: "fail" })];
  const text = updateBaseline("", results, false);
  assertEquals(updateBaseline(text, results, false), text);
});
