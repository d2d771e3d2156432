/**
 * What group's fixtures are tested with.
 *
 * @module
 */

import { LATE, type MutantSet, NEVER_IN_TIME, NEVER_WORDS } from "../mutant_set.ts";
import { AS_IT_IS, changedGroup, GROUP_MUTANTS, lateBy, TABLE_FIRST, USELESS_IN_GROUP } from "./mutants.ts";

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: changedGroup(AS_IT_IS) },
    { words: "answers late", start: changedGroup(lateBy(LATE)) },
    { words: "sends the table before it acknowledges register", start: changedGroup(TABLE_FIRST) },
  ],
  useless: [
    ...Object.entries(USELESS_IN_GROUP).map(([name, change]) => ({
      words: `is ${name}`,
      start: changedGroup(change),
      keeps: [],
    })),
    { words: NEVER_WORDS, start: changedGroup(lateBy(NEVER_IN_TIME)), keeps: [] },
  ],
  mutants: GROUP_MUTANTS,
  excuses: {},
};
