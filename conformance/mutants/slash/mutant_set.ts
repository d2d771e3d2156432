/**
 * What slash's fixtures are tested with.
 *
 * @module
 */

import { SlashServer } from "../../../lib/dialects/slash/server.ts";
import { SLASH_DEVIATIONS } from "./deviations.ts";
import { readMutants } from "../mutant.ts";
import { together } from "../put_in.ts";
import { deviating, LATE, late, type MutantSet, ours, plain, thatSayNothing, uselessIn } from "../mutant_set.ts";
import type { MakeServer } from "../serving.ts";
import { aliasOnly, numbering, prompting, SLASH_MUTANTS } from "./mutants.ts";
import { slash } from "./server.ts";

const makeSlash: MakeServer = (context) => new SlashServer(context);

/** The servers. */
export const MUTANT_SET: MutantSet = {
  right: [
    { words: "is ours", start: ours(makeSlash) },
    { words: "answers late", start: late(makeSlash, LATE) },
    { words: "does what the document says", start: plain(slash()) },
    { words: "asks for an alias without a line end, and reads lines", start: plain(prompting) },
    { words: "numbers its users, and asks for no alias", start: plain(numbering) },
  ],
  useless: [
    ...thatSayNothing(makeSlash),
    { words: "gives everybody an alias and does nothing else", start: plain(aliasOnly), keeps: [] },
  ],
  mutants: [...uselessIn("slash/users"), ...readMutants(SLASH_MUTANTS, plain, together)],
  deviations: deviating(SLASH_DEVIATIONS),
  excuses: {},
};
