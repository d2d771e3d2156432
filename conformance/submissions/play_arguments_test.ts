import { assert, assertEquals } from "@std/assert";
import { playArguments } from "./play_arguments.ts";

const OPTIONS = {
  targets: [],
  filters: [],
  list: false,
  strict: false,
  timeout: 5_000,
  jobs: 8,
  fixtures: [],
  embedded: true,
};
const PLACES = { folder: "/marks/ann", grading: "/marks/grading.yaml" };

Deno.test("a submission gets a report for its author where that may not see all, and is judged by the suite that was asked for", () => {
  const words = playArguments({ ...OPTIONS, detail: "received", suite: "0.1" }, 1_000, PLACES);
  assert(words.includes("html=/marks/ann/student.html,detail=received"));
  assert(words.includes("html=/marks/ann/report.html") && words.includes("--suite=0.1"));
  const all = playArguments({ ...OPTIONS, detail: "full" }, 1_000, PLACES);
  assertEquals(all.filter((word) => word.includes("student") || word.includes("suite")), []);
});
