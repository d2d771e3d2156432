/**
 * The report in JUnit's XML, as both common schemas have it: `junit.xsd` here is what they agree on.
 *
 * @module
 */

import Builder from "fast-xml-builder";
import { visibleText } from "../../lib/core/visible.ts";
import type { Judgement } from "../results/judgement.ts";
import type { Result } from "../results/verdict.ts";
import {
  firstSentenceOf,
  marksText,
  noteFor,
  type ReportData,
  suiteText,
  type TargetReport,
  targetText,
} from "./report_data.ts";
import { showDetails } from "./text/failures.ts";
import { paint } from "./text/paint.ts";
import { showWire } from "./text/wire_lines.ts";

const PLAIN = paint(false);
const BUILDER = new Builder({
  ignoreAttributes: false,
  // An attribute whose value is "true" keeps it.
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  format: true,
});

/** An element: attributes have an `@_` before their name, texts are `#text`. */
interface Element {
  readonly [name: string]: string | Element | readonly Element[];
}

/**
 * Writes a suite for each target and a case for each fixture. A failure is the server's, an error is ours or the fixture's;
 * what does not count or could not be shown is skipped.
 */
export function junitReport(data: ReportData): string {
  const document = {
    "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" },
    testsuites: { testsuite: data.targets.map((report, i) => suite(report, i, data)) },
  };
  return BUILDER.build(document);
}

function suite(report: TargetReport, id: number, data: ReportData): Element {
  const { run } = report;
  const { target } = run;
  const first = firstSentenceOf(report);
  const suite = suiteText(run);
  const cases = run.unreachable === undefined
    ? run.results.map((result) => testCase(result, report, data))
    : [fault("the target can be reached", "unreachable", run.unreachable, target.dialect)];
  if (run.isBrokenOff) cases.push(fault("the run is not broken off", "interrupted", "it was", target.dialect));
  const tally = (kind: string) => String(cases.filter((one) => kind in one).length);
  return {
    ...attributes({
      name: targetText(target),
      package: target.dialect,
      id: String(id),
      hostname: target.hostname,
      // Both schemas want it without a time zone; it is UTC.
      timestamp: data.began.toISOString().slice(0, 19),
      time: seconds(run.duration),
      tests: String(cases.length),
      failures: tally("failure"),
      errors: tally("error"),
      skipped: tally("skipped"),
    }),
    properties: {
      property: [
        property("dialect", target.dialect),
        property("target", targetText(target)),
        property("strict", String(data.strict)),
        ...first === undefined ? [] : [property("first", first)],
        ...suite === undefined ? [] : [property("suite", suite)],
        ...data.isGraded ? [property("points", marksText(report))] : [],
        ...run.recorded.map(({ choice, value }) => property(`choice ${choice}`, value)),
      ],
    },
    testcase: cases,
    "system-out": "",
    "system-err": "",
  };
}

function property(name: string, value: string): Element {
  return attributes({ name, value });
}

function testCase(result: Result, report: TargetReport, data: ReportData): Element {
  const { fixture, duration } = result;
  const judgement = report.judgements.get(result)!;
  return {
    ...attributes({ name: fixture.name, classname: fixture.clause.slug.replace("/", "."), time: seconds(duration) }),
    ...outcome(result, judgement, report, data),
  };
}

function outcome(result: Result, judgement: Judgement, { reproducers }: TargetReport, data: ReportData): Element {
  if (judgement === "pass") return {};
  const { failure, verdict, wire, fixture } = result;
  const message = failure?.reason ?? noteFor(result, judgement, data);
  const script = reproducers.get(result);
  const text = [
    fixture.title,
    ...showDetails(result, PLAIN),
    ...script === undefined ? [] : [`reproduce: ${script}`],
    ...wire === undefined ? [] : ["", "on the wire:", ...showWire(wire)],
  ].map((line) => visibleText(line)).join("\n");
  switch (judgement) {
    case "fail":
      return { failure: { ...attributes({ type: failure?.kind ?? verdict, message }), "#text": text } };
    case "unexpected pass":
      return { failure: attributes({ type: "unexpected pass", message }) };
    case "error":
      return { error: { ...attributes({ type: "fixture", message }), "#text": text } };
    case "expected failure":
    case "not counted":
      return { skipped: { ...attributes({ message: noteFor(result, judgement, data) }), "#text": text } };
    case "blocked":
    case "unsupported":
      return { skipped: attributes({ message }) };
  }
}

/** What was wrong with the run as a whole. */
function fault(name: string, type: string, message: string, dialect: string): Element {
  return {
    ...attributes({ name, classname: dialect, time: seconds(0) }),
    error: attributes({ type, message }),
  };
}

/** Nothing in them that XML could not hold. */
function attributes(values: Readonly<Record<string, string>>): Element {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`@_${name}`, visibleText(value)]));
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
