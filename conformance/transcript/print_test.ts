import { assertEquals } from "@std/assert";
import { forAnySteps } from "./testing/arbitrary.ts";
import { readSource } from "./lines.ts";
import { printSteps } from "./print.ts";
import { parseSteps } from "./steps.ts";
import type { Step } from "./syntax.ts";

/** Steps without the places where they stand. */
function bare(value: unknown): unknown {
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(bare);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).filter(([key]) => key !== "place").map(([key, one]) => [key, bare(one)]),
  );
}

function read(text: string): Step[] {
  return parseSteps(readSource(`title: any\n\n${text}`, "any.chat").lines);
}

Deno.test("steps that are printed and read again are the same steps", () => {
  forAnySteps((steps) => {
    const printed = printSteps(steps);
    assertEquals(bare(read(printed)), bare(steps), printed);
  });
});

Deno.test("a block is printed below its head", () => {
  const text = [
    "all:",
    "  bob < hi\\n",
    "    bob > ok\\n",
    "  eventually carol closed",
    "choice taken:",
    "  when refused:",
    "    bob < no\\n",
    "  when ignored:",
    "    bob silent",
    "",
  ].join("\n");
  assertEquals(printSteps(read(text)), text);
});
