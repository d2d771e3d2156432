import { assertEquals, assertMatch } from "@std/assert";
import { rootCausesOf } from "../causes/root_cause.ts";
import type { ClientProgram, ProgramIo } from "../mutants/clients/program.ts";
import { CLIENT_MUTANT_SETS, MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { judgementsOf } from "../results/judgement.ts";
import type { Pair, TargetRun } from "../results/verdict.ts";
import { simulatedPairs } from "./testing/simulated_pairs.ts";

/** Each pair in the order yours with yours, yours with our client, ours with your client, ours: the clause that it breaks, or nothing. */
function broken({ pairs = [] }: TargetRun): (string | undefined)[] {
  return pairs.map((pair) => pair.clause);
}

for (const { dialect } of CLIENT_MUTANT_SETS) {
  Deno.test(`a right ${dialect} server and a right ${dialect} client work in all four pairs`, async () => {
    const run = await simulatedPairs(dialect);
    assertEquals(run.pairs!.map(({ server, client, works }: Pair) => [server, client, works]), [
      ["yours", "yours", true],
      ["yours", "ours", true],
      ["ours", "yours", true],
      ["ours", "ours", true],
    ]);
    assertEquals(run.results.filter(({ verdict }) => verdict !== "pass"), []);
    assertEquals(run.results.length, run.library.fixtures.length);
  });
}

/** Wrong servers, and where a talk over them ends. */
const SERVERS: readonly (readonly [dialect: string, words: string, clause: string])[] = [
  ["relay", "says nothing at all", "direct"],
  ["relay", "says OK instead of SENT", "reply"],
  ["relay", "counts characters instead of bytes", "text"],
  ["relay", "keeps messages for users who have not come yet", "refused"],
  ["relay", "leaves out the user who came last from broadcasts", "all"],
  ["frame", "gives everybody the same ID", "direct"],
  ["frame", "closes a sender to an ID that nobody has", "refused"],
  ["frame", "closes everybody when somebody leaves", "leave"],
];

for (const [dialect, words, clause] of SERVERS) {
  Deno.test(`a ${dialect} server that ${words} does not work with any client, from pair-${clause} on`, async () => {
    const { start } = MUTANT_SETS.find((set) => set.dialect === dialect)!.mutants.find((one) => one.words === words)!;
    const run = await simulatedPairs(dialect, { server: start });
    const slug = `${dialect}/pair-${clause}`;
    assertEquals(broken(run), [slug, slug, undefined, undefined]);
    const ofYours = run.results.filter(({ fixture }) => fixture.name.endsWith(".yours"));
    const at = ofYours.findIndex(({ fixture }) => fixture.clause.slug === slug);
    assertEquals(
      ofYours.map(({ verdict }) => verdict),
      ofYours.map((_, i) => i < at ? "pass" : i === at ? "fail" : "blocked"),
    );
    const [cause] = rootCausesOf(run, judgementsOf(run, false, undefined));
    assertMatch(cause!.text, new RegExp(`^breaks ${slug} \\(your server with your client: `));
  });
}

/** A client that connects, shows nothing, and says nothing. */
function idle(io: ProgramIo): ClientProgram {
  return { start: () => void io.connect(), line: () => {} };
}

Deno.test("a client that does nothing does not work with any server, and what its users typed and were shown is told", async () => {
  const run = await simulatedPairs("relay", { client: idle });
  assertEquals(broken(run), ["relay/pair-direct", undefined, "relay/pair-direct", undefined]);
  const failed = run.results.find(({ verdict }) => verdict === "fail")!;
  assertMatch(failed.reason!, /^bob\w+ is not shown what ann\w+ types \("@bob\w+ hello word\w+"\) in time$/);
  const evidence = failed.evidence!.join("\n");
  assertMatch(evidence, /^ann is ann\w+, and typed:\n {4}@bob\w+ hello/);
  assertMatch(evidence, /the client of bob showed:\n {4}\(nothing\)/);
});

Deno.test("a frame client that shows no ID is told so", async () => {
  const run = await simulatedPairs("frame", { client: idle });
  assertMatch(run.pairs![0]!.why!, /^the client of bob\w+ shows no ID from 2 to 255$/);
});
