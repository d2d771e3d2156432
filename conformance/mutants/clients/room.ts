/**
 * What the fixtures for room clients are tested with.
 *
 * @module
 */

import { ROOM } from "../../../lib/dialects/room/dialect.ts";
// Loaded at the first start otherwise, for which virtual time does not wait.
import "../../../lib/dialects/room/client.ts";
import { type MutantTable, readMutants } from "../mutant.ts";
import type { MutantSet } from "../mutant_set.ts";
import { oursAs } from "./ours.ts";
import { rightClients, USELESS_CLIENTS } from "./plain.ts";
import { lines } from "./plain_lines.ts";
import { type MakeClientProgram, startProgram } from "./program.ts";
import { WRONG_WHEN_ALONE, WRONG_WHEN_SHOWING, WRONG_WHEN_TYPING, wrongWhenLeaving } from "./wrong_with_lines.ts";

const MUTANTS: MutantTable<MakeClientProgram> = {
  "room/client-name": {
    "says something before its name": lines("start", (plain, client) => () => {
      plain();
      client.io.runtime.after(20, () => client.say("hello"));
    }),
    "says its name in capitals": lines("say", (plain) => (text) => plain(text.toUpperCase())),
    "says its name twice": lines((plain) => {
      let said = 0;
      return { say: (text) => plain.say(said++ === 0 ? text + text : text) };
    }),
    "never says its name": lines("say", () => () => {}),
  },
  "room/client-message": WRONG_WHEN_TYPING,
  "room/client-shows": WRONG_WHEN_SHOWING,
  "room/client-quit": wrongWhenLeaving("#quit"),
  "room/client-server-gone": WRONG_WHEN_ALONE,
};

/** The clients. */
export const CLIENT_MUTANT_SET: MutantSet = {
  right: rightClients({ "is ours": oursAs(ROOM), "sends what is typed and shows what comes": lines() }),
  useless: USELESS_CLIENTS,
  mutants: readMutants(MUTANTS, startProgram),
  excuses: {},
};
