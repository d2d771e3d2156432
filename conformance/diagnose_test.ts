import { assert, assertEquals } from "@std/assert";
import { diagnose, type Finding, type Pattern } from "./diagnose.ts";
import type { Fixture } from "./fixture.ts";
import { type Library, loadLibrary } from "./fixtures.ts";
import { CASTS } from "./mutants/casts.ts";
import { loadPatterns } from "./mutants/patterns.ts";
import type { Signature } from "./mutants/signature.ts";
import { printLines } from "./transcript/print.ts";

/** What is found on a server that fails so, and passes whatever nothing that failed is needed for. */
function findings({ fixtures }: Library, failures: ReadonlyMap<string, readonly Signature[]>): Finding[] {
  const failed = new Set(fixtures.filter(({ name }) => failures.has(name)).map(({ clause }) => clause.slug));
  // What is blocked blocks in turn.
  for (const slug of failed) {
    for (const { clause, needs } of fixtures) if (needs.includes(slug)) failed.add(clause.slug);
  }
  return fixtures.map(({ name, clause: { slug: clause }, needs }) => {
    const signature = failures.get(name)?.[0];
    if (signature !== undefined) return { name, clause, verdict: "fail", signature };
    return { name, clause, verdict: needs.some((need) => failed.has(need)) ? "blocked" : "pass" };
  });
}

/** Whether it went wrong at one of these steps, or in how they compare with other fixtures. */
function isIn(steps: Fixture["steps"], where: string): boolean {
  const [kind, step] = [where.slice(0, where.indexOf(":")), where.slice(where.indexOf(":") + 2)];
  return kind === "inconsistent" || printLines(steps).some(({ text }) => text.startsWith(step));
}

function named(likenesses: ReturnType<typeof diagnose>): string[][] {
  return likenesses.map(({ servers }) => servers.map(({ words }) => words));
}

function find(patterns: readonly Pattern[], words: string): Pattern {
  return patterns.find((pattern) => pattern.words === words)!;
}

for (const { dialect, mutants } of CASTS) {
  const [library, patterns] = await Promise.all([
    loadLibrary(dialect, { dirs: [], embedded: true }),
    loadPatterns(dialect),
  ]);

  Deno.test(`${dialect}: there is a pattern of each wrong server, and of no other`, () => {
    const names = (servers: readonly { clause: string; words: string }[]) =>
      servers.map(({ clause, words }) => `${clause}: ${words}`).sort();
    assertEquals(names(patterns), names(mutants));
  });

  Deno.test(`${dialect}: patterns know only fixtures and steps that there are`, () => {
    for (const { words, failures } of patterns) {
      const known = library.fixtures.filter(({ name }) => failures.has(name));
      assertEquals(known.length, failures.size, words);
      for (const { name, steps } of known) {
        for (const { where } of failures.get(name)!) assert(isIn(steps, where), `${name}: ${where}`);
      }
    }
  });

  Deno.test(`${dialect}: each wrong server is named for its own failures, and no other fault besides`, () => {
    for (const { words, failures } of patterns) {
      const likenesses = named(diagnose(findings(library, failures), patterns));
      assert(likenesses[0]?.includes(words), `${words}: ${JSON.stringify(likenesses)}`);
      assertEquals(likenesses.length, 1, `${words}: ${JSON.stringify(likenesses)}`);
    }
  });

  Deno.test(`${dialect}: nothing is named for a server that passes everything`, () => {
    assertEquals(diagnose(findings(library, new Map()), patterns), []);
  });

  Deno.test(`${dialect}: nothing is named for failures that no wrong server shows`, () => {
    const odd = [{ where: "mismatch: x < y", what: "a" }];
    const failures = new Map(library.fixtures.map(({ name }) => [name, odd]));
    assertEquals(diagnose(findings(library, failures), patterns), []);
  });
}

Deno.test("several faults of one server are told apart", async () => {
  const [library, patterns] = await Promise.all([
    loadLibrary("relay", { dirs: [], embedded: true }),
    loadPatterns("relay"),
  ]);
  const faults = [
    "takes underscores in names",
    "closes the socket behind ERROR 101",
    "strips blanks and newlines from bodies",
    "does not answer what it does not understand",
  ];
  const failures = new Map(faults.flatMap((words) => [...find(patterns, words).failures]));
  assertEquals(named(diagnose(findings(library, failures), patterns)).flat().toSorted(), faults.toSorted());
});

const SEEN: Signature = { where: "timeout: bob.in < hi", what: "hi" };

function pattern(words: string, failures: Readonly<Record<string, Signature>>): Pattern {
  return { clause: "a/b", words, failures: new Map(Object.entries(failures).map(([name, seen]) => [name, [seen]])) };
}

function found(results: Readonly<Record<string, Signature | "pass" | "blocked">>): Finding[] {
  return Object.entries(results).map(([name, seen]) => {
    if (typeof seen === "string") return { name, clause: "a/b", verdict: seen };
    return { name, clause: "a/b", verdict: "fail", signature: seen };
  });
}

Deno.test("a pattern that fails more than the server does is not named", () => {
  const patterns = [pattern("is deaf", { one: SEEN, two: SEEN })];
  assertEquals(named(diagnose(found({ one: SEEN, two: SEEN }), patterns)), [["is deaf"]]);
  assertEquals(diagnose(found({ one: SEEN, two: "pass" }), patterns), []);
});

Deno.test("what was blocked or not played speaks neither for a pattern nor against it", () => {
  const patterns = [pattern("is deaf", { one: SEEN, two: SEEN, three: SEEN })];
  assertEquals(named(diagnose(found({ one: SEEN, two: "blocked" }), patterns)), [["is deaf"]]);
  assertEquals(diagnose(found({ one: "pass", two: "blocked" }), patterns), []);
});

Deno.test("a failure at another step, or with other bytes alone, does not convince", () => {
  const patterns = [pattern("is deaf", { one: SEEN })];
  assertEquals(diagnose(found({ one: { ...SEEN, where: "timeout: alice.in < hi" } }), patterns), []);
  assertEquals(diagnose(found({ one: { ...SEEN, what: "ho" } }), patterns), []);
});

Deno.test("bytes that vary from run to run are not held against a pattern", () => {
  const failures = new Map([["one", [{ ...SEEN, what: "ho" }, { ...SEEN, what: "hu" }]]]);
  const patterns = [{ clause: "a/b", words: "is confused", failures }];
  assertEquals(named(diagnose(found({ one: SEEN }), patterns)), [["is confused"]]);
});

Deno.test("servers that fail alike are named together, up to three of them", () => {
  const alike = ["is deaf", "is mute", "is asleep"].map((words) => pattern(words, { one: SEEN }));
  assertEquals(named(diagnose(found({ one: SEEN }), alike)), [["is deaf", "is mute", "is asleep"]]);
  assertEquals(diagnose(found({ one: SEEN }), [...alike, pattern("is dead", { one: SEEN })]), []);
});

Deno.test("the pattern that explains more comes first, and one that adds little is left out", () => {
  const all = { one: SEEN, two: SEEN, three: SEEN, four: SEEN };
  const patterns = [pattern("is deaf", { one: SEEN, two: SEEN, three: SEEN }), pattern("is gone", all)];
  assertEquals(named(diagnose(found(all), patterns)), [["is gone"]]);
});

Deno.test("a pattern that explains little of what fails in its clause is not named", () => {
  const all = { one: SEEN, two: SEEN, three: SEEN };
  assertEquals(diagnose(found(all), [pattern("is picky", { one: SEEN })]), []);
});

Deno.test("servers that fail in other fixtures are not named together, however well each fits", () => {
  const patterns = [pattern("is deaf", { one: SEEN }), pattern("is asleep", { two: SEEN })];
  assertEquals(named(diagnose(found({ one: SEEN, two: SEEN }), patterns)), [["is deaf"], ["is asleep"]]);
});

Deno.test("a pattern of which half is explained already is not named as another fault", () => {
  const patterns = [
    pattern("is deaf", { one: SEEN, two: SEEN, three: SEEN }),
    pattern("is asleep", { three: SEEN, four: SEEN }),
  ];
  assertEquals(named(diagnose(found({ one: SEEN, two: SEEN, three: SEEN, four: SEEN }), patterns)), [["is deaf"]]);
});
