/**
 * slash servers that are wrong on purpose.
 *
 * @module
 */

import type { ServerContext } from "../../../lib/dialects/dialect.ts";
import { SlashServer } from "../../../lib/dialects/slash/server.ts";
import { HELP } from "../../../lib/dialects/slash/words.ts";
import type { Member } from "../../../lib/hub/member.ts";
import type { Presence } from "../../../lib/hub/presence.ts";
import { textOf } from "../altered_link.ts";
import { broadcasting, choosing, toEverybody, UNHEARD } from "../audience.ts";
import type { Changing } from "../mutation.ts";
import { bodies, hearing, outcomes, rewording, sending, together } from "../mutations.ts";
import { changedServers, type Mutant, type MutantTable } from "../mutant.ts";
import { leaving, lines, type LineSession, onLine, takingAllAlong, understanding, withAll } from "../text.ts";

const QUIT = /^\/quit/;
const encoder = new TextEncoder();

const TABLE: MutantTable<Changing> = {
  "slash/alias": {
    "takes an alias away from its holder for somebody else": whereHeld((holder, claim) => {
      holder.leave();
      return claim();
    }),
    "throws out the holder of an alias that somebody else asks for": whereHeld((holder) => {
      linkOf(holder).abort("done");
      return undefined;
    }),
  },
  "slash/users": {
    "lists the others alone": listing((members, asker) => members.filter((member) => member !== asker)),
    "lists the asker alone": listing((_members, asker) => [asker]),
    "lists two users at most": listing((members) => members.slice(0, 2)),
    "does not answer /users": onLine(/^\/users/, () => {}),
    "tells everybody when somebody asks who is there": withAll((all) =>
      onLine(/^\/users/, ({ handle }, line) => {
        handle(line);
        for (const session of all) session.say("Somebody has asked who is here.");
      })
    ),
  },
  "slash/dm": {
    "passes each direct message on to everybody": toEverybody,
    "passes direct messages back to their sender": choosing((_to, _names, sender) => sender),
    "passes each direct message on to the user who came last": choosing((_to, names, sender) =>
      names.filter((name) => name !== sender).at(-1)
    ),
    "takes the beginning of an alias for the alias": choosing((to, names) =>
      names.toSorted((a, b) => b.length - a.length).find((name) => name.startsWith(to))
    ),
    "leaves out who sent a direct message": rewording(/^\w+ to you: /, "message: "),
    "keeps the quotes around a direct message": understanding(/^(\/dm \S+ )"(.*)"$/, '$1""$2""'),
    "passes on the first word of a direct message": understanding(/^(\/dm \S+ \S+).*$/, "$1"),
    "takes each byte of a message for a character": bodies((body) => encoder.encode(textOf(body))),
    "takes messages for ASCII": bodies((body) => encoder.encode(textOf(body).replace(/[^\0-\x7f]/g, "?"))),
    "cuts messages at 512 bytes": bodies((body) => body.subarray(0, 512)),
    "takes the last command in a line for the line": understanding(/^.* (?=\/(quit|bm|dm|help)\b)/, ""),
  },
  "slash/dm-unknown": {
    "does not say that nobody has an alias": outcomes((outcome) => outcome.kind === "unknown" ? "untold" : outcome),
    "passes messages to nobody on to somebody": choosing((to, names, sender) =>
      names.includes(to) ? to : names.find((name) => name !== sender)
    ),
    "passes messages to nobody on to everybody": whereUnknown((_sender, broadcast) => broadcast()),
    "closes who sends to nobody": whereUnknown((sender) => queueMicrotask(() => linkOf(sender).end("done"))),
  },
  "slash/bm": {
    "passes a broadcast on to one user alone": broadcasting((others) => others.slice(0, 1)),
    "leaves out the user who came last from broadcasts": broadcasting((others) => others.slice(0, -1)),
    "passes a broadcast on to its sender alone": broadcasting((_others, { name }) => [name]),
    "does nothing on /bm": onLine(/^\/bm /, () => {}),
    "leaves out who sent a broadcast": rewording(/^\w+ to all: /, "message: "),
    "keeps the quotes around a broadcast": understanding(/^(\/bm )"(.*)"$/, '$1""$2""'),
    "passes on the first word of a broadcast": understanding(/^(\/bm \S+).*$/, "$1"),
  },
  "slash/help": {
    "leaves /users out of its help": rewording(/\* \/users .*\n/, ""),
    "leaves /dm out of its help": rewording(/\* \/dm .*\n/, ""),
    "leaves /bm out of its help": rewording(/\* \/bm .*\n/, ""),
    "leaves /help out of its help": rewording(/\* \/help .*\n/, ""),
    "leaves /quit out of its help": rewording(/\n\* \/quit .*/, ""),
    "does not answer /help": onLine(/^\/help/, () => {}),
    "tells everybody what one asks of /help": withAll((all) =>
      onLine(/^\/help/, () => {
        for (const session of all) session.say(HELP);
      })
    ),
  },
  "slash/quit": {
    "does not close on /quit": onLine(QUIT, ({ session }) => session.say("Goodbye!")),
    "tells nobody who has quit": leaving(QUIT, (left, member, hasQuit) => hasQuit ? undefined : left(member)),
    "does not tell the name of who has left": rewording(/^\* \w+ has left\.\n/, "* Somebody has left.\n"),
    "keeps who has quit among the users": keptAmongUsers((hasQuit) => hasQuit),
    "closes everybody when somebody quits": takingAllAlong(QUIT, (hasQuit) => hasQuit),
  },
  "slash/vanish": {
    "tells nobody who has left without /quit": leaving(QUIT, (left, member, hasQuit) => hasQuit && left(member)),
    "keeps who has left without /quit among the users": keptAmongUsers((hasQuit) => !hasQuit),
    "closes everybody when somebody leaves without /quit": takingAllAlong(QUIT, (hasQuit) => !hasQuit),
  },
  "slash/unknown": {
    "does not answer a command that there is none of": onLine(/^\/(?!(users|help|quit|dm|bm)\b)/, () => {}),
    "does not answer text without a command": onLine(/^[^/]/, () => {}),
    "passes text without a command on to everybody": onLine(/^[^/]/, ({ handle }, line) => handle(`/bm ${line}`)),
    "does not point to /help": rewording(/(?<=command\.) \/help lists.*/, ""),
    "takes a command that begins like another for that one": understanding(/^\/(dm|bm|quit|help|users)\w+/, "/$1"),
    "looks for a command anywhere in a line": understanding(/^[^/]+(?=\/quit)/, ""),
    "closes on a command that there is none of": onLine(
      /^\/(?!(users|help|quit|dm|bm)\b)/,
      ({ link }) => link.end("done"),
    ),
  },
  "slash/usage": {
    "does not answer /dm and /bm without their arguments": onLine(/^\/(bm|dm|dm \S+)$/, () => {}),
    "takes /dm and /bm without their arguments for unknown": onLine(/^\/(bm|dm|dm \S+)$/, ({ handle }) => handle("/x")),
    "passes on a message of /dm without words": onLine(/^\/dm \S+$/, ({ session, handle }, line) => {
      session.presence!.send(line.slice(4), new Uint8Array(), UNHEARD);
      handle("/dm");
    }),
    "closes on /dm without its arguments": onLine(/^\/(dm|dm \S+)$/, ({ link }) => link.end("done")),
  },
  "slash/stream-split": {
    "takes each read for a message, and says nothing that ends in a line break": () => ({
      wire: () => ({
        hears: (text) => `${text.trimEnd().replaceAll("\n", " ")}\n`,
        says: (text) => text.replace(/\n$/, ""),
      }),
    }),
    "takes each read for a line": hearing(() => (text) => text.endsWith("\n") ? text : `${text}\n`),
    "drops a read without a line break": hearing(() => (text) => text.includes("\n") ? text : ""),
    "reads lines of at most 10 bytes at a time": hearing(() => (text) => text.length < 10 ? `${text.trim()}\n` : text),
  },
  "slash/stream-joined": {
    "reads one line at a time, and drops what came with it": hearing(() => (text) => text.replace(/(?<=\n)[^]*/, "")),
    "drops the beginning of a line that came with another one": hearing(() => (text) => text.replace(/(?<=\n).+$/, "")),
    "takes all that comes in one read for one line": hearing(() => (text) => text.replace(/\n(?=[^])/g, " ")),
  },
};

/** Makes slash's server as it is. */
export function makeSlash(context: ServerContext): SlashServer {
  return new SlashServer(context);
}

/** In the order of the clauses. */
export const SLASH_MUTANTS: readonly Mutant[] = changedServers(makeSlash, TABLE);

function linkOf({ recipient }: Presence): LineSession["link"] {
  return (recipient as LineSession).link;
}

/** Does something else where an alias is somebody's; `claim` asks for it once more. */
function whereHeld(
  decide: (holder: Presence, claim: () => Presence | undefined) => Presence | undefined,
): Changing {
  return () => ({
    hub: (hub) => {
      const holders = new Map<string, Presence>();
      const claim = hub.claim.bind(hub);
      hub.claim = (name, about) => {
        const presence = claim(name, about) ?? decide(holders.get(name)!, () => claim(name, about));
        if (presence !== undefined) holders.set(name, presence);
        return presence;
      };
    },
  });
}

/** Lists others than those who are present. */
function listing(pick: (members: readonly Member[], asker: Member) => readonly Member[]): Changing {
  return () => {
    let asker: Member | undefined;
    return together(
      lines((line, { session, handle }) => {
        if (line.startsWith("/users")) asker = session.presence;
        handle(line);
        asker = undefined;
      }),
      () => ({
        hub: (hub) => {
          const members = hub.members.bind(hub);
          hub.members = () => asker === undefined ? members() : pick([...members()], asker);
        },
      }),
    )();
  };
}

function keptAmongUsers(isKept: (hasQuit: boolean) => boolean): Changing {
  return () => {
    const gone: Member[] = [];
    return together(
      leaving(QUIT, (left, member, hasQuit) => {
        if (isKept(hasQuit)) gone.push(member);
        left(member);
      }),
      listing((members) => [...members, ...gone]),
    )();
  };
}

/** Does something more where a message is for nobody. */
function whereUnknown(act: (sender: Presence, broadcast: () => void) => void): Changing {
  return sending((send, sender) => (to, body, report) => {
    const copy = body.slice();
    send(to, body, {
      settled: (outcome) => {
        report.settled(outcome);
        if (outcome.kind === "unknown") act(sender, () => send(undefined, copy, UNHEARD));
      },
    });
  });
}
