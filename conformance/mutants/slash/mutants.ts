/**
 * slash servers that are wrong on purpose.
 *
 * @module
 */

import { utf8 } from "../latin1.ts";
import type { MutantTable } from "../mutant.ts";
import { TextChanges, type TextServerClass } from "../text/changes.ts";
import type { TextClient } from "../text/server.ts";
import { PlainSlashServer } from "./server.ts";

const slash = new TextChanges(PlainSlashServer);
const NO_COMMAND = /^\/(?!(users|help|quit|dm|bm)\b)/;

/** Gives what is for one alias to others. */
function reaching(
  pick: (alias: string, server: PlainSlashServer, sender: TextClient) => readonly (TextClient | undefined)[],
): TextServerClass {
  return class extends PlainSlashServer {
    override recipients = (alias: string, sender: TextClient) =>
      pick(alias, this, sender).filter((client) => client !== undefined);
  };
}

/** Gives what is for nobody to others. */
function reachingInstead(pick: (alias: string, server: PlainSlashServer, sender: TextClient) => TextClient[]) {
  return reaching((alias, server, sender) => {
    const holder = server.find(alias);
    return holder === undefined ? pick(alias, server, sender) : [holder];
  });
}

/** Gives what is for all to others. */
function broadcasting(pick: (others: TextClient[], sender: TextClient) => TextClient[]): TextServerClass {
  return class extends PlainSlashServer {
    override audience = (sender: TextClient) => pick(super.audience(sender), sender);
  };
}

/** Lists others than those who are present. */
function listing(pick: (users: TextClient[], asker: TextClient) => TextClient[]): TextServerClass {
  return class extends PlainSlashServer {
    override listed = (asker: TextClient) => pick(this.users, asker);
  };
}

/** Lists some of those who have left. */
function keeping(isKept: (leaver: TextClient) => boolean): TextServerClass {
  return class extends PlainSlashServer {
    readonly #gone: TextClient[] = [];

    override listed = () => [...this.users, ...this.#gone];

    override left(client: TextClient): void {
      if (isKept(client)) this.#gone.push(client);
      super.left(client);
    }
  };
}

/** Passes messages, direct ones too, on as something else. */
function carrying(alter: (text: string) => string): TextServerClass {
  return class extends PlainSlashServer {
    override pass = (to: TextClient, from: TextClient, text: string) => super.pass(to, from, alter(text));
    override passDirect = (to: TextClient, from: TextClient, text: string) => super.passDirect(to, from, alter(text));
  };
}

/** Does something more, or else, where a message is for nobody. */
function onUnknown(act: (server: PlainSlashServer, sender: TextClient, message: string) => void): TextServerClass {
  return class extends PlainSlashServer {
    override unknown = (sender: TextClient, message: string) => act(this, sender, message);
  };
}

/** Does something else where an alias is somebody's. */
function onTaken(act: (server: PlainSlashServer, client: TextClient, holder: TextClient) => void): TextServerClass {
  return class extends PlainSlashServer {
    override taken = (client: TextClient, holder: TextClient) => act(this, client, holder);
  };
}

/** Does nothing for those who have an alias. */
export const AliasOnly: TextServerClass = slash.onLine(/^/, () => {});

/** By clause, what a server does wrong, and the server. */
export const SLASH_MUTANTS: MutantTable<TextServerClass> = {
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
    "does not answer /users": slash.onLine(/^\/users/, () => {}),
    "tells everybody when somebody asks who is there": class extends PlainSlashServer {
      override list(client: TextClient): void {
        super.list(client);
        for (const other of this.clients) this.say(other, "Somebody has asked who is here.");
      }
    },
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
    "leaves out who sent a direct message": slash.rewording(/^\w+ to you: /, "message: "),
    "keeps the quotes around a direct message": slash.understanding(/^(\/dm \S+ )"(.*)"$/, '$1""$2""'),
    "passes on the first word of a direct message": slash.understanding(/^(\/dm \S+ \S+).*$/, "$1"),
    "takes each byte of a message for a character": carrying(utf8),
    "takes messages for ASCII": carrying((text) => text.replace(/[^\0-\x7f]/g, "?")),
    "cuts messages at 512 bytes": carrying((text) => text.slice(0, 512)),
    "takes the last command in a line for the line": slash.understanding(/^.* (?=\/(quit|bm|dm|help)\b)/, ""),
  },
  "slash/dm-unknown": {
    "does not say that nobody has an alias": onUnknown(() => {}),
    "passes messages to nobody on to somebody": reachingInstead((_alias, server, sender) =>
      server.others(sender).slice(0, 1)
    ),
    "passes messages to nobody on to everybody": reachingInstead((_alias, server, sender) => server.others(sender)),
    "closes who sends to nobody": class extends PlainSlashServer {
      override unknown(sender: TextClient, message: string): void {
        super.unknown(sender, message);
        sender.link.end("done");
      }
    },
  },
  "slash/bm": {
    "passes a broadcast on to one user alone": broadcasting((others) => others.slice(0, 1)),
    "leaves out the user who came last from broadcasts": broadcasting((others) => others.slice(0, -1)),
    "passes a broadcast on to its sender alone": broadcasting((_others, sender) => [sender]),
    "does nothing on /bm": slash.onLine(/^\/bm /, () => {}),
    "leaves out who sent a broadcast": slash.rewording(/^\w+ to all: /, "message: "),
    "keeps the quotes around a broadcast": slash.understanding(/^(\/bm )"(.*)"$/, '$1""$2""'),
    "passes on the first word of a broadcast": slash.understanding(/^(\/bm \S+).*$/, "$1"),
  },
  "slash/help": {
    "leaves /users out of its help": slash.rewording(/^\* \/users$/, ""),
    "leaves /dm out of its help": slash.rewording(/^\* \/dm <.*/, ""),
    "leaves /bm out of its help": slash.rewording(/^\* \/bm <.*/, ""),
    "leaves /help out of its help": slash.rewording(/^\* \/help$/, ""),
    "leaves /quit out of its help": slash.rewording(/^\* \/quit$/, ""),
    "does not answer /help": slash.onLine(/^\/help/, () => {}),
    "tells everybody what one asks of /help": class extends PlainSlashServer {
      override help = () => this.clients.forEach((client) => super.help(client));
    },
  },
  "slash/quit": {
    "does not close on /quit": slash.onLine(/^\/quit/, (server, client) => server.say(client, "Goodbye!")),
    "tells nobody who has quit": slash.tellingOf(({ hasQuit }) => !hasQuit),
    "does not tell the name of who has left": slash.rewording(/^\* \w+ has left\./, "* Somebody has left."),
    "keeps who has quit among the users": keeping(({ hasQuit }) => hasQuit),
    "closes everybody when somebody quits": slash.closingAll(({ hasQuit }) => hasQuit),
  },
  "slash/vanish": {
    "tells nobody who has left without /quit": slash.tellingOf(({ hasQuit }) => hasQuit),
    "keeps who has left without /quit among the users": keeping(({ hasQuit }) => !hasQuit),
    "closes everybody when somebody leaves without /quit": slash.closingAll(({ hasQuit }) => !hasQuit),
  },
  "slash/unknown": {
    "does not answer a command that there is none of": slash.onLine(NO_COMMAND, () => {}),
    "does not answer text without a command": slash.onLine(/^[^/]/, () => {}),
    "passes text without a command on to everybody": slash.understanding(/^(?=[^/])/, "/bm "),
    "does not point to /help": slash.rewording(/(?<=command\.) \/help lists.*/, ""),
    "takes a command that begins like another for that one": slash.understanding(
      /^\/(dm|bm|quit|help|users)\w+/,
      "/$1",
    ),
    "looks for a command anywhere in a line": slash.understanding(/^[^/]+(?=\/quit)/, ""),
    "closes on a command that there is none of": slash.onLine(NO_COMMAND, (_server, { link }) => link.end("done")),
  },
  "slash/usage": {
    "does not answer /dm and /bm without their arguments": slash.onLine(/^\/(bm|dm|dm \S+)$/, () => {}),
    "takes /dm and /bm without their arguments for unknown": slash.understanding(/^\/(bm|dm|dm \S+)$/, "/x"),
    "passes on a message of /dm without words": class extends PlainSlashServer {
      override direct(client: TextClient, rest: string): void {
        const to = this.find(rest);
        if (to !== undefined) this.passDirect(to, client, "");
        super.direct(client, rest);
      }
    },
    "closes on /dm without its arguments": slash.onLine(
      /^\/(dm|dm \S+)$/,
      (_server, { link }) => link.end("done"),
    ),
  },
  "slash/stream-split": {
    "takes each read for a message, and says nothing that ends in a line break": class extends PlainSlashServer {
      override readonly ending: string = "";
      override hear = (client: TextClient, text: string) =>
        super.hear(client, `${text.trimEnd().replaceAll("\n", " ")}\n`);
    },
    "takes each read for a line": slash.hearing((text) => text.endsWith("\n") ? text : `${text}\n`),
    "drops a read without a line break": slash.hearing((text) => text.includes("\n") ? text : ""),
    "reads lines of at most 10 bytes at a time": slash.hearing((text) => text.length < 10 ? `${text.trim()}\n` : text),
  },
  "slash/stream-joined": {
    "reads one line at a time, and drops what came with it": slash.hearing((text) => text.replace(/(?<=\n)[^]*/, "")),
    "drops the beginning of a line that came with another one": slash.hearing((text) => text.replace(/(?<=\n).+$/, "")),
    "takes all that comes in one read for one line": slash.hearing((text) => text.replace(/\n(?=[^])/g, " ")),
  },
};
