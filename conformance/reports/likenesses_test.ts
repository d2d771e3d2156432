import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { accountOf } from "./account_of.ts";
import { htmlReport } from "./html.ts";
import { jsonReport } from "./json.ts";
import { markdownReport } from "./markdown.ts";
import { paint } from "./paint.ts";
import { showRun } from "./people.ts";
import { someResult, someRun } from "./some_results.ts";

const BAD = someResult({ name: "relay/bad", verdict: "fail" });
const LIKENESSES = [
  { servers: [{ clause: "relay/bad", words: "ends lines in \\r\\n" }], fixtures: ["relay/bad.one", "relay/bad.two"] },
  {
    servers: [{ clause: "relay/bad", words: "is deaf" }, { clause: "relay/worse", words: "is <mute>" }],
    fixtures: ["relay/bad"],
  },
];
const LIKE = someRun([BAD], { likenesses: LIKENESSES });

Deno.test("people are told what a server is like, before what it chooses", () => {
  const text = showRun(LIKE, false, paint(false));
  assertStringIncludes(
    text,
    [
      "It fails",
      "  as a server that ends lines in \\r\\n would  relay/bad, 2 fixtures",
      "  as a server that is deaf, or one that is <mute>, would  relay/bad, relay/worse, 1 fixture",
      "",
      "What the protocol leaves open",
    ].join("\n"),
  );
});

Deno.test("a summary tells what a server is like, without markup of its own", () => {
  const text = markdownReport(accountOf([LIKE]));
  assertStringIncludes(
    text,
    "### It fails\n\n- as a server that ends lines in &#92;r&#92;n would (relay/bad, 2 fixtures)\n",
  );
  assertStringIncludes(text, "or one that is &#60;mute&#62;, would");
});

Deno.test("programs are told which servers and which fixtures", () => {
  assertEquals(JSON.parse(jsonReport(accountOf([LIKE]))).targets[0].likenesses, LIKENESSES);
});

Deno.test("the page tells what a server is like", async () => {
  const page = await htmlReport(accountOf([LIKE]));
  assertStringIncludes(page, "as a server that is deaf, or one that is &lt;mute&gt;, would");
});

Deno.test("where it is like none, nothing is said", async () => {
  const run = someRun([BAD], { likenesses: [] });
  assert(!showRun(run, false, paint(false)).includes("It fails"));
  assert(!markdownReport(accountOf([run])).includes("It fails"));
  assert(!(await htmlReport(accountOf([run]))).includes("It fails"));
});
