import { assert, assertEquals } from "@std/assert";
import { loadLibrary } from "../../fixtures.ts";
import { runTarget } from "../../run.ts";
import { select } from "../../select.ts";
import type { Result } from "../../verdict.ts";
import { Serving } from "../serving.ts";
import { type FrameServerClass, OTHER_WAYS } from "./other_ways.ts";
import { WRONG_WITH_CLIENTS } from "./wrong_with_clients.ts";
import { WRONG_WITH_FRAMES } from "./wrong_with_frames.ts";

const MUTANTS = { ...WRONG_WITH_CLIENTS, ...WRONG_WITH_FRAMES };
const LIBRARY = await loadLibrary("frame", { dirs: [], embedded: true });

/** Plays frame's fixtures against a server, or those of some clauses. */
async function play(Server: FrameServerClass, clauses: string[], timeout: number): Promise<readonly Result[]> {
  const server = new Server();
  const serving = new Serving((link) => server.accept(link));
  try {
    const target = { dialect: "frame", ...serving.endpoint };
    const options = { timeout, jobs: 8, onResult: () => {} };
    return (await runTarget(target, LIBRARY, select(LIBRARY.fixtures, clauses), options)).results;
  } finally {
    await serving.stop();
  }
}

/** What is worth reading of some results. */
function show(results: readonly Result[]): string {
  return results.map(({ fixture, verdict, failure }) => `${verdict} ${fixture.name} ${failure?.reason ?? ""}`).join(
    "\n",
  );
}

Deno.test("every clause of frame but the optional one has a server that breaks it", () => {
  const clauses = [...LIBRARY.clauses.values()].filter(({ level }) => level !== "may").map(({ slug }) => slug);
  assertEquals(Object.keys(MUTANTS).sort(), clauses.sort());
});

/** Does something with each item, several at a time: most of it is waiting. */
async function forEach<T>(items: readonly T[], atATime: number, use: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await use(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

Deno.test("a frame server that keeps every clause passes everything, in whatever way it does that", async () => {
  await forEach(Object.entries(OTHER_WAYS), 2, async ([what, Server]) => {
    const results = await play(Server, [], 5000);
    assert(results.length > 160);
    const others = results.filter(({ verdict }) => verdict !== "pass");
    assertEquals(others.length, 0, `one that ${what}\n${show(others)}`);
  });
});

Deno.test("a frame server that breaks one clause is caught by the fixtures of that clause", async () => {
  const mutants = Object.entries(MUTANTS).flatMap(([clause, servers]) =>
    Object.entries(servers).map(([what, Server]) => ({ clause, what, Server }))
  );
  await forEach(mutants, 12, async ({ clause, what, Server }) => {
    const results = await play(Server, [clause], 1000);
    const isCaught = results.some(({ verdict }) => verdict === "fail");
    assert(isCaught, `${clause}: one that ${what} passes\n${show(results)}`);
  });
});
