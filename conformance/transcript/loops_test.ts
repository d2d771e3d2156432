import { assertEquals, assertThrows } from "@std/assert";
import { readSource } from "./lines.ts";
import { expandMacros, takeMacros } from "./macros.ts";
import { printSteps } from "./print.ts";
import { parseSteps } from "./steps.ts";
import { substituteLine } from "./substitute.ts";

/** The steps that lines stand for, printed. */
function expand(...lines: string[]): string[] {
  const source = readSource(["title: x", "", ...lines].join("\n"), "a.chat");
  const { macros, rest } = takeMacros(source.lines, new Map());
  const filled = rest.map((line) => substituteLine(line, new Map([["case", "ten"]])));
  return printSteps(parseSteps(expandMacros(filled, macros))).trimEnd().split("\n");
}

Deno.test("a loop is its lines, once for each number, in order", () => {
  assertEquals(expand("for n in 9..11:", "  connect c$n", "  c$n < {id$n=digits}"), [
    ..."connect c9|c9 < {id9=digits}|connect c10|c10 < {id10=digits}|connect c11|c11 < {id11=digits}".split("|"),
  ]);
});

Deno.test("loops stand within blocks and macros, and within each other, and call macros", () => {
  const lines = [
    "macro group who last:",
    "  for n in 1..$last:",
    "    join $who$n",
    "macro join who:",
    "  connect $who",
    "group a 2",
    "all:",
    "  for n in 1..2:",
    "    for m in 1..2:",
    "      a$n < $m",
  ];
  assertEquals(expand(...lines), ["connect a1", "connect a2", "all:", "  a1 < 1", "  a1 < 2", "  a2 < 1", "  a2 < 2"]);
});

Deno.test("other parameters are put into a loop's lines as into any", () => {
  assertEquals(expand("connect a", "for n in 1..2:", "  a > $case$n"), ["connect a", "a > ten1", "a > ten2"]);
});

Deno.test("a loop that is not well formed is refused with its line", () => {
  const cases: [string, string][] = [
    ["for n:", "a loop begins: for NAME in FIRST..LAST:"],
    ["for n in 1..", "a loop begins"],
    ["for n in a..b:", "a loop begins"],
    ["for n in 2..1:", "there is nothing from 2 to 1"],
    ["for n in 1..1001:", "a loop has at most 1000 rounds"],
    ["for n in 1..2:", "nothing is indented below this line"],
  ];
  for (const [line, why] of cases) assertThrows(() => expand(line), Error, `a.chat:3: ${why}`, line);
});
