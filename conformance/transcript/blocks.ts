/**
 * The steps below a step: code that searches or changes them need not know which kinds of steps have any.
 *
 * @module
 */

import type { Step } from "./syntax.ts";

/** The blocks below a step: what is played behind the line that begins each of them. */
export function blocksOf(step: Step): (readonly Step[])[] {
  switch (step.kind) {
    case "all":
      return step.items.map(({ then }) => then);
    case "choice":
      return step.branches.map(({ then }) => then);
    case "soon":
    case "fence":
      return [step.steps];
    default:
      return [];
  }
}

/** The step with each of its blocks replaced. */
export function mapBlocks(step: Step, replaced: (block: readonly Step[]) => readonly Step[]): Step {
  switch (step.kind) {
    case "all":
      return { ...step, items: step.items.map((item) => ({ ...item, then: replaced(item.then) })) };
    case "choice":
      return { ...step, branches: step.branches.map((branch) => ({ ...branch, then: replaced(branch.then) })) };
    case "soon":
    case "fence":
      return { ...step, steps: replaced(step.steps) };
    default:
      return step;
  }
}

/** These steps, and all below them, each before those below it. */
export function* everyStep(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const block of blocksOf(step)) yield* everyStep(block);
  }
}

/** The connections that these steps reset. */
export function resetConnections(steps: readonly Step[]): ReadonlySet<string> {
  return new Set([...everyStep(steps)].flatMap((step) => step.kind === "reset" ? [step.connection] : []));
}
