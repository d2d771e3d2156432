import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { commandOf, needs } from "../testing/needed_programs.ts";
import { reportDataOf } from "./testing/report_data.ts";
import { junitReport } from "./junit.ts";
import { ANY_RUN, SOME_RESULTS, someRun } from "./testing/results.ts";

const SCHEMA = new URL("junit.xsd", import.meta.url);

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** Reads XML strictly; throws for what is not well-formed. */
function parsed(xml: string): Node {
  const root: Node = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const node = { name, attributes, children: [], text: "" };
    open.at(-1)!.children.push(node);
    open.push(node);
  });
  parser.on("text", (text) => open.at(-1)!.text += text);
  parser.on("closetag", () => open.pop());
  parser.write(xml).close();
  return root.children[0]!;
}

function cases(report: Node, suite = 0): Node[] {
  return report.children[suite]!.children.filter(({ name }) => name === "testcase");
}

const UNREACHABLE = someRun([], { unreachable: "cannot reach 127.0.0.1:4000: connection refused" });

Deno.test("failures, errors and what is skipped are told apart, and counted", () => {
  const report = parsed(junitReport(reportDataOf([someRun(SOME_RESULTS)])));
  const told = cases(report).map(({ attributes: { name, classname, time }, children: [what] }) => {
    return [name, classname, time, what?.name, what?.attributes.type, what?.attributes.message];
  });
  assertEquals(told, [
    ["relay/good", "relay.good", "0.013", undefined, undefined, undefined],
    ["relay/bad", "relay.bad", "0.013", "failure", "mismatch", "something else arrived on alice.out"],
    ["relay/held", "relay.held", "0.013", "skipped", undefined, "blocked: needs relay/bad"],
    [
      ...["relay/soft", "relay.soft", "0.013", "skipped", undefined],
      "a should clause does not count in a run without --strict",
    ],
    ["relay/left-open", "relay.left-open", "0.013", "skipped", undefined, "unsupported: no empty bodies"],
    ["relay/broken", "relay.broken", "0.013", "error", "fixture", "a.chat:3: what is this"],
  ]);
  const { tests, failures, errors, skipped, timestamp, hostname, name } = report.children[0]!.attributes;
  assertEquals([tests, failures, errors, skipped], ["6", "1", "1", "3"]);
  assertEquals([timestamp, hostname, name], ["2026-11-20T12:00:00", "127.0.0.1", "relay at 127.0.0.1:4000"]);
});

Deno.test("a failure has its details and what went over the wire, the suite the choices", () => {
  const report = parsed(junitReport(reportDataOf([someRun(SOME_RESULTS)])));
  const text = cases(report)[1]!.children[0]!.text;
  assertMatch(text, /expected {2}SENT bobk3x9f2\\n\\n\n +received {2}SEND bobk3x9f2\\n\\n\n +\^\n/);
  assertMatch(text, /on the wire:\n {2}0\.4 ms {2}alice\.out connected\n/);
  const properties = report.children[0]!.children[0]!.children.map(({ attributes: { name, value } }) =>
    `${name}=${value}`
  );
  assertEquals(properties, [
    "dialect=relay",
    "target=relay at 127.0.0.1:4000",
    "strict=false",
    "first=First: the server breaks relay/bad (what relay/bad says): the server says SEND (1 failure).",
    "choice success=SENT",
  ]);
});

Deno.test("expected failures are skipped, a listed one that is none any more fails, nobody there is an error", () => {
  const known = "fail relay/bad\nfail relay/good\n";
  const report = parsed(junitReport(reportDataOf([someRun(SOME_RESULTS.slice(0, 2)), UNREACHABLE], { known })));
  assertEquals(cases(report).map(({ children: [what] }) => [what?.name, what?.attributes.type]), [
    ["failure", "unexpected pass"],
    ["skipped", undefined],
  ]);
  assertEquals(cases(report, 1).map(({ children: [what] }) => [what?.name, what?.attributes.type]), [
    ["error", "unreachable"],
  ]);
});

Deno.test("whatever a server sends, the report is well-formed", () => {
  fc.assert(fc.property(fc.array(ANY_RUN, { maxLength: 2 }), fc.boolean(), (runs, strict) => {
    const report = parsed(junitReport(reportDataOf(runs, { strict })));
    assertEquals(report.children.length, runs.length);
    for (const [i, { results, unreachable, isBrokenOff }] of runs.entries()) {
      assertEquals(cases(report, i).length, (unreachable === undefined ? results.length : 1) + (isBrokenOff ? 1 : 0));
    }
  }));
});

async function validate(...reports: readonly string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const files = reports.map((_, i) => `${folder}/${i}.xml`);
    for (const [i, report] of reports.entries()) await Deno.writeTextFile(files[i]!, report);
    const args = ["--noout", "--nonet", "--schema", decodeURIComponent(SCHEMA.pathname), ...files];
    const { success, stderr } = await new Deno.Command(commandOf("xmllint")!, { args, stdout: "null" }).output();
    return success ? "valid" : new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  ...needs(["xmllint"], "reports are valid against the common schema"),
  fn: async () => {
    const some = [
      reportDataOf([]),
      reportDataOf([someRun([])]),
      reportDataOf([someRun(SOME_RESULTS), UNREACHABLE], { strict: true }),
      reportDataOf([someRun(SOME_RESULTS)], { known: "fail relay/bad\nfail relay/good\n" }),
      ...fc.sample(ANY_RUN, 40).map((run) => reportDataOf([run])),
    ];
    assertEquals(await validate(...some.map(junitReport)), "valid");
  },
});

Deno.test({
  ...needs(["xmllint"], "the schema refuses what is no report"),
  fn: async () => {
    const report = junitReport(reportDataOf([someRun(SOME_RESULTS)]));
    for (
      const [was, is] of [
        ['timestamp="2026-11-20T12:00:00"', 'timestamp="today"'],
        ['failures="1"', 'failures="one"'],
        ["<system-err/>", ""],
        ['classname="relay.good"', ""],
        ['type="mismatch" ', ""],
      ] as const
    ) {
      const wrong = report.replace(was, is);
      assert(wrong !== report, was);
      assertMatch(await validate(wrong), /validity error/);
    }
  },
});
