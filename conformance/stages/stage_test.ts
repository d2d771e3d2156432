import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import { loadLibrary } from "../fixtures/library.ts";
import type { Role } from "../transcript/check.ts";
import { loadStages, readStages } from "./stage.ts";

const ROLES: readonly Role[] = ["server", "client"];

for (const { name } of DIALECTS) {
  for (const role of ROLES) {
    Deno.test(`each clause of ${name}'s ${role}s that has a transcript belongs to one stage`, async () => {
      const { fixtures } = await loadLibrary(name, { dirs: [], embedded: true }, role);
      const stages = await loadStages(name, role);
      const staged = stages.flatMap(({ clauses }) => clauses);
      assertEquals(staged.toSorted(), [...new Set(fixtures.map(({ clause }) => clause.slug))].toSorted());
      assertEquals(stages.filter(({ title, text }) => title === "" || text === ""), []);
    });
  }
}

Deno.test("what is no stage is told by its line", () => {
  const mistakes = {
    "clauses: a/b": "stages.txt:1: a stage begins with stage: and its title",
    "stage: one\nwhy\n": "stages.txt:1: a stage has clauses: some of them",
    "stage: one\nclauses: a/b\nstage: two": "stages.txt:3: an empty line stands between two stages",
  };
  for (const [text, message] of Object.entries(mistakes)) {
    assertEquals(assertThrows(() => readStages(text, "stages.txt"), ChatError).message, message);
  }
});
