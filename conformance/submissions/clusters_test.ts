import { assertEquals } from "@std/assert";
import { byHand, clustersOf } from "./clusters.ts";
import type { Cause, SubmissionOutcome } from "./outcome.ts";

const COUNTS = "counts characters where bytes count, or decodes bytes that are no UTF-8: é is two bytes. Measure";

/** A submission that was played; `more` says otherwise. */
function outcome(name: string, more: Partial<SubmissionOutcome> = {}): SubmissionOutcome {
  return {
    name,
    folder: name,
    ending: "played",
    conforms: false,
    points: 1,
    most: 2,
    clauses: {},
    causes: [],
    fixtures: 100,
    blocked: 0,
    sometimes: [],
    errors: [],
    duration: 1,
    ...more,
  };
}

/** The clusters of submissions that have one cause each: how many, and what they do. */
function clusters(...causes: readonly Cause[]): string[] {
  const outcomes = causes.map((cause, i) => outcome(`s${i}`, { causes: [cause] }));
  return clustersOf(outcomes).map(({ names, text }) => `${names.length} ${text}`);
}

Deno.test("submissions with one fault are a cluster, whatever each of them says of it; the largest comes first", () => {
  assertEquals(
    clusters(
      { name: "crashes", text: "crashes in relay/forward: KeyError: 'a'", clause: "relay/forward" },
      { name: "counts-characters", text: COUNTS, clause: "relay/body-large" },
      { name: "counts-characters", text: COUNTS, clause: "relay/body-exact" },
    ),
    ["2 count characters where bytes count, or decode bytes that are no UTF-8", "1 crashes"],
  );
});

Deno.test("what no rule explains is told apart by the clause that it breaks", () => {
  const text = (slug: string, why: string) => `breaks relay/${slug} (it says so): ${why}`;
  assertEquals(
    clusters(
      { name: "clause", text: text("forward", "nothing came"), clause: "relay/forward" },
      { name: "clause", text: text("send", "nothing came"), clause: "relay/send" },
      { name: "clause", text: text("forward", "it was closed"), clause: "relay/forward" },
    ),
    ["2 break relay/forward (it says so)", "1 breaks relay/send (it says so)"],
  );
});

Deno.test("a submission with a fault twice counts once in its cluster, and its verb is that of several where there are several", () => {
  const twice: Cause[] = [1, 2].map(() => ({ name: "x", text: "does not close: why not?", clause: "relay/a" }));
  assertEquals(clustersOf([outcome("ann", { causes: twice })]).map(({ names }) => names), [["ann"]]);
  const verbs = (text: string) => clusters(...[1, 2].map(() => ({ name: "x", text, clause: "" })))[0];
  assertEquals(
    ["does not close", "is another one", "crashes", "closes behind errors", "passes on", "shows and answers nothing"]
      .map(verbs),
    [
      "2 do not close",
      "2 are another one",
      "2 crash",
      "2 close behind errors",
      "2 pass on",
      "2 show and answer nothing",
    ],
  );
});

Deno.test("who does not build or start is a cluster as well", () => {
  const [first, second] = clustersOf([
    outcome("ann", { ending: "does not start", why: "it ends" }),
    outcome("bob", { ending: "does not start", why: "it hangs" }),
    outcome("cem", { ending: "does not build" }),
  ]);
  assertEquals([first!.text, first!.names, second!.text], ["do not start", ["ann", "bob"], "does not build"]);
});

Deno.test("blocked in more than a tenth, only sometimes, and broken off are for somebody to look at, the rest is not", () => {
  const found = byHand([
    outcome("tenth", { blocked: 10 }),
    outcome("more", { blocked: 11 }),
    outcome("flaky", { sometimes: ["relay/a", "relay/b", "relay/c", "relay/d"] }),
    outcome("off", { ending: "broken off", why: "it ran for more than 120 s", blocked: 50 }),
    outcome("short", { errors: ["relay/a"] }),
  ]);
  assertEquals(found, [
    { name: "more", reasons: ["11 of 100 fixtures blocked"] },
    { name: "flaky", reasons: ["fails only sometimes: relay/a, relay/b, relay/c, 1 more"] },
    { name: "off", reasons: ["broken off: it ran for more than 120 s", "50 of 100 fixtures blocked"] },
    { name: "short", reasons: ["could not be played: relay/a"] },
  ]);
});
