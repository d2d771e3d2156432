import { assert, assertEquals } from "@std/assert";
import { loadLibrary } from "../../fixtures/library.ts";
import { MUTANT_SETS } from "../../mutants/mutant_sets.ts";
import { play } from "../../self_test/play.ts";
import type { PlannedStep, UserStep } from "../plan.ts";
import type { UserScript } from "../shrinking/script.ts";
import { RELAY_TRANSCRIPTS } from "./relay.ts";

function step(step: UserStep, at = 0): PlannedStep {
  return { step, at, atBeat: false, pause: 0 };
}

function sends(to: number | "all" | "nobody", at = 0, count = 1): PlannedStep {
  return step({ kind: "send", to, count, size: 24, filling: "words" }, at);
}

const SCRIPTS: Readonly<Record<string, UserScript>> = {
  "three send to one": [[sends(3)], [sends(3)], [sends(3)], []],
  "two to all, and one to nobody": [[sends("all")], [sends("all", 1)], [sends("nobody")]],
  "one sends two and another one, to the same": [[sends(2, 0, 2)], [sends(2)], []],
  "one sends three to another": [[sends(1, 0, 3)], []],
  "somebody breaks off and is sent to": [
    [step({ kind: "return", as: "own", by: "reset" })],
    [sends(0, 5), step({ kind: "return", as: "own", by: "half-close" }, 6), sends(0, 7)],
    [step({ kind: "return", as: "own", by: "cut" }, 8), sends(1, 9)],
  ],
  "two want one name": [
    [step({ kind: "return", as: 1, by: "leave" })],
    [step({ kind: "return", as: 1, by: "leave" })],
  ],
};

/** Plays all candidates for a script against all servers that are right; says which did not pass. */
async function unfair(script: UserScript, wrong: string): Promise<string[]> {
  const { right } = MUTANT_SETS.find(({ dialect }) => dialect === "relay")!;
  const dir = await Deno.makeTempDir();
  try {
    const candidates = RELAY_TRANSCRIPTS.candidates(script, wrong);
    assert(candidates.length > 0);
    for (const [i, { title, steps }] of candidates.entries()) {
      const text = `title: ${title}\nclause: relay/concurrent-whole\n\n${steps.join("\n")}\n`;
      await Deno.writeTextFile(`${dir}/candidate-${i}.chat`, text);
    }
    const library = await loadLibrary("relay", { dirs: [dir], embedded: false, isStress: true });
    assertEquals(library.fixtures.length, candidates.length);
    const results = await Promise.all(right.map(async (server) => {
      const played = await play(server, library, library.fixtures, { seed: 1, jobs: 1 });
      return played.filter(({ verdict }) => verdict !== "pass").map(({ fixture, failure, reason }) =>
        `${server.words}: ${fixture.name}: ${failure?.step}: ${failure?.reason ?? reason}`
      );
    }));
    return results.flat();
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

for (const [words, script] of Object.entries(SCRIPTS)) {
  Deno.test(`as transcripts, ${words}: whoever is right passes them`, async () => {
    assertEquals(await unfair(script, "x was given y (TOSEND)"), []);
    assertEquals(await unfair(script, "x was given y (TORECV)"), []);
  });
}
