import { assertEquals } from "@std/assert";
import { HistorySearch } from "./history_search.ts";

const EDITED = { line: "half", cursor: 2 };
const search = (...lines: string[]) => new HistorySearch(lines, EDITED);

Deno.test("before anything is looked for, the line stays as it was", () => {
  const { line, cursor, prompt } = search("one");
  assertEquals([line, cursor, prompt], ["half", 2, "(reverse-i-search)'': "]);
});

Deno.test("each letter narrows the search, from the line that is shown on", () => {
  const found = search("@carol bye", "@bob one", "@bob two");
  found.type("b");
  assertEquals(found.line, "@carol bye");
  found.type("o");
  assertEquals([found.line, found.cursor], ["@bob one", 1]);
  found.type("b t");
  assertEquals(found.line, "@bob two");
});

Deno.test("older goes further back, newer comes back, and equal lines count once", () => {
  const found = search("hi a", "HI b", "hi a", "hi c");
  found.type("hi");
  const seen = [found.line];
  for (const step of ["older", "older", "older", "newer"] as const) {
    found[step]();
    seen.push(found.line);
  }
  assertEquals(seen, ["hi a", "HI b", "hi c", "hi c", "HI b"]);
});

Deno.test("what is in no line says so, keeps the line that was found, and is forgiven with the letter", () => {
  const found = search("hello", "help");
  found.type("hel");
  found.type("x");
  assertEquals([found.line, found.prompt], ["hello", "(failed reverse-i-search)'helx': "]);
  found.erase();
  assertEquals([found.line, found.prompt], ["hello", "(reverse-i-search)'hel': "]);
  for (let i = 0; i < 5; i++) found.erase();
  assertEquals([found.line, found.cursor], ["half", 2]);
});
