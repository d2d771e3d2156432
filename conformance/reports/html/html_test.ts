import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { reportDataOf } from "../testing/report_data.ts";
import { htmlReport } from "./html.ts";
import {
  ANY_RUN,
  SOME_FAILURE,
  SOME_HISTORY,
  SOME_STRESS,
  SOME_WIRE,
  someResult,
  someRun,
} from "../testing/results.ts";

const VOID = ["input", "meta"];
const NAMES =
  /^(article|b|body|button|circle|code|dd|details|div|dl|dt|form|g|h[1-4]|head|header|html|i|input|label|li|main|mark|meta|nav|output|p|path|pre|rect|script|section|small|span|style|summary|svg|table|tbody|td|text|th|thead|time|title|tr|ul|a)$/;
const ATTRIBUTES =
  /^(aria-[a-z]+|autocomplete|charset|class|content|cx|cy|d|data-[a-z]+|datetime|height|hidden|href|http-equiv|id|lang|name|opacity|open|placeholder|preserveAspectRatio|r|role|scope|spellcheck|text-anchor|title|type|viewBox|width|x|y)$/;

/** Makes sure that a page holds our own elements alone, each closed where it should be. */
function assertOurs(page: string): void {
  const open: string[] = [];
  const rest = page.replace("<!DOCTYPE html>", "").replace(/(<(style|script)>)[^]*?(?=<\/\2>)/g, "$1");
  for (const [, text, end, name, attributes] of rest.matchAll(/([^<]*)(?:<(\/?)([a-z0-9]+)((?: [^<>]*)?)>|$)/g)) {
    assert(!text!.includes(">"), text);
    if (name === undefined) continue;
    assertMatch(name, NAMES);
    const left = attributes!.replace(/ ([A-Za-z-]+)(?:="([^"]*)")?/g, (_all, key: string) => {
      assertMatch(key, ATTRIBUTES);
      return "";
    });
    assertEquals(left, "", attributes);
    if (end === "/") assertEquals(open.pop(), name);
    else if (!VOID.includes(name)) open.push(name);
  }
  assertEquals(open, []);
  assertEquals(rest.replace(/([^<]*)(?:<(\/?)([a-z0-9]+)((?: [^<>]*)?)>)/g, "").trim(), "");
}

Deno.test("the page has each clause with its verdict, the failure, what went over the wire, and the steps", async () => {
  const failed = someResult({ name: "relay/bad", verdict: "fail", wire: SOME_WIRE, title: "SENT <comes> back" });
  const reproducers = new Map([[failed, "out/relay-bad.py"]]);
  const page = await htmlReport(reportDataOf([someRun([failed, someResult({ name: "relay/good" })])], { reproducers }));
  assertOurs(page);
  for (
    const text of [
      "<title>relay at 127.0.0.1:4000: does not conform to relay: 1 clause failed</title>",
      '<details class="clause failed" open id="target-1/relay/bad" data-group="failed" data-level="must">',
      '<details class="clause passed" id="target-1/relay/good" data-group="passed" data-level="must">',
      "SENT &lt;comes&gt; back",
      '<span class="expected">expected  SENT bobk3x9f2\\n\\n</span>',
      "Probably: the server says SEND.",
      "<code>python3 out/relay-bad.py</code>",
      "<code>SEND bobk3x9f2<i>\\n</i>\nContent-length: 2<i>\\n\\n</i>\nhi</code>",
      "and 3 more bytes, which were not kept",
      "2 more events, which were not kept",
      '<span title="fixtures/relay/bad.chat:4">connect alice.out</span>',
      "<dt>success</dt><dd>SENT</dd>",
    ]
  ) assertStringIncludes(page, text);
});

Deno.test("the step that did not come true is marked", async () => {
  const place = { file: "fixtures/relay/bad.chat", line: 4 };
  const failure = { ...SOME_FAILURE, place, step: "connect alice.out" };
  const page = await htmlReport(reportDataOf([someRun([someResult({ name: "relay/bad", verdict: "fail", failure })])]));
  assertStringIncludes(page, '<mark title="fixtures/relay/bad.chat:4">connect alice.out</mark>');
});

Deno.test("what is sent byte by byte is one line", async () => {
  const events = [..."hi\n"].map((letter, i) => {
    return { at: i, connection: "a", kind: "sent" as const, bytes: new TextEncoder().encode(letter), cut: 0 };
  });
  const wire = { events, omitted: 0, names: new Map() };
  const page = await htmlReport(reportDataOf([someRun([someResult({ wire })])]));
  assertStringIncludes(page, "<code>hi<i>\\n</i></code><small>sent byte by byte, in 3 pieces</small>");
});

Deno.test("what led to a finding is a diagram with a lane for each client, and the run a plot over time", async () => {
  const { history: _, ...bare } = someResult({
    name: "relay/concurrent-whole",
    verdict: "fail",
    reason: "it <is> wrong",
  });
  const { failure: _failure, ...result } = { ...bare, fixture: { ...bare.fixture, steps: [] }, history: SOME_HISTORY };
  const page = await htmlReport(reportDataOf([someRun([result], { stress: SOME_STRESS })]));
  assertOurs(page);
  for (
    const text of [
      "The smallest: 2 users, 1 message, found in 7 of 10 runs",
      "Found first with 16 users, --seed 1, --faults none.",
      ">server</text>",
      "<title>user 2 (&lt;bob&gt;)</title>",
      "<title>12.500 ms: user 1 (alice) sends message 0 to &lt;bob&gt; (24 bytes)</title>",
      '<g class="gets c0">',
      "✗ user 2 (&lt;bob&gt;) got what nobody has sent",
      "16 users in 1.0 s: 3 messages. Operations by the moment at which they began.",
      "<title>2 clients</title>",
    ]
  ) assertStringIncludes(page, text);
  // What there are no steps of has no fixture to show.
  assert(!page.includes("The fixture"));
});

Deno.test("thirty events have thirty rows, none of which lies on another", async () => {
  const events = Array.from({ length: 30 }, (_, i) => ({ ...SOME_HISTORY.events[0]!, at: i, message: i }));
  const result = { ...someResult({ verdict: "fail" }), history: { ...SOME_HISTORY, events } };
  const page = await htmlReport(reportDataOf([someRun([result])]));
  const rows = [...page.matchAll(/<text class="at" x="\d+" y="(\d+)"/g)].map(([, y]) => Number(y));
  assertEquals(rows.length, 30);
  assert(rows.every((y, i) => i === 0 || y - rows[i - 1]! >= 16), rows.join(" "));
});

Deno.test("several servers have a page with links to each", async () => {
  const gone = someRun([], { unreachable: "cannot reach 127.0.0.1:4000: connection refused" });
  const page = await htmlReport(reportDataOf([someRun([someResult()]), gone]));
  assertOurs(page);
  assertStringIncludes(page, "<title>Conformance of 2 servers</title>");
  assertStringIncludes(page, '<a href="#target-2">');
  assertStringIncludes(page, '<p class="conclusion odd">Cannot reach 127.0.0.1:4000: connection refused.</p>');
});

Deno.test("a browser runs nothing but the page's own script", async () => {
  const page = await htmlReport(reportDataOf([someRun([someResult()])]));
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!.replaceAll("&#39;", "'");
  const hash = async (name: string) => {
    const [, text] = new RegExp(`<${name}>([^]*?)</${name}>`).exec(page)!;
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
    return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
  };
  assertEquals(policy, `default-src 'none'; style-src ${await hash("style")}; script-src ${await hash("script")}`);
  assert(!/https?:|url\(|@import|src=/.test(page));
});

Deno.test("whatever a server sends, the page holds our own elements alone", async () => {
  await fc.assert(fc.asyncProperty(fc.array(ANY_RUN, { maxLength: 2 }), fc.boolean(), async (runs, strict) => {
    assertOurs(await htmlReport(reportDataOf(runs, { strict })));
  }));
});
