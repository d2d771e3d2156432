import { assertEquals } from "@std/assert";
import { Deadlines } from "../../core/deadlines.ts";
import { DuplicateFilter } from "./duplicate_filter.ts";

function startFilter(delay = 200) {
  const deadlines = new Deadlines(0);
  const filter = new DuplicateFilter(deadlines, delay);
  const answers: string[] = [];
  const bytes = (text: string) => new TextEncoder().encode(text);
  return {
    deadlines,
    filter,
    /** Says what became of a request: `new`, or the answer that was given again. */
    ask: (text: string, isRepeated = true) => {
      if (filter.answerAgain(bytes(text))) return answers.splice(0).join();
      filter.answered(bytes(text), isRepeated, () => void answers.push(`${text} again`));
      return "new";
    },
  };
}

Deno.test("a client's latest request is the same again until 700 ms have passed since its latest copy", () => {
  const { ask, deadlines } = startFilter(0);
  assertEquals(ask("a"), "new");
  for (const ms of [500, 1000, 1500, 2000, 2700]) {
    deadlines.advance(ms);
    assertEquals(ask("a"), "a again");
  }
  deadlines.advance(3401);
  assertEquals(ask("a"), "new");
  deadlines.advance(4110);
  assertEquals(deadlines.pending, 0);
});

Deno.test("once a client has gone on, only a copy made by the network can be the same again", () => {
  const { ask, deadlines } = startFilter();
  assertEquals([ask("a"), ask("b"), ask("a")], ["new", "new", "a again"]);
  deadlines.advance(190);
  assertEquals(ask("a"), "a again");
  deadlines.advance(380);
  assertEquals(ask("a"), "a again");
  deadlines.advance(600);
  assertEquals(ask("a"), "new");
});

Deno.test("where the network makes no copies, a client that has gone on means what it says", () => {
  const { ask } = startFilter(0);
  assertEquals([ask("a"), ask("b"), ask("a")], ["new", "new", "new"]);
});

Deno.test("what clients do not ask again is only the same as a copy", () => {
  const { ask, deadlines } = startFilter();
  assertEquals([ask("a", false), ask("a", false)], ["new", "a again"]);
  deadlines.advance(210);
  assertEquals(ask("a", false), "new");
});

Deno.test("what is kept in mind is bounded, and nothing is left of it in the end", () => {
  const { ask, filter, deadlines } = startFilter();
  for (let i = 0; i < 100; i++) assertEquals(ask(`${i}`), "new");
  assertEquals(deadlines.pending, 33);
  assertEquals([ask("99"), ask("70"), ask("1")], ["99 again", "70 again", "new"]);
  filter.clear();
  assertEquals(deadlines.pending, 0);
});
