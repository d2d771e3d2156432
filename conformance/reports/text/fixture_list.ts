/**
 * The fixtures that would be played (`--list`).
 *
 * @module
 */

import { LEVELS } from "../../fixtures/clauses.ts";
import type { Outline } from "../../fixtures/outline.ts";
import type { Paint } from "./paint.ts";

/** The widest level. */
const LEVEL_WIDTH = Math.max(...LEVELS.map(({ length }) => length));

/** A line each: the level of its clause, its name, its title. */
export function showList(fixtures: readonly Outline[], paint: Paint): string {
  const width = Math.max(...fixtures.map(({ name }) => name.length));
  return fixtures.map(({ name, clause, title }) => {
    return `${clause.level.padEnd(LEVEL_WIDTH)}  ${name.padEnd(width)}  ${paint.dim(title)}\n`;
  }).join("");
}
