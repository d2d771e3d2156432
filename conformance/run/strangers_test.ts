import { assert, assertEquals } from "@std/assert";
import { rootCausesOf } from "../causes/root_cause.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { group } from "../mutants/group/server.ts";
import { groupServer } from "../mutants/group/serving.ts";
import type { Start } from "../mutants/mutant.ts";
import { plain } from "../mutants/mutant_set.ts";
import { slash } from "../mutants/slash/server.ts";
import { room } from "../mutants/room/server.ts";
import { judgementsOf } from "../results/judgement.ts";
import { playRun } from "../self_test/play.ts";

/** By dialect, what a server does wrong, the clauses that this breaks, and what is named first, if that is to be looked at. */
const WRONG: readonly (readonly [dialect: string, words: string, Start, clauses: readonly string[], first?: string])[] =
  [
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
      "slash",
      "brings what is for one to all, and lists everybody but who asks",
      plain(slash((plain, server) => ({
        recipients: (alias, sender) => plain.recipients(alias, sender).length === 0 ? [] : server.others(sender),
        listed: (asker) => server.others(asker),
      }))),
      ["slash/dm", "slash/users"],
    ],
    [
      "slash",
      "says nothing of who has left but that somebody has",
      plain(slash("left", (_plain, server) => (client) => server.announce(client, "* Somebody has left."))),
      ["slash/quit", "slash/vanish"],
      "tells-of-leaving-otherwise",
    ],
    [
      "room",
      "repeats a message to all but its sender",
      plain(room("audience", (_plain, server) => (sender) => server.others(sender))),
      ["room/message"],
      "accommodated",
    ],
    [
      "room",
      "says nothing of who has left but that somebody has",
      plain(room("left", (_plain, server) => (client) => server.announce(client, "Somebody has left."))),
      ["room/quit", "room/vanish"],
      "tells-of-leaving-otherwise",
    ],
    [
      "slash",
      "says to all what is no command",
      plain(slash("line", (plain) => (client, line) => {
        plain(client, /^\/(users|dm|bm|help|quit)\b/.test(line) ? line : `/bm ${line}`);
      })),
      ["slash/unknown"],
      "clause",
    ],
    [
      "room",
      "tells those without a name, too, what is said",
      plain(room("audience", (_plain, { clients }) => () => [...clients])),
      ["room/message"],
      "tells-the-nameless",
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
    [
      "group",
      "takes who has left out of its table",
      groupServer(group("shown", (_plain, server) => () => server.present)),
      ["group/dereg", "group/dereg-other"],
      "drops-rows",
    ],
    [
      "group",
      "tells its clients nothing more once it has registered a port that is none",
      groupServer(group((plain) => {
        let isBroken = false;
        return {
          hear: (text, from) => {
            isBroken ||= /\nregister\n(.*\n)*(0|70000)$/.test(text);
            plain.hear(text, from);
          },
          sendTables: () => isBroken || plain.sendTables(),
        };
      })),
      ["group/malformed"],
      "takes-ports-that-are-none",
    ],
  ];

for (const [dialect, words, start, clauses, first] of WRONG) {
  Deno.test(`a ${dialect} server that ${words} fails for that and nothing else, and hardly anything is blocked`, async () => {
    const library = await loadLibrary(dialect, { dirs: [], embedded: true });
    const subject = { words, start };
    const options = { seed: 1, jobs: 8, accommodates: true, renews: true };
    const run = await playRun(subject, library, library.fixtures, options);
    const { results } = run;
    const failed = results.filter(({ verdict, fixture }) => verdict === "fail" && fixture.clause.level !== "may");
    const slugs = [...new Set(failed.map(({ fixture }) => fixture.clause.slug))].sort();
    assertEquals(slugs.filter((slug) => !clauses.includes(slug)), []);
    assert(slugs.length > 0);
    if (first !== undefined) assertEquals(rootCausesOf(run, judgementsOf(run, true))[0]?.name, first);
    const blocked = results.filter(({ verdict }) => verdict === "blocked").map(({ fixture }) => fixture.name);
    assert(blocked.length <= results.length * 0.12, `${blocked.length} of ${results.length}: ${blocked.join(" ")}`);
  });
}
