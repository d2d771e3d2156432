/**
 * How far a program has come, and what is next (`--stages`).
 *
 * @module
 */

import type { StageOutcome, StageResult } from "../../stages/stage.ts";
import { countText } from "../words.ts";
import type { Paint } from "./paint.ts";

const WORDS: Readonly<Record<StageOutcome, string>> = { done: "done", failed: "NOT YET", later: "later" };
const WIDTH = Math.max(...Object.values(WORDS).map(({ length }) => length));

/** A line a stage, and what to know for the one that is not done. `failed` are the clauses that are not kept. */
export function showStages(stages: readonly StageResult[], failed: readonly string[], paint: Paint): string {
  const lines = stages.map(({ stage: { title }, outcome }, i) => {
    const word = WORDS[outcome].padEnd(WIDTH);
    const painted = outcome === "done" ? paint.good(word) : outcome === "failed" ? paint.bad(word) : paint.dim(word);
    return `${painted}  ${i + 1}. ${title}`;
  });
  return [lines.join("\n"), ...now(stages, failed, paint)].join("\n\n");
}

function now(stages: readonly StageResult[], failed: readonly string[], paint: Paint): string[] {
  const at = stages.findIndex(({ outcome }) => outcome === "failed");
  if (at < 0) return [paint.strong(`All ${countText(stages.length, "stage")} are done.`)];
  const { stage: { title, text, clauses } } = stages[at]!;
  const next = stages[at + 1];
  return [
    `${paint.strong(`Stage ${at + 1} of ${stages.length}: ${title}`)}\n${text}`,
    `chat conform --explain ${clauses.find((slug) => failed.includes(slug)) ?? clauses[0]} says more.${
      next === undefined ? "" : ` The next one: ${next.stage.title}.`
    }`,
  ];
}
