/**
 * What the fixtures for slash clients are tested with.
 *
 * @module
 */

import { SLASH } from "../../../lib/dialects/slash/dialect.ts";
// Loaded at the first start otherwise, for which virtual time does not wait.
import "../../../lib/dialects/slash/client.ts";
import { type MutantTable, readMutants } from "../mutant.ts";
import type { MutantSet } from "../mutant_set.ts";
import { oursAs } from "./ours.ts";
import { rightClients, USELESS_CLIENTS } from "./plain.ts";
import { lines } from "./plain_lines.ts";
import { type MakeClientProgram, startProgram } from "./program.ts";
import { WRONG_WHEN_ALONE, WRONG_WHEN_SHOWING, WRONG_WHEN_TYPING, wrongWhenLeaving } from "./wrong_with_lines.ts";

const MUTANTS: MutantTable<MakeClientProgram> = {
  "slash/client-commands": {
    ...WRONG_WHEN_TYPING,
    "does without the slash": lines("say", (plain) => (text) => plain(text.replace(/^\//, ""))),
    "keeps /help for itself": lines("say", (plain, client) => (text) => {
      if (text === "/help") client.io.show("there are /users, /dm, /bm and /quit");
      else plain(text);
    }),
  },
  "slash/client-shows": WRONG_WHEN_SHOWING,
  "slash/client-quit": wrongWhenLeaving("/quit"),
  "slash/client-server-gone": WRONG_WHEN_ALONE,
};

/** The clients. */
export const CLIENT_MUTANT_SET: MutantSet = {
  right: rightClients({ "is ours": oursAs(SLASH), "sends what is typed and shows what comes": lines() }),
  useless: USELESS_CLIENTS,
  mutants: readMutants(MUTANTS, startProgram),
  excuses: {},
};
