import { assertEquals, assertStringIncludes } from "@std/assert";
import { textReport } from "../reports/text/text.ts";
import { paint } from "../reports/text/paint.ts";
import { reportDataOf } from "../reports/testing/report_data.ts";
import { someResult, someRun } from "../reports/testing/results.ts";
import type { Result } from "../results/verdict.ts";
import { playStages } from "./play_stages.ts";
import type { Stage } from "./stage.ts";

const stage = (title: string, ...clauses: string[]): Stage => ({ title, text: `All about ${title}.`, clauses });
const STAGES = [stage("names", "relay/name"), stage("none", "relay/none"), stage("talk", "relay/talk", "relay/more")];

/** Plays stages against a server that does these; gives the run, and what was played in which order. */
async function play(results: readonly Result[]) {
  const played: string[][] = [];
  const run = await playStages(
    STAGES,
    results.map(({ fixture }) => fixture),
    (fixtures) => {
      played.push(fixtures.map(({ name }) => name));
      return Promise.resolve(someRun(results.filter(({ fixture }) => fixtures.includes(fixture))));
    },
    ({ verdict }) => verdict === "fail",
  );
  return { run, played };
}

Deno.test("stages are played in their order, without those of which nothing was selected, and one's own at the end", async () => {
  const results = ["relay/own", "relay/talk", "relay/name", "relay/more"].map((name) => someResult({ name }));
  const { run, played } = await play(results);
  assertEquals(played, [["relay/name"], ["relay/talk", "relay/more"], ["relay/own"]]);
  assertEquals(run.stages?.map(({ stage: { title }, outcome }) => [title, outcome]), [
    ["names", "done"],
    ["talk", "done"],
    ["What you ask for besides", "done"],
  ]);
  assertEquals(run.results.map(({ fixture }) => fixture.name), ["relay/name", "relay/talk", "relay/more", "relay/own"]);
  assertStringIncludes(textReport(reportDataOf([run]), paint(false)), "All 3 stages are done.");
});

Deno.test("the first stage that is not done is the last, and what to know for it is told", async () => {
  const results = [
    someResult({ name: "relay/name" }),
    someResult({ name: "relay/talk" }),
    someResult({ name: "relay/more", verdict: "fail" }),
    someResult({ name: "relay/own" }),
  ];
  const { run, played } = await play(results);
  assertEquals(played.length, 2);
  assertEquals(run.stages?.map(({ outcome }) => outcome), ["done", "failed", "later"]);
  assertStringIncludes(
    textReport(reportDataOf([run]), paint(false)),
    [
      "done     1. names",
      "NOT YET  2. talk",
      "later    3. What you ask for besides",
      "",
      "Stage 2 of 3: talk",
      "All about talk.",
      "",
      "chat conform --explain relay/more says more. The next one: What you ask for besides.",
    ].join("\n"),
  );
});
