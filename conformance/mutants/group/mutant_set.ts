/**
 * What group's fixtures are tested with.
 *
 * @module
 */

import { readMutants } from "../mutant.ts";
import { together } from "../put_in.ts";
import { LATE, type MutantSet, NEVER_IN_TIME, NEVER_WORDS } from "../mutant_set.ts";
import { GROUP_DEVIATIONS } from "./deviations.ts";
import { repeatingLists, tableFirst } from "./changes.ts";
import { answeringFromElsewhere, groupServer, lateBy, makeGroup, USELESS_IN_GROUP } from "./serving.ts";
import { WRONG_WITH_GROUP_CLIENTS } from "./wrong_with_clients.ts";
import { WRONG_WITH_GROUPS } from "./wrong_with_groups.ts";
import { group } from "./server.ts";

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: groupServer(makeGroup) },
    { words: "answers late", start: groupServer(lateBy(LATE)) },
    { words: "does what the document says", start: groupServer(group()) },
    { words: "answers from a socket of its own", start: answeringFromElsewhere(group()) },
    { words: "repeats its answers to what is asked again, lists too", start: groupServer(repeatingLists) },
    { words: "sends the table before it acknowledges register", start: groupServer(tableFirst) },
  ],
  useless: [
    ...Object.entries(USELESS_IN_GROUP).map(([name, make]) => ({
      words: `is ${name}`,
      start: groupServer(make),
      keeps: [],
    })),
    { words: NEVER_WORDS, start: groupServer(lateBy(NEVER_IN_TIME)), keeps: [] },
  ],
  mutants: readMutants({ ...WRONG_WITH_GROUP_CLIENTS, ...WRONG_WITH_GROUPS }, groupServer, together),
  deviations: GROUP_DEVIATIONS,
  excuses: {},
};
