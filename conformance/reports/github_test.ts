import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { reportDataOf, type SomeReportData } from "./testing/report_data.ts";
import { githubReport } from "./github.ts";
import { ANY_RUN, SOME_FAILURE, someResult, someRun } from "./testing/results.ts";
import type { Result } from "../results/verdict.ts";

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

/** Reads workflow commands as a runner does. */
function commands(text: string): Command[] {
  return text.split("\n").slice(0, -1).map((line) => {
    const [, name, words, message] = /^::([a-z]+) ([^:]*)::(.*)$/.exec(line)!;
    const properties = words!.split(",").map((word) => {
      const at = word.indexOf("=");
      return [word.slice(0, at), unescaped(word.slice(at + 1))] as const;
    });
    return { name: name!, properties: Object.fromEntries(properties), message: unescaped(message!) };
  });
}

function unescaped(text: string): string {
  const named = { "%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%" } as const;
  return text.replace(/%(0A|0D|3A|2C|25)/g, (code) => named[code as keyof typeof named]);
}

function told(results: readonly Result[], some: SomeReportData = {}): string[] {
  return commands(githubReport(reportDataOf([someRun(results)], some))).map(({ name, properties }) => {
    return `${name} ${properties.title}`;
  });
}

Deno.test("a failure that counts is an error, one that does not a warning, a known one a notice", () => {
  const results = [
    someResult({ name: "relay/soft", verdict: "fail", level: "should" }),
    someResult({ name: "relay/other", verdict: "fail", level: "may" }),
    someResult({ name: "relay/bad", verdict: "fail" }),
    someResult({ name: "relay/held", verdict: "blocked", reason: "needs relay/bad" }),
    someResult({ name: "relay/known", verdict: "fail" }),
    someResult({ name: "relay/mended" }),
    someResult({ name: "relay/broken", verdict: "error", reason: "a.chat:3: what is this" }),
  ];
  assertEquals(told(results, { known: "fail relay/known\nfail relay/mended\n" }), [
    "error relay at 127.0.0.1:4000",
    "error relay/bad (must) of relay at 127.0.0.1:4000",
    "error relay/broken (must) of relay at 127.0.0.1:4000",
    "error relay/mended (must) of relay at 127.0.0.1:4000",
    "warning relay/soft (should) of relay at 127.0.0.1:4000",
    "notice relay/known (must) of relay at 127.0.0.1:4000",
  ]);
});

Deno.test("cases that fail alike are one annotation, which names them", () => {
  const file = "fixtures/relay/bad.chat";
  const results = ["a", "b", "c"].map((slug) => someResult({ name: `relay/bad.${slug}`, verdict: "fail", file }));
  const [_first, only, ...others] = commands(githubReport(reportDataOf([someRun(results)])));
  assertEquals(others, []);
  assertMatch(only!.message, /^It works\n.*\nlikewise: relay\/bad\.b, relay\/bad\.c$/s);
});

Deno.test("an annotation stands at the line of a fixture of one's own, and at no line of an embedded one", () => {
  const file = "my/tests/bad.chat";
  const failure = { ...SOME_FAILURE, place: { file: "my/tests/prelude.chat", line: 2, calledFrom: { file, line: 9 } } };
  const result = someResult({ verdict: "fail", file, failure });
  const place = (folders: readonly string[]) => {
    const [_first, { properties: { file, line } }] = commands(
      githubReport(reportDataOf([someRun([result])], { folders })),
    ) as [Command, Command];
    return [file, line];
  };
  assertEquals(place(["other", "my/tests"]), [file, "9"]);
  assertEquals(place(["my/test"]), [undefined, undefined]);
});

Deno.test("a target that cannot be reached is an error, and a run without faults has no annotations", () => {
  const gone = someRun([], { unreachable: "cannot reach 127.0.0.1:4000: connection refused" });
  assertEquals(commands(githubReport(reportDataOf([gone]))), [
    { name: "error", properties: { title: "relay at 127.0.0.1:4000" }, message: gone.unreachable! },
  ]);
  assertEquals(githubReport(reportDataOf([someRun([someResult()])])), "");
});

Deno.test("of more than the ten of a kind that GitHub shows, the tenth says how many are left out, and which", () => {
  const failures = (count: number) =>
    Array.from({ length: count }, (_, i) => someResult({ name: `relay/bad-${i}`, verdict: "fail", file: `${i}.chat` }));
  const soft = someResult({ name: "relay/soft", verdict: "fail", level: "should" });
  assertEquals(told(failures(9)).length, 10);
  const all = commands(githubReport(reportDataOf([someRun([...failures(13), soft])])));
  assertEquals(all.map(({ name }) => name), [...Array(10).fill("error"), "warning"]);
  assertEquals(all[9]!.properties.title, "5 more are left out");
  assertMatch(all[9]!.message, /\nrelay\/bad-8 \(must\)[^]*\nrelay\/bad-12 \(must\)/);
});

Deno.test("whatever a server sends, each line is one command of ours", () => {
  fc.assert(fc.property(ANY_RUN, (run) => {
    for (const { name, properties } of commands(githubReport(reportDataOf([run], { folders: ["fixtures"] })))) {
      assertMatch(name, /^(error|warning|notice)$/);
      assertMatch(Object.keys(properties).join(), /^(file,line,)?title$/);
    }
  }));
});
