import { assert, assertEquals } from "@std/assert";
import { loadLibrary } from "../fixtures/library.ts";
import { MUTANT_SETS } from "./mutant_sets.ts";

for (const { dialect, right, useless, mutants, excuses } of MUTANT_SETS) {
  const { clauses, fixtures } = await loadLibrary(dialect, { dirs: [], embedded: true });
  const binding = [...clauses.values()].filter(({ level }) => level !== "may").map(({ slug }) => slug);

  Deno.test(`${dialect}: every clause that must or should be kept has a fixture and a server that breaks it`, () => {
    const missing = binding.filter((slug) => {
      const isTested = fixtures.some(({ clause }) => clause.slug === slug) &&
        mutants.some(({ clause }) => clause === slug);
      return !isTested && excuses[slug] === undefined;
    });
    assertEquals(missing, []);
  });

  Deno.test(`${dialect}: no server is wrong in a clause that there is not, or that nobody need keep`, () => {
    assertEquals(mutants.filter(({ clause }) => !binding.includes(clause)), []);
  });

  Deno.test(`${dialect}: each server has words of its own`, () => {
    const words = mutants.map(({ words }) => words);
    assertEquals(words.filter((each, i) => words.indexOf(each) !== i), []);
  });

  Deno.test(`${dialect}: ours counts as right, and a mute one, an echo, a babbling one and a late one as useless`, () => {
    assertEquals(right[0]?.words, "is ours");
    for (const words of ["is mute", "is echo", "is babbling", "answers when nobody waits any more"]) {
      assert(useless.some((each) => each.words === words), words);
    }
  });
}
