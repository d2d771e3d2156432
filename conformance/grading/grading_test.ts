import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import type { Clause, Level } from "../fixtures/clauses.ts";
import { DEFAULT_GRADING, readGrading, writeGrading } from "./grading.ts";

const clause = (slug: string, level: Level = "must"): Clause => ({ slug, level, text: `what ${slug} says` });
const CLAUSES = [clause("relay/forward"), clause("relay/stream-split", "should"), clause("relay/choice", "may")];

Deno.test("a must is worth two points, a should one and a may none, where nobody says otherwise", () => {
  assertEquals(CLAUSES.map((one) => DEFAULT_GRADING.of(one).points), [2, 1, 0]);
  assertEquals([DEFAULT_GRADING.partial, DEFAULT_GRADING.accommodated], ["fixtures", 50]);
});

Deno.test("points are set by level, by clause and by glob, and what is further down counts", () => {
  const grading = readGrading(
    `
levels: { may: 7 }
partial: none
accommodated: 0
clauses:
  "relay/*": { points: 3, hidden: until-due, due: 2027-01-31 }
  relay/forward: { points: 4, hidden: no }
`,
    "grading.yaml",
  );
  const due = new Date("2027-01-31");
  assertEquals(CLAUSES.map((one) => grading.of(one)), [
    { points: 4, hidden: "no", due },
    { points: 3, hidden: "until-due", due },
    { points: 3, hidden: "until-due", due },
  ]);
  assertEquals(grading.of(clause("frame/notice", "may")), { points: 7, hidden: "no" });
  assertEquals([grading.partial, grading.accommodated], ["none", 0]);
});

Deno.test("what is written for a start marks as if nothing had been said", () => {
  const grading = readGrading(writeGrading(CLAUSES), "grading.yaml");
  assertEquals(CLAUSES.map((one) => grading.of(one)), CLAUSES.map((one) => DEFAULT_GRADING.of(one)));
  grading.check("relay", CLAUSES);
});

Deno.test("mistakes are told by where they stand", () => {
  const mistakes = {
    "a: [": "grading.yaml:2: deficient indentation",
    "- relay/forward": "grading.yaml: names and values stand here, such as points: 2",
    "level: { must: 1 }": 'grading.yaml: there is no "level": what there is is levels, partial, accommodated, clauses',
    "levels: { must: 1.5 }": "grading.yaml: levels: must: a whole number from 0 to 1000000 stands here, and not 1.5",
    "levels: { must: true }": "grading.yaml: levels: must: a whole number from 0 to 1000000 stands here, and not true",
    "accommodated: 101": "grading.yaml: accommodated: a whole number from 0 to 100 stands here, and not 101",
    "partial: half": 'grading.yaml: partial: one of fixtures, none stands here, and not "half"',
    "clauses: { relay/x: { due: soon } }":
      'grading.yaml: clauses: relay/x: due: a date stands here, such as 2027-01-31 or 2027-01-31T18:00:00Z, and not "soon"',
    "clauses: { relay/x: { hidden: maybe } }":
      'grading.yaml: clauses: relay/x: hidden: one of no, until-due, yes stands here, and not "maybe"',
    "clauses: { relay/x: 3 }": "grading.yaml: clauses: relay/x: names and values stand here, such as points: 2",
  };
  for (const [text, message] of Object.entries(mistakes)) {
    const error = assertThrows(() => readGrading(`${text}\n`, "grading.yaml"), ChatError);
    assertEquals([error.code, error.message], ["bad-grading", message]);
  }
});

Deno.test("a clause that does not exist is a mistake, and one of another dialect may be there", () => {
  const grading = readGrading("clauses: { relay/forwrad: { points: 1 }, frame/leave: { points: 1 } }", "grading.yaml");
  assertThrows(() => grading.check("relay", CLAUSES), ChatError, "relay/forwrad: no clause matches relay/forwrad");
  grading.check("slash", CLAUSES);
});
