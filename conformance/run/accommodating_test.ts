import { assertEquals } from "@std/assert";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import type { Accommodation } from "../fixtures/accommodation.ts";
import { readClauses } from "../fixtures/clauses.ts";
import { accommodate, type Fixture, readFixture, readPrelude } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Result } from "../results/verdict.ts";
import { printSteps } from "../transcript/print.ts";
import { findAccommodations } from "./accommodating.ts";

const PRELUDE = readPrelude(
  `
accommodation b demo/first:
  note says B for A
  reads A as B

accommodation c demo/first:
  note says C for A
  reads A as C

accommodation greeting demo/first:
  note speaks first
  greeted hi

accommodation y demo/second:
  note says Y for X
  reads X as Y

accommodation v demo/third:
  note says V for U
  reads U as V
`,
  "prelude.chat",
);
const CLAUSES = readClauses("demo/a must it works", "clauses.txt");

const read = (chosen: readonly Accommodation[]) =>
  ["first\nx < A", "second\nx < X", "third\nx < U"].flatMap((text) => {
    const [stem, step] = text.split("\n");
    const source = `title: a\nclause: demo/a\n\nconnect x\n${step}`;
    return readFixture(source, `${stem}.chat`, stem!, accommodate(PRELUDE, chosen), CLAUSES);
  });
const LIBRARY: Library = {
  dialect: "demo",
  clauses: CLAUSES,
  fixtures: read([]),
  accommodations: PRELUDE.accommodations!,
  accommodate: read,
};

/** What is found out about a server that says these things, and what was tried for it. */
async function find(says: readonly string[], { isMute = false, connection = "x", fails = "" } = {}) {
  const tried: string[] = [];
  const attempt = (fixture: Fixture): Promise<Result> => {
    const expected = printSteps(fixture.steps.slice(1)).trimEnd().replaceAll(/^x < /gm, "").replaceAll("\n", " ");
    tried.push(expected);
    const wire = { events: isMute ? [] : [{ kind: "received", connection }], omitted: 0, names: new Map() } as never;
    const isFirst = tried.filter((one) => one === expected).length === 1;
    const verdict = says.includes(expected) && !(isFirst && expected === fails) ? "pass" : "fail";
    return Promise.resolve({ fixture, verdict, chosen: [], duration: 0, wire });
  };
  const found = await findAccommodations(LIBRARY, attempt, { timeout: 100, runtime: new VirtualTime(1) });
  return { found: found.map(({ accommodation: { name } }) => name), tried };
}

Deno.test("a server that deviates in nothing is accommodated in nothing", async () => {
  assertEquals(await find(["A", "X", "U"]), { found: [], tried: ["A", "X", "U"] });
});

Deno.test("accommodations are tried in order, at each gate, on top of those that were found before", async () => {
  assertEquals(await find(["C", "Y", "U"]), { found: ["c", "y"], tried: ["A", "A", "B", "C", "X", "X", "Y", "U"] });
});

Deno.test("a gate that fails once is not accommodated", async () => {
  assertEquals(await find(["A", "B", "X", "U"], { fails: "A" }), { found: [], tried: ["A", "A", "X", "U"] });
});

Deno.test("two that change different things are tried together, and two that change the same are not", async () => {
  const { found, tried } = await find(["hi C", "hi X", "hi U"]);
  assertEquals([found, tried], [["c", "greeting"], ["A", "A", "B", "C", "hi A", "hi B", "hi C", "hi X", "hi U"]]);
});

Deno.test("a gate that nothing opens keeps none behind it from being tried, where one before it is open", async () => {
  assertEquals(await find(["A", "V"]), { found: ["v"], tried: ["A", "X", "X", "Y", "U", "U", "V"] });
});

Deno.test("a first gate that nothing opens is the last, and of a server that says nothing only what is sent otherwise is tried", async () => {
  assertEquals(await find(["X"]), { found: [], tried: ["A", "A", "B", "C", "hi A", "hi B", "hi C"] });
  assertEquals(await find(["C", "X"], { isMute: true }), { found: [], tried: ["A"] });
});

Deno.test("what a client shows its user is no word to us: one that says nothing is not tried again and again", async () => {
  const { found, tried } = await find([], { connection: "terminal" });
  assertEquals([found, tried.includes("B"), tried.includes("C")], [[], false, false]);
});
