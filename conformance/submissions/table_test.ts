import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import schema from "../../docs/marks.schema.json" with { type: "json" };
import { indexPage } from "./page/index_page.ts";
import { MARKS_SCHEMA_ID, marksCsv, marksJson } from "./table.ts";
import { courseOf } from "./testing/course.ts";

const COUNTS = { name: "counts-characters", text: "counts characters: é is two bytes", clause: "relay/b" };
const ODD = `=cmd|'/c'!A1 "</td><script>alert(1)</script>\n\x1b[2J`;
const COURSE = courseOf(["a", "b"], [
  { name: "ann" },
  { name: "bob", breaks: ["b"], causes: [COUNTS] },
  {
    name: ODD,
    breaks: ["b"],
    causes: [COUNTS, { ...COUNTS, name: "odd", text: `-says ${ODD}` }],
    more: { sometimes: [`relay/${ODD}`] },
  },
  { name: "eve", more: { ending: "does not start", why: "it ends", points: 0, conforms: false, clauses: {} } },
  { name: "zoe", isWaiting: true },
]);

Deno.test("the table has a head, and a row for each submission, also for one that does not start or has not come", () => {
  const rows = marksCsv(COURSE).trimEnd().split("\r\n");
  assertEquals(rows[0], "submission,result,points,most,look at by hand,first,relay/a,relay/b");
  assertEquals(rows.length, 6);
  assertEquals(rows.filter((row) => /^(ann|bob|eve|zoe)/.test(row)), [
    "ann,played,4,4,,,2,2",
    "bob,played,2,4,,First: the server counts characters: é is two bytes (1 failure).,2,0",
    "eve,does not start,0,4,does not start: it ends,it ends,,",
    "zoe,not played yet,,4,,,,",
  ]);
});

Deno.test("no field of the table is a formula to a spreadsheet, nor ends its row", () => {
  const odd = marksCsv(COURSE).trimEnd().split("\r\n").find((row) => row.includes("cmd"))!;
  assert(odd.startsWith(`"'=cmd|`), odd);
  assert(!/[\n\x1b]/.test(odd), odd);
});

Deno.test("the marks as data have all submissions, what they have in common, and whom to look at", () => {
  const { submissions, clusters, byHand, most, suite } = JSON.parse(marksJson(COURSE));
  assertEquals([submissions.length, most, suite.fixtures], [5, 4, ["3f2a9c81d0b4"]]);
  assertEquals(clusters[0], {
    key: "counts-characters",
    text: "count characters",
    names: [ODD, "bob"],
  });
  assertEquals(byHand.map(({ name }: { name: string }) => name), [ODD, "eve"]);
});

Deno.test("the marks as data are what the schema in the documentation says, and no more than that", () => {
  assertEquals([schema.$id, schema.properties.schema.const], [MARKS_SCHEMA_ID, MARKS_SCHEMA_ID]);
  const closed = JSON.parse(
    JSON.stringify(schema),
    (_key, value) =>
      value?.type === "object" && value.properties !== undefined ? { ...value, unevaluatedProperties: false } : value,
  );
  const isValid = new Ajv2020({ allErrors: true, strictTypes: false, strictRequired: false }).compile(closed);
  const marks = JSON.parse(marksJson(COURSE));
  assertEquals(isValid(marks) ? [] : isValid.errors, []);
  delete marks.submissions[0].points;
  assertEquals(isValid(marks), false);
});

Deno.test("nothing that a submission is called or says becomes part of the page, and the page loads nothing", async () => {
  const page = await indexPage(COURSE);
  assertEquals(page.match(/<script/g)?.length, 1);
  assert(!page.includes("\x1b"), "an escape is in it");
  assert(!/(?:src|href)="(?:https?:|\/)/.test(page) && !page.includes("@import") && !page.includes("url("), "it loads");
  assert(page.includes("Content-Security-Policy"));
  // The clause of a cause comes from the report, the name of a fixture from anywhere.
  assert(page.includes("&lt;script&gt;alert(1)&lt;/script&gt;"));
});
