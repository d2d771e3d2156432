/**
 * room servers that are wrong on purpose.
 *
 * @module
 */

import type { ServerContext } from "../../../lib/dialects/dialect.ts";
import type { Member } from "../../../lib/hub/member.ts";
import { RoomServer } from "../../../lib/dialects/room/server.ts";
import { GREETING } from "../../../lib/dialects/room/words.ts";
import { bytesOf, textOf } from "../altered_link.ts";
import { UNHEARD } from "../audience.ts";
import type { Presence } from "../../../lib/hub/presence.ts";
import type { Changing } from "../mutation.ts";
import { deliveries, rewording, saying, sessions, together } from "../mutations.ts";
import { changedServers, type Mutant, type MutantTable } from "../mutant.ts";
import { joining, leaving, lines, type LineSession, onLine, takingAllAlong, understanding, withAll } from "../text.ts";

const QUIT = /^#quit$/;
const JOINED = /has joined the chat!$/;
const LEFT = /has left the chat\.$/;
/** Who says something, at the beginning of what is said. */
const MARK = /^(?!Greetings |Welcome )[^:]*: /;
const encoder = new TextEncoder();

const TABLE: MutantTable<Changing> = {
  "room/greeting": {
    "does not greet": rewording(/^Greetings [^]*/, ""),
    "greets in other words": rewording(/^Greetings [^]*/, "Welcome! What is your name?"),
    "leaves out a blank in its greeting": rewording(/(?<=ChatRoom!) /, ""),
    "ends what it says in \\n": saying(() => (text) => `${text}\n`),
    "sends the zero byte behind each string, too": saying(() => (text) => `${text}\0`),
    "greets everybody whenever somebody comes": withAll((all) =>
      sessions((newcomer: LineSession) => {
        for (const session of all) if (session !== newcomer) session.say(GREETING);
      })
    ),
  },
  "room/welcome": {
    "does not welcome": rewording(/^Welcome [^]*/, ""),
    "welcomes in other words": rewording(/(?<=^Welcome [^]*!) If [^]*/, " Type #quit to exit."),
    "leaves the name out of its welcome": rewording(/(?<=^Welcome) [^]*(?=! If)/, ""),
    "turns names into small letters": renaming((name) => name.toLowerCase()),
    "takes the first word of a name": renaming((name) => name.replace(/ .*/, "")),
    "cuts names at 32 characters": renaming((name) => name.slice(0, 32)),
    "takes names for ASCII": renaming((name) => name.replace(/[^\0-\x7f]/g, "?")),
    "takes letters and digits alone in names": renaming((name) => name.replace(/[^A-Za-z0-9]/g, "")),
    "tells a newcomer who is there": joining((joined, member) => {
      joined(member);
      sayTo(member, "You are the newest here.");
    }),
    "tells a newcomer, too, who comes": joining((joined, member) => {
      joined(member);
      sayTo(member, `${member.title} from [${member.remote.hostname}] has joined the chat!`);
    }),
  },
  "room/joined": {
    "tells nobody who comes": joining(() => {}),
    "tells one user alone who comes": tellingOne(JOINED),
    "tells those without a name, too, who comes": withAll((all) =>
      joining((joined, member) => {
        joined(member);
        for (const session of all) if (!session.isRegistered) session.say(`${member.title} has joined the chat!`);
      })
    ),
    "leaves the address out of who comes": rewording(/ from \[[^\]]*\](?= has joined)/, ""),
    "leaves the brackets out around the address": saying(() => (text) =>
      text.replace(/ from \[(.*)\](?= has)/, " from $1")
    ),
    "leaves the name out of who comes": rewording(/^[^]*(?=has joined the chat!$)/, "Somebody "),
    "shows another address each time": shiftingAddress(),
    "tells twice who comes": saying(() => (text) => JOINED.test(text) ? text + text : text),
  },
  "room/message": {
    "does not repeat a message to its sender": onLine(/^(?!#quit$)/, ({ session }, line) => {
      session.presence!.broadcast(bytesOf(line), UNHEARD);
    }),
    "repeats a message to its sender alone": deliveries((_deliver, delivery) => delivery.settle({ kind: "delivered" })),
    "tells one of the others alone what is said": tellingOne(/^\w+: [^]+$/, 2),
    "tells those without a name, too, what is said": withAll((all) =>
      lines((line, { handle }) => {
        handle(line);
        for (const session of all) if (!session.isRegistered) session.say(line);
      })
    ),
    "leaves the name out of messages": saying(() => (text) => text.replace(MARK, "")),
    "leaves the blank out behind the name": saying(() => (text) => text.replace(MARK, (mark) => mark.trimEnd())),
    "says each message twice": saying(() => (text) => MARK.test(text) ? text + text : text),
    "strips blanks from messages": saying(() => (text) => MARK.test(text) ? text.replace(/: +/, ": ").trimEnd() : text),
    "cuts messages at 512 bytes": saying(() => (text) => text.slice(0, 512)),
    "takes each byte of a message for a character": saying(() => (text) =>
      MARK.test(text) ? textOf(encoder.encode(text)) : text
    ),
    "takes every command that begins with a slash": onLine(/^\//, ({ session }) => session.say("Unknown command.")),
    "tells what was said before to those who come": history(),
  },
  "room/quit": {
    "does not answer #quit": rewording(/^#quit$/, ""),
    "answers #quit in other words": rewording(/^#quit$/, "Goodbye!"),
    "does not close on #quit": onLine(QUIT, ({ session }) => session.say("#quit")),
    "tells nobody who has quit": leaving(QUIT, (left, member, hasQuit) => hasQuit ? undefined : left(member)),
    "tells one user alone who has left": tellingOne(LEFT),
    "tells in other words who has left": rewording(/has left the chat\.$/, "left"),
    "takes #quit for a message": understanding(QUIT, "#quit "),
    "closes everybody when somebody quits": takingAllAlong(QUIT, (hasQuit) => hasQuit),
  },
  "room/quit-exact": {
    "takes #QUIT for #quit": understanding(/^#quit$/i, "#quit"),
    "takes what begins with #quit for it": understanding(/^#quit[^]+/, "#quit"),
    "looks for #quit anywhere in a message": understanding(/^[^]*#quit[^]*/, "#quit"),
    "takes quit for #quit": understanding(/^quit$/, "#quit"),
    "takes every word behind # for a command": onLine(/^#(?!quit$)/, ({ session }) => session.say("Unknown command.")),
  },
  "room/vanish": {
    "tells nobody who has left without #quit": leaving(QUIT, (left, member, hasQuit) => hasQuit && left(member)),
    "tells in other words who has left without #quit": leaving(QUIT, (left, member, hasQuit) => {
      left(hasQuit ? member : { ...member, title: `${member.title} (lost)` });
    }),
    "closes everybody when somebody leaves without #quit": takingAllAlong(QUIT, (hasQuit) => !hasQuit),
  },
  "room/silent-leaver": {
    "tells everybody when somebody without a name leaves": namelessLeaving((all) => {
      for (const session of all) if (session.isPresent) session.say("None has left the chat.");
    }),
    "closes everybody when somebody without a name leaves": namelessLeaving((all) => {
      for (const session of all) session.link.abort("done");
    }),
  },
};

/** Makes room's server as it is. */
export function makeRoom(context: ServerContext): RoomServer {
  return new RoomServer(context);
}

/** In the order of the clauses. */
export const ROOM_MUTANTS: readonly Mutant[] = changedServers(makeRoom, TABLE);

function sayTo(member: Member, text: string): void {
  ((member as Presence).recipient as LineSession).say(text);
}

/** Calls newcomers by another name in their welcome. */
function renaming(alter: (name: string) => string): Changing {
  return saying(() => (text) =>
    text.replace(/^(Welcome )([^]*)(?=! If)/, (_all, welcome: string, name: string) => welcome + alter(name))
  );
}

/** Tells what fits a pattern to so many alone of those who should be told. */
function tellingOne(pattern: RegExp, times = 1): Changing {
  return () => {
    const told = new Map<string, number>();
    return saying(() => (text) => {
      if (!pattern.test(text)) return text;
      told.set(text, (told.get(text) ?? 0) + 1);
      return told.get(text)! > times ? "" : text;
    })();
  };
}

/** Shows a port behind each address, another one for each newcomer; as right as ours. */
export function showingPorts(): Changing {
  return () => {
    const ports = new Map<string, number>();
    return saying(() => (text) =>
      text.replace(/^([^]* from \[[^\]]*)(?=\] has joined)/, (newcomer) => {
        ports.set(newcomer, ports.get(newcomer) ?? 40_000 + ports.size);
        return `${newcomer}:${ports.get(newcomer)}`;
      })
    )();
  };
}

function shiftingAddress(): Changing {
  return () => {
    let last = 0;
    return saying(() => (text) => text.replace(/(?<= from \[)[^\]]*(?=\] has)/, () => `192.0.2.${++last}`))();
  };
}

function history(): Changing {
  return () => {
    const said: string[] = [];
    return together(
      lines((line, { session, handle }) => {
        said.push(`${session.presence!.title}: ${line}`);
        handle(line);
      }),
      joining((joined, member) => {
        joined(member);
        for (const text of said) sayTo(member, text);
      }),
    )();
  };
}

/** Does something when somebody leaves who never gave a name. */
function namelessLeaving(act: (all: ReadonlySet<LineSession>) => void): Changing {
  return withAll((all) =>
    sessions((session: LineSession) => {
      const closed = session.closed.bind(session);
      session.closed = (reason) => {
        const isNameless = !session.isRegistered;
        closed(reason);
        if (isNameless) act(all);
      };
    })
  );
}
