import { assert, assertEquals } from "@std/assert";
import { loadLibrary } from "../fixtures/library.ts";
import { group } from "../mutants/group/server.ts";
import { groupServer } from "../mutants/group/serving.ts";
import type { Start } from "../mutants/mutant.ts";
import { plain } from "../mutants/mutant_set.ts";
import { slash } from "../mutants/slash/server.ts";
import { playRun } from "../self_test/play.ts";

/** By dialect, what a server does wrong, and the clauses that this breaks. */
const WRONG: readonly (readonly [dialect: string, words: string, Start, clauses: readonly string[]])[] = [
  [
    "slash",
    "finds nobody for a direct message, and answers all else",
    plain(slash("recipients", () => () => [])),
    ["slash/dm"],
  ],
  [
    "slash",
    "drops all quotes in what it passes on",
    plain(slash((plain) => ({
      pass: (to, from, text) => plain.pass(to, from, text.replaceAll('"', "")),
      passDirect: (to, from, text) => plain.passDirect(to, from, text.replaceAll('"', "")),
    }))),
    ["slash/bm", "slash/dm"],
  ],
  [
    "slash",
    "knows no /users, and names no command in its /help",
    plain(slash((_plain, server) => ({
      list: (client) => server.say(client, "Unknown command: see /help"),
      help: (client) => server.say(client, "Ask whoever is there."),
    }))),
    ["slash/help", "slash/users"],
  ],
  [
    "slash",
    "answers /users to all, shows no sender of what is for one, and tells nobody who has quit",
    plain(slash((_plain, server) => ({
      list: () => {
        for (const one of server.users) server.say(one, `Here: ${server.users.map(({ name }) => name).join(" ")}`);
      },
      passDirect: (to, _from, text) => server.say(to, text),
      left: () => {},
    }))),
    ["slash/dm", "slash/quit", "slash/users", "slash/vanish"],
  ],
  [
    "group",
    "sends the table to newcomers alone",
    groupServer(group((plain) => {
      const newcomers = new Set<string>();
      return {
        register: (request) => {
          newcomers.add(request.user);
          plain.register(request);
        },
        sendTables: () => {
          plain.sendTables();
          newcomers.clear();
        },
        sendTable: (to) => newcomers.has(to.name) && plain.sendTable(to),
      };
    })),
    ["group/dereg", "group/dereg-other", "group/direct", "group/register"],
  ],
];

for (const [dialect, words, start, clauses] of WRONG) {
  Deno.test(`a ${dialect} server that ${words} fails for that and nothing else, and hardly anything is blocked`, async () => {
    const library = await loadLibrary(dialect, { dirs: [], embedded: true });
    const subject = { words, start };
    const options = { seed: 1, jobs: 8, accommodates: true, renews: true };
    const { results } = await playRun(subject, library, library.fixtures, options);
    const failed = results.filter(({ verdict, fixture }) => verdict === "fail" && fixture.clause.level !== "may");
    const slugs = [...new Set(failed.map(({ fixture }) => fixture.clause.slug))].sort();
    assertEquals(slugs.filter((slug) => !clauses.includes(slug)), []);
    assert(slugs.length > 0);
    const blocked = results.filter(({ verdict }) => verdict === "blocked").map(({ fixture }) => fixture.name);
    assert(blocked.length <= results.length * 0.12, `${blocked.length} of ${results.length}: ${blocked.join(" ")}`);
  });
}
