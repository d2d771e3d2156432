import { assertEquals, assertMatch } from "@std/assert";
import { submissionsIn } from "./submission.ts";

/** The folders for the marks of submissions of these names, in order. */
function folders(...names: string[]): string[] {
  return submissionsIn("/course", names).map(({ folder }) => folder);
}

Deno.test("a submission's marks are in a folder of its name, where any system can have it", () => {
  assertEquals(folders("ann", "Müller, Jörg_1234"), ["ann", "Müller, Jörg_1234"]);
});

Deno.test("submissions are in the order of an alphabet, in which 2 comes before 10", () => {
  const names = submissionsIn("/course", ["team 10", "Zoe", "team 2", "ann"]).map(({ name }) => name);
  assertEquals(names, ["ann", "team 2", "team 10", "Zoe"]);
});

Deno.test("what no folder beside the marks can be called gets a name that is always the same, and no other's", () => {
  const odd = ["a\nb", "a'b", 'a"b', "a<b", "a%b", "a#b", "..", "-", "", "con.", "marks.csv", "MARKS.CSV", "a\\b"];
  const given = folders(...odd);
  assertEquals(new Set(given.map((name) => name.toLowerCase())).size, odd.length);
  for (const name of given) assertMatch(name, /^[\p{L}\p{N}_@+=,-][\p{L}\p{N}_@+=,. -]*$/u);
  for (const name of odd) assertEquals(given.includes(folders(name)[0]!), true, name);
});

Deno.test("names that differ in case alone have folders of their own", () => {
  assertEquals(new Set(folders("Ann", "ann").map((name) => name.toLowerCase())).size, 2);
});

Deno.test("a folder whose name cannot be read says so, and keeps its place in the table", () => {
  const [ann, odd] = submissionsIn("/course", ["ann", "b\ufffd"], new Set(["b\ufffd"]));
  assertEquals(ann!.problem, undefined);
  assertMatch(odd!.problem!, /no UTF-8.*rename it/);
});
