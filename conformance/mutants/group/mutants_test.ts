import { assert, assertEquals } from "@std/assert";
import { loadLibrary } from "../../fixtures.ts";
import { runTarget } from "../../run.ts";
import { select } from "../../select.ts";
import type { Result } from "../../verdict.ts";
import type { Start } from "../mutant.ts";
import { AS_IT_IS, changedGroup, ECHO, GROUP_MUTANTS } from "./mutants.ts";

const LIBRARY = await loadLibrary("group", { dirs: [], embedded: true });

/** Plays group's fixtures against a server, or those of some clauses. */
async function play(start: Start, clauses: string[], timeout: number): Promise<readonly Result[]> {
  const server = start({ ackTimeout: 5000, maxMessage: 65_536 });
  try {
    const target = { dialect: "group", ...server.endpoint };
    const options = { timeout, jobs: 12, onResult: () => {} };
    return (await runTarget(target, LIBRARY, select(LIBRARY.fixtures, clauses), options)).results;
  } finally {
    await server.stop();
  }
}

/** What is worth reading of some results. */
function show(results: readonly Result[]): string {
  return results.map(({ fixture, verdict, failure }) => `${verdict} ${fixture.name} ${failure?.reason ?? ""}`).join(
    "\n",
  );
}

/** Does something with each item, several at a time: most of it is waiting. */
async function forEach<T>(items: readonly T[], atATime: number, use: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await use(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

Deno.test("every clause of group has servers that break it", () => {
  assertEquals([...new Set(GROUP_MUTANTS.map(({ clause }) => clause))].sort(), [...LIBRARY.clauses.keys()].sort());
});

Deno.test("a group server that breaks nothing passes everything, and one that only echoes nothing", async () => {
  const results = await play(changedGroup(AS_IT_IS), [], 5000);
  assert(results.length >= 90);
  const others = results.filter(({ verdict }) => verdict !== "pass");
  assertEquals(others.length, 0, show(others));
  const passed = (await play(changedGroup(ECHO), [], 400)).filter(({ verdict }) => verdict === "pass");
  assertEquals(passed.length, 0, show(passed));
});

Deno.test("a group server that breaks one clause is caught by the fixtures of that clause", async () => {
  await forEach(GROUP_MUTANTS, 12, async ({ clause, words, start }) => {
    // A member may take 500 ms to acknowledge.
    const results = await play(start, [clause], clause === "group/send-unresponsive" ? 1500 : 400);
    const isCaught = results.some(({ verdict }) => verdict === "fail");
    assert(isCaught, `${clause}: one that ${words} passes\n${show(results)}`);
  });
});
