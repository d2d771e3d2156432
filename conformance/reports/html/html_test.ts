import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { reportDataOf } from "../testing/report_data.ts";
import { htmlReport } from "./html.ts";
import { ANY_RUN, SOME_FAILURE, SOME_WIRE, someResult, someRun } from "../testing/results.ts";

const VOID = ["input", "meta"];
const NAMES =
  /^(article|b|body|button|code|dd|details|div|dl|dt|form|h[1-4]|head|header|html|i|input|label|li|main|mark|meta|nav|output|p|pre|rect|script|section|small|span|style|summary|svg|table|tbody|td|th|thead|time|title|tr|ul|a)$/;
const ATTRIBUTES =
  /^(aria-[a-z]+|autocomplete|charset|class|content|data-[a-z]+|datetime|height|hidden|href|http-equiv|id|lang|name|open|placeholder|preserveAspectRatio|role|scope|spellcheck|title|type|viewBox|width|x)$/;

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
