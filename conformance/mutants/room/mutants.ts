/**
 * room servers that are wrong on purpose.
 *
 * @module
 */

import { inTurn } from "../in_turn.ts";
import { utf8 } from "../latin1.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import { TextChanges } from "../text/changes.ts";
import { PlainRoomServer, room } from "./server.ts";
import type { TextClient } from "../text/server.ts";

const common = new TextChanges(PlainRoomServer);

/** Calls newcomers by another name in their welcome. */
function renaming(alter: (name: string) => string): MakePlain {
  return room("welcome", (plain) => (client) => plain({ ...client, name: alter(client.name) }));
}

/** Says more to a newcomer behind its welcome. */
function welcoming(more: (newcomer: TextClient) => string): MakePlain {
  return room("joined", (plain, server) => (client) => {
    plain(client);
    server.say(client, more(client));
  });
}

/** Passes messages to others than those who are to get them. */
function reaching(pick: (sender: TextClient, server: PlainRoomServer) => TextClient[]): MakePlain {
  return room("audience", (_plain, server) => (sender) => pick(sender, server));
}

/** Tells what fits a pattern to the first alone of those who should be told. */
function tellingOne(pattern: RegExp): MakePlain {
  return room("announce", (plain, server) => (about, text) => {
    if (pattern.test(text)) server.others(about).slice(0, 1).forEach((one) => server.say(one, text));
    else plain(about, text);
  });
}

/** Does something when somebody leaves who never gave a name. */
function onNamelessLeaving(act: (server: PlainRoomServer) => void): MakePlain {
  return room("leave", (plain, server) => (client) => {
    plain(client);
    if (client.name === "") act(server);
  });
}

/** Shows a port behind each address; as right as ours. */
export const showingPorts: MakePlain = room(
  "addressOf",
  () => ({ link }) => `${link.remote.hostname}:${link.remote.port}`,
);

/** Does nothing for those who have a name. */
export const welcomingOnly: MakePlain = common.onLine(/^/, () => {});

/** By clause, what a server does wrong, and the server. */
export const ROOM_MUTANTS: MutantTable<MakePlain> = {
  "room/greeting": {
    "does not greet": common.rewording(/^Greetings [^]*/, ""),
    "greets in other words": common.rewording(/^Greetings [^]*/, "Welcome! What is your name?"),
    "leaves out a blank in its greeting": common.rewording(/(?<=ChatRoom!) /, ""),
    "ends what it says in \\n": common.saying((text) => `${text}\n`),
    "sends the zero byte behind each string, too": common.saying((text) => `${text}\0`),
    "greets everybody whenever somebody comes": room(
      "greet",
      (plain, server) => () => server.clients.forEach((client) => plain(client)),
    ),
  },
  "room/welcome": {
    "does not welcome": common.rewording(/^Welcome [^]*/, ""),
    "welcomes in other words": common.rewording(/(?<=^Welcome [^]*!) If [^]*/, " Type #quit to exit."),
    "leaves the name out of its welcome": common.rewording(/(?<=^Welcome) [^]*(?=! If)/, ""),
    "turns names into small letters": renaming((name) => name.toLowerCase()),
    "takes the first word of a name": renaming((name) => name.replace(/ .*/, "")),
    "cuts names at 32 characters": renaming((name) => name.slice(0, 32)),
    "takes names for ASCII": renaming((name) => name.replace(/[^\0-\x7f]/g, "?")),
    "takes letters and digits alone in names": renaming((name) => name.replace(/[^A-Za-z0-9]/g, "")),
    "tells a newcomer who is there": welcoming(() => "You are the newest here."),
  },
  "room/joined": {
    "tells nobody who comes": common.rewording(/^[^]* has joined the chat!$/, ""),
    "tells one user alone who comes": tellingOne(/ has joined the chat!$/),
    "tells those without a name, too, who comes": room("joined", (plain, server) => (client) => {
      plain(client);
      for (const other of server.clients) {
        if (other.name === "") {
          server.say(other, `${client.name} has joined the chat!`);
        }
      }
    }),
    "leaves the address out of who comes": common.rewording(/ from \[[^\]]*\](?= has joined)/, ""),
    "leaves the brackets out around the address": common.rewording(/ from \[(.*)\](?= has)/, " from $1"),
    "leaves the name out of who comes": common.rewording(/^[^]*(?=has joined the chat!$)/, "Somebody "),
    "shows another address each time": room("addressOf", () => {
      let last = 0;
      return () => `192.0.2.${++last}`;
    }),
    "tells a newcomer, too, who comes": welcoming(({ name }) => `${name} from [127.0.0.1] has joined the chat!`),
    "tells twice who comes": common.rewording(/^[^]* has joined the chat!$/, "$&$&"),
  },
  "room/message": {
    "does not repeat a message to its sender": reaching((sender, server) => server.others(sender)),
    "repeats a message to its sender alone": reaching((sender) => [sender]),
    "tells one of the others alone what is said": reaching((sender, server) => [
      sender,
      ...server.others(sender).slice(0, 1),
    ]),
    "tells those without a name, too, what is said": reaching((_sender, { clients }) => [...clients]),
    "leaves the name out of messages": room("pass", (_plain, server) => (to, _from, text) => server.say(to, text)),
    "leaves the blank out behind the name": room(
      "pass",
      (_plain, server) => (to, { name }, text) => server.say(to, `${name}:${text}`),
    ),
    "says each message twice": reaching((_sender, { users }) => [...users, ...users]),
    "strips blanks from messages": common.passing((text) => text.trim()),
    "cuts messages at 512 bytes": common.saying((text) => text.slice(0, 512)),
    "takes each byte of a message for a character": room(
      "pass",
      (_plain, server) => (to, { name }, text) => server.say(to, utf8(`${name}: ${text}`)),
    ),
    "takes every command that begins with a slash": common.onLine(
      /^\//,
      (server, client) => server.say(client, "Unknown command."),
    ),
    "tells what was said before to those who come": room((plain, server) => {
      let said: string[] = [];
      return {
        line: (client, text) => {
          said.push(`${client.name}: ${text}`);
          plain.line(client, text);
        },
        joined: (client) => {
          // Of another company nothing is known any more.
          if (server.others(client).length === 0) said = [];
          plain.joined(client);
          for (const text of said) server.say(client, text);
        },
      };
    }),
  },
  "room/quit": {
    "does not answer #quit": common.rewording(/^#quit$/, ""),
    "answers #quit in other words": common.rewording(/^#quit$/, "Goodbye!"),
    "does not close on #quit": common.onLine(/^#quit$/, (server, client) => server.say(client, "#quit")),
    "tells nobody who has quit": common.tellingOf(({ hasQuit }) => !hasQuit),
    "tells one user alone who has left": tellingOne(/ has left the chat\.$/),
    "tells in other words who has left": common.rewording(/has left the chat\.$/, "left"),
    "takes #quit for a message": common.understanding(/^#quit$/, "#quit "),
    "closes everybody when somebody quits": common.closingAll(({ hasQuit }) => hasQuit),
  },
  "room/quit-exact": {
    "takes #QUIT for #quit": common.understanding(/^#quit$/i, "#quit"),
    "takes what begins with #quit for it": common.understanding(/^#quit[^]+/, "#quit"),
    "looks for #quit anywhere in a message": common.understanding(/^[^]*#quit[^]*/, "#quit"),
    "takes quit for #quit": common.understanding(/^quit$/, "#quit"),
    "takes every word behind # for a command": common.onLine(
      /^#(?!quit$)/,
      (server, client) => server.say(client, "Unknown command."),
    ),
  },
  "room/vanish": {
    "keeps who has left without #quit in its table, and stops there whenever it tells all": room((plain, server) => {
      const dead = new Set<TextClient>();
      const untilDead = (clients: TextClient[]) => {
        const at = clients.findIndex((client) => dead.has(client));
        return at < 0 ? clients : clients.slice(0, at);
      };
      return {
        audience: (sender) => untilDead(plain.audience(sender)),
        announce: (about, text) => {
          for (const other of untilDead(server.others(about))) server.say(other, text);
        },
        leave: (client) => {
          if (client.hasQuit) plain.leave(client);
          else dead.add(client);
        },
      };
    }),
    "tells nobody who has left without #quit": common.tellingOf(({ hasQuit }) => hasQuit),
    "tells in other words who has left without #quit": room(
      "left",
      (plain) => (client) => plain(client.hasQuit ? client : { ...client, name: `${client.name} (lost)` }),
    ),
    "closes everybody when somebody leaves without #quit": common.closingAll(({ hasQuit }) => !hasQuit),
  },
  "room/silent-neighbour": {
    "handles one connection at a time": room("accept", (plain) => inTurn(plain)),
  },
  "room/silent-leaver": {
    "tells everybody when somebody without a name leaves": onNamelessLeaving((server) => {
      for (const client of server.users) server.say(client, "None has left the chat.");
    }),
    "closes everybody when somebody without a name leaves": onNamelessLeaving((server) => {
      for (const client of server.clients) client.link.abort("done");
    }),
  },
};
