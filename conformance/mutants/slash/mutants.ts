/**
 * slash servers that are wrong on purpose.
 *
 * @module
 */

import { inTurn } from "../in_turn.ts";
import { utf8 } from "../latin1.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import { TextChanges } from "../text/changes.ts";
import { PlainSlashServer, slash } from "./server.ts";
import type { TextClient } from "../text/server.ts";

const common = new TextChanges(PlainSlashServer);
const NO_COMMAND = /^\/(?!(users|help|quit|dm|bm)\b)/;

/** Gives what is for one alias to others. */
function reaching(
  pick: (alias: string, server: PlainSlashServer, sender: TextClient) => readonly (TextClient | undefined)[],
): MakePlain {
  return slash(
    "recipients",
    (_plain, server) => (alias, sender) => pick(alias, server, sender).filter((client) => client !== undefined),
  );
}

/** Gives what is for nobody to others. */
function reachingInstead(pick: (alias: string, server: PlainSlashServer, sender: TextClient) => TextClient[]) {
  return reaching((alias, server, sender) => {
    const holder = server.find(alias);
    return holder === undefined ? pick(alias, server, sender) : [holder];
  });
}

/** Gives what is for all to others. */
function broadcasting(pick: (others: TextClient[], sender: TextClient) => TextClient[]): MakePlain {
  return slash("audience", (plain) => (sender) => pick(plain(sender), sender));
}

/** Lists others than those who are present. */
function listing(pick: (users: TextClient[], asker: TextClient) => TextClient[]): MakePlain {
  return slash("listed", (_plain, server) => (asker) => pick(server.users, asker));
}

/** Lists some of those who have left. */
function keeping(isKept: (leaver: TextClient) => boolean): MakePlain {
  return slash((plain, server) => {
    const gone: TextClient[] = [];
    return {
      listed: () => [...server.users, ...gone],
      left: (client) => {
        if (isKept(client)) gone.push(client);
        plain.left(client);
      },
    };
  });
}

/** Passes messages, direct ones too, on as something else. */
function carrying(alter: (text: string) => string): MakePlain {
  return slash((plain) => ({
    pass: (to, from, text) => plain.pass(to, from, alter(text)),
    passDirect: (to, from, text) => plain.passDirect(to, from, alter(text)),
  }));
}

/** Does something more, or else, where a message is for nobody. */
function onUnknown(act: (server: PlainSlashServer, sender: TextClient, message: string) => void): MakePlain {
  return slash("unknown", (_plain, server) => (sender, message) => act(server, sender, message));
}

/** Does something else where an alias is somebody's. */
function onTaken(act: (server: PlainSlashServer, client: TextClient, holder: TextClient) => void): MakePlain {
  return slash("taken", (_plain, server) => (client, holder) => act(server, client, holder));
}

/** Does nothing for those who have an alias. */
export const aliasOnly: MakePlain = common.onLine(/^/, () => {});

/** Asks for an alias in a prompt that ends in no line end, and then reads lines; as right as ours. */
export const prompting: MakePlain = slash(
  "greet",
  (_plain, server) => (client) => server.write(client, "Alias? "),
);

/** Gives each a number for an alias, and asks for none; as right as ours. */
export const numbering: MakePlain = slash("greet", (_plain, server) => {
  let last = 0;
  return (client) => server.enter(client, `user${++last}`);
});

/** By clause, what a server does wrong, and the server. */
export const SLASH_MUTANTS: MutantTable<MakePlain> = {
  "slash/alias": {
    "takes an alias away from its holder for somebody else": onTaken((server, client, holder) => {
      server.clients.delete(holder);
      server.enter(client, holder.name);
    }),
    "throws out the holder of an alias that somebody else asks for": onTaken((server, client, holder) => {
      server.say(client, "* That alias is taken. Choose another:");
      holder.link.abort("done");
    }),
  },
  "slash/users": {
    "lists the others alone": listing((users, asker) => users.filter((user) => user !== asker)),
    "lists the asker alone": listing((_users, asker) => [asker]),
    "lists two users at most": listing((users) => users.slice(0, 2)),
    "does not answer /users": common.onLine(/^\/users/, () => {}),
    "tells everybody when somebody asks who is there": slash("list", (plain, server) => (client) => {
      plain(client);
      for (const other of server.clients) server.say(other, "Somebody has asked who is here.");
    }),
  },
  "slash/dm": {
    "passes each direct message on to everybody": reaching((_alias, { users }) => users),
    "passes direct messages back to their sender": reaching((_alias, _server, sender) => [sender]),
    "passes each direct message on to the user who came last": reaching((_alias, server, sender) => [
      server.others(sender).at(-1),
    ]),
    "takes the beginning of an alias for the alias": reaching((alias, { users }) => [
      users.toSorted((a, b) => b.name.length - a.name.length).find(({ name }) => name.startsWith(alias)),
    ]),
    "leaves out who sent a direct message": common.rewording(/^\w+ to you: /, "message: "),
    "keeps the quotes around a direct message": common.understanding(/^(\/dm \S+ )"(.*)"$/, '$1""$2""'),
    "passes on the first word of a direct message": common.understanding(/^(\/dm \S+ \S+).*$/, "$1"),
    "takes each byte of a message for a character": carrying(utf8),
    "takes messages for ASCII": carrying((text) => text.replace(/[^\0-\x7f]/g, "?")),
    "cuts messages at 512 bytes": carrying((text) => text.slice(0, 512)),
    "takes the last command in a line for the line": common.understanding(/^.* (?=\/(quit|bm|dm|help)\b)/, ""),
  },
  "slash/dm-unknown": {
    "does not say that nobody has an alias": onUnknown(() => {}),
    "passes messages to nobody on to somebody": reachingInstead((_alias, server, sender) =>
      server.others(sender).slice(0, 1)
    ),
    "passes messages to nobody on to everybody": reachingInstead((_alias, server, sender) => server.others(sender)),
    "closes who sends to nobody": slash("unknown", (plain) => (sender, message) => {
      plain(sender, message);
      sender.link.end("done");
    }),
  },
  "slash/bm": {
    "passes a broadcast on to one user alone": broadcasting((others) => others.slice(0, 1)),
    "leaves out the user who came last from broadcasts": broadcasting((others) => others.slice(0, -1)),
    "passes a broadcast on to its sender alone": broadcasting((_others, sender) => [sender]),
    "does nothing on /bm": common.onLine(/^\/bm /, () => {}),
    "leaves out who sent a broadcast": common.rewording(/^\w+ to all: /, "message: "),
    "keeps the quotes around a broadcast": common.understanding(/^(\/bm )"(.*)"$/, '$1""$2""'),
    "passes on the first word of a broadcast": common.understanding(/^(\/bm \S+).*$/, "$1"),
  },
  "slash/help": {
    "leaves /users out of its help": common.rewording(/^\* \/users$/, ""),
    "leaves /dm out of its help": common.rewording(/^\* \/dm <.*/, ""),
    "leaves /bm out of its help": common.rewording(/^\* \/bm <.*/, ""),
    "leaves /help out of its help": common.rewording(/^\* \/help$/, ""),
    "leaves /quit out of its help": common.rewording(/^\* \/quit$/, ""),
    "does not answer /help": common.onLine(/^\/help/, () => {}),
    "tells everybody what one asks of /help": slash(
      "help",
      (plain, server) => () => server.clients.forEach((client) => plain(client)),
    ),
  },
  "slash/quit": {
    "does not close on /quit": common.onLine(/^\/quit/, (server, client) => server.say(client, "Goodbye!")),
    "tells nobody who has quit": common.tellingOf(({ hasQuit }) => !hasQuit),
    "does not tell the name of who has left": common.rewording(/^\* \w+ has left\./, "* Somebody has left."),
    "keeps who has quit among the users": keeping(({ hasQuit }) => hasQuit),
    "closes everybody when somebody quits": common.closingAll(({ hasQuit }) => hasQuit),
  },
  "slash/vanish": {
    "tells nobody who has left without /quit": common.tellingOf(({ hasQuit }) => hasQuit),
    "keeps who has left without /quit among the users": keeping(({ hasQuit }) => !hasQuit),
    "closes everybody when somebody leaves without /quit": common.closingAll(({ hasQuit }) => !hasQuit),
  },
  "slash/unknown": {
    "does not answer a command that there is none of": common.onLine(NO_COMMAND, () => {}),
    "does not answer text without a command": common.onLine(/^[^/]/, () => {}),
    "passes text without a command on to everybody": common.understanding(/^(?=[^/])/, "/bm "),
    "does not point to /help": common.rewording(/(?<=command\.) \/help lists.*/, ""),
    "takes a command that begins like another for that one": common.understanding(
      /^\/(dm|bm|quit|help|users)\w+/,
      "/$1",
    ),
    "looks for a command anywhere in a line": common.understanding(/^[^/]+(?=\/quit)/, ""),
    "closes on a command that there is none of": common.onLine(NO_COMMAND, (_server, { link }) => link.end("done")),
  },
  "slash/usage": {
    "does not answer /dm and /bm without their arguments": common.onLine(/^\/(bm|dm|dm \S+)$/, () => {}),
    "takes /dm and /bm without their arguments for unknown": common.understanding(/^\/(bm|dm|dm \S+)$/, "/x"),
    "passes on a message of /dm without words": slash("direct", (plain, server) => (client, rest) => {
      const to = server.find(rest);
      if (to !== undefined) server.passDirect(to, client, "");
      plain(client, rest);
    }),
    "closes on /dm without its arguments": common.onLine(
      /^\/(dm|dm \S+)$/,
      (_server, { link }) => link.end("done"),
    ),
  },
  "slash/silent-neighbour": {
    "handles one connection at a time": slash("accept", (plain) => inTurn(plain)),
  },
  "slash/stream-split": {
    "takes each read for a message, and says nothing that ends in a line break": slash((plain) => ({
      ending: "",
      hear: (client, text) => plain.hear(client, `${text.trimEnd().replaceAll("\n", " ")}\n`),
    })),
    "takes each read for a line": common.hearing((text) => text.endsWith("\n") ? text : `${text}\n`),
    "drops a read without a line break": common.hearing((text) => text.includes("\n") ? text : ""),
    "reads lines of at most 10 bytes at a time": common.hearing((text) => text.length < 10 ? `${text.trim()}\n` : text),
  },
  "slash/stream-joined": {
    "reads one line at a time, and drops what came with it": common.hearing((text) => text.replace(/(?<=\n)[^]*/, "")),
    "drops the beginning of a line that came with another one": common.hearing((text) =>
      text.replace(/(?<=\n).+$/, "")
    ),
    "takes all that comes in one read for one line": common.hearing((text) => text.replace(/\n(?=[^])/g, " ")),
  },
};
