import { assertEquals } from "@std/assert";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import type { Accommodation } from "../fixtures/accommodation.ts";
import { readClauses } from "../fixtures/clauses.ts";
import { accommodate, type Fixture, readFixture, readPrelude } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { Failure } from "../play/failure.ts";
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

/** The gates of which it was told that accommodations are looked for. */
const told: string[] = [];

/** What is found out about a server that says these things, and what was tried for it. */
async function find(
  says: readonly string[],
  { isMute = false, isHeardLast = false, connection = "x", fails = "", failure }: {
    readonly isMute?: boolean;
    readonly isHeardLast?: boolean;
    readonly connection?: string;
    readonly fails?: string;
    readonly failure?: Partial<Failure>;
  } = {},
) {
  const tried: string[] = [];
  told.length = 0;
  const attempt = (fixture: Fixture): Promise<Result> => {
    const expected = printSteps(fixture.steps.slice(1)).trimEnd().replaceAll(/^x < /gm, "").replaceAll("\n", " ");
    tried.push(expected);
    const received = { kind: "received", connection };
    const events = isMute ? [] : [received, { kind: "sent", connection }, ...(isHeardLast ? [received] : [])];
    const wire = { events, omitted: 0, names: new Map() } as never;
    const isFirst = tried.filter((one) => one === expected).length === 1;
    const verdict = says.includes(expected) && !(isFirst && expected === fails) ? "pass" : "fail";
    return Promise.resolve({ fixture, verdict, chosen: [], duration: 0, wire, failure: failure as Failure });
  };
  const options = { timeout: 100, runtime: new VirtualTime(1) };
  const found = await findAccommodations(LIBRARY, attempt, options, () => {}, ({ name }) => void told.push(name));
  return { found: found.map(({ accommodation: { name } }) => name), tried };
}

Deno.test("a server that deviates in nothing is accommodated in nothing", async () => {
  assertEquals(await find(["A", "X", "U"]), { found: [], tried: ["A", "X", "U"] });
});

Deno.test("accommodations are tried in order, at each gate, on top of those that were found before", async () => {
  assertEquals(await find(["C", "Y", "U"]), { found: ["c", "y"], tried: ["A", "A", "B", "C", "X", "X", "Y", "U"] });
  assertEquals(told, ["demo/first", "demo/second"]);
});

Deno.test("a gate that fails once is not accommodated", async () => {
  assertEquals(await find(["A", "B", "X", "U"], { fails: "A" }), { found: [], tried: ["A", "A", "X", "U"] });
  assertEquals(told, []);
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

const NONE_CAME = { connection: "x", fits: "", wanted: ["X"], got: "", isClosed: false };

Deno.test("where nothing came of what a gate waits for, other words for it are not tried", async () => {
  const failure = { kind: "timeout", attempts: [NONE_CAME] } as const;
  assertEquals(await find(["A"], { failure }), { found: [], tried: ["A", "X", "X", "U", "U"] });
});

Deno.test("they are tried where a part of it came, something else, something on another connection, or the connection was closed", async () => {
  const failures: Partial<Failure>[] = [
    { kind: "timeout", attempts: [{ ...NONE_CAME, fits: "X" }] },
    { kind: "timeout", attempts: [NONE_CAME, { ...NONE_CAME, got: "Y" }] },
    { kind: "timeout", attempts: [NONE_CAME], meanwhile: ["y heard `X`"] },
    { kind: "timeout", attempts: [{ ...NONE_CAME, isClosed: true }] },
    { kind: "timeout", attempts: [] },
    { kind: "mismatch", attempts: [NONE_CAME] },
  ];
  for (const failure of failures) {
    assertEquals((await find(["A", "Y", "U"], { failure })).found, ["y"]);
  }
  const failure = { kind: "timeout", attempts: [NONE_CAME] } as const;
  assertEquals((await find(["A", "Y", "U"], { failure, isHeardLast: true })).found, ["y"]);
});
