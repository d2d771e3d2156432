import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { Accommodation } from "../../fixtures/accommodation.ts";
import { readGrading } from "../../grading/grading.ts";
import type { Result } from "../../results/verdict.ts";
import { withDetail } from "./with_detail.ts";
import { DETAILS } from "./detail_levels.ts";
import { loadWriter, REPORT_FORMATS, type ReportFormat } from "../formats.ts";
import { paint } from "../text/paint.ts";
import { reportDataOf } from "../testing/report_data.ts";
import { ANY_RUN, someResult, someRun, wireEvent } from "../testing/results.ts";

/** What only the transcripts say. */
const EXPECTED = "TOP-SECRET";
/** What the server has said. */
const CAME = "NONSENSE";
/** What is seen of a hidden clause only with all detail. */
const HIDDEN = "UNSEEN";

function failing(name: string, more: Partial<Result> = {}): Result {
  const result = someResult({
    name,
    verdict: "fail",
    title: name.includes("hidden") ? `title ${HIDDEN}` : "It works",
    failure: {
      kind: "mismatch",
      place: { file: `fixtures/${EXPECTED}.chat`, line: 7 },
      step: `alice < ${EXPECTED}`,
      reason: `something else arrived than ${EXPECTED}`,
      attempts: [{
        connection: "alice",
        fits: "NON",
        wanted: [`${EXPECTED} one`, `${EXPECTED} two`],
        got: "SENSE",
        isClosed: true,
      }],
      meanwhile: [`bob heard \`${CAME}\``],
      hint: `it says ${CAME} for ${EXPECTED}`,
      lastOutput: [`KeyError: ${CAME}`],
    },
    wire: {
      events: [wireEvent(1, "alice", "sent", `GIVE ME ${EXPECTED}`), wireEvent(2, "alice", "received", CAME)],
      omitted: 0,
      names: new Map([["bob", EXPECTED]]),
    },
  });
  const place = { file: "a.chat", line: 1 };
  const steps = [{ kind: "connect", connection: EXPECTED, place }] as const;
  return {
    ...result,
    fixture: { ...result.fixture, file: `fixtures/${EXPECTED}.chat`, needs: [EXPECTED], steps },
    evidence: [`alice expects ${EXPECTED}`],
    recurrence: { when: "after", played: 2, failed: 1, isFresh: true, culprit: EXPECTED },
    ...more,
  };
}

const RESULTS = [
  failing("relay/seen"),
  failing("relay/hidden.one", { verdict: "pass" }),
  failing("relay/hidden.two"),
  { ...someResult({ name: "relay/held", verdict: "blocked", reason: `needs ${HIDDEN}` }), blockedBy: "relay/hidden" },
  someResult({ name: "relay/broken", verdict: "error", reason: `a.chat:3: what is ${EXPECTED}` }),
  someResult({ name: "relay/open", level: "may", verdict: "unsupported", reason: `no ${EXPECTED}` }),
  failing("relay/cost"),
].map((result) => {
  const { clause } = result.fixture;
  const text = clause.slug === "relay/hidden" ? `what ${HIDDEN} says` : clause.text;
  return { ...result, fixture: { ...result.fixture, clause: { ...clause, text } } };
});
const ACCOMMODATION: Accommodation = {
  name: "secret",
  gate: "relay/cost",
  text: `says no ${EXPECTED}`,
  sendsOtherwise: false,
  changes: new Set(),
  without: [],
  macros: new Map(),
  rewrite: (line) => [line],
  place: { file: "prelude.chat", line: 1 },
};
const RUN = someRun(RESULTS, {
  accommodated: [{ accommodation: ACCOMMODATION, result: RESULTS.at(-1)! }],
  recorded: [{ choice: "success", value: CAME }],
  pairs: [{ server: "yours", client: "ours", works: false, clause: "relay/pair-send", why: `no ${EXPECTED}` }],
});
const GRADING = readGrading("clauses: { relay/hidden: { hidden: yes } }", "g.yaml");
const DATA = {
  ...reportDataOf([RUN], {
    grading: GRADING,
    folders: ["fixtures"],
    reproducers: new Map([[RESULTS[0]!, `${EXPECTED}.py`]]),
  }),
  isVerbose: true,
};

async function write(format: ReportFormat, detail: (typeof DETAILS)[number]): Promise<string> {
  return await (await loadWriter(format))(withDetail(DATA, detail), paint(false));
}

/** These have no room for more than verdicts. */
const BARE: readonly ReportFormat[] = ["classroom50", "csv"];

for (const format of REPORT_FORMATS) {
  Deno.test(`${format} tells what was expected, and what is hidden, with all detail alone, and what came with some`, async () => {
    const [full, received, none] = await Promise.all(DETAILS.map((detail) => write(format, detail)));
    const tells = (text: string | undefined) => [EXPECTED, HIDDEN, CAME].filter((word) => text!.includes(word));
    // Gradescope's own report hides what is hidden, and shows a clause's first failure.
    if (!BARE.includes(format)) assert(tells(full).includes(EXPECTED) && tells(full).includes(CAME), full);
    assertEquals(tells(received), BARE.includes(format) ? [] : [CAME], received);
    assertEquals(tells(none), [], none);
    assert(received!.includes("relay/seen") && none!.includes("relay/seen"));
  });
}

Deno.test("of a hidden clause there is one result, the worst, and the points are the same whatever is told", () => {
  const [full, received] = [DATA, withDetail(DATA, "received")].map(({ targets }) => targets[0]!);
  const hidden = received!.run.results.filter(({ fixture }) => fixture.clause.slug === "relay/hidden");
  assertEquals(hidden.map(({ fixture: { name, title }, verdict }) => [name, title, verdict]), [
    ["relay/hidden", "relay/hidden", "fail"],
  ]);
  assertEquals(
    received!.marks.clauses.map(({ points, most }) => [points, most]),
    full!.marks.clauses.map(({ points, most }) => [points, most]),
  );
  assertEquals([received!.marks.points, received!.conclusion], [full!.marks.points, full!.conclusion]);
  assertEquals(received!.judgements.size, received!.run.results.length);
});

Deno.test("what came is a sentence to begin with, of a clause that is not hidden", async () => {
  const text = await write("text", "received");
  assertMatch(text, /^First: the server breaks relay\/seen \(what relay\/seen says\): something else came, NONSENSE/m);
  assertMatch(text, /received {2}NONSENSE\(closed\)/);
  assertMatch(await write("text", "none"), /^FAIL +must +relay\/seen/m);
});

Deno.test("whatever a run has, a report of it that tells less is written in all formats, and does not say what was wanted", async () => {
  const run = ANY_RUN.map((run) => ({
    ...run,
    results: run.results.map((result) => ({
      ...result,
      ...result.failure && {
        failure: { ...result.failure, step: EXPECTED, reason: EXPECTED, hint: EXPECTED },
      },
    })),
  }));
  await fc.assert(
    fc.asyncProperty(run, fc.constantFrom("received", "none"), async (run, detail) => {
      const data = withDetail(reportDataOf([run]), detail);
      for (const format of REPORT_FORMATS) {
        const text = await (await loadWriter(format))(data, paint(false));
        assert(!text.includes(EXPECTED), text);
      }
    }),
    { numRuns: 20 },
  );
});
