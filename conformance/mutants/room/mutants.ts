/**
 * room servers that are wrong on purpose.
 *
 * @module
 */

import { utf8 } from "../latin1.ts";
import type { MutantTable } from "../mutant.ts";
import { TextChanges, type TextServerClass } from "../text/changes.ts";
import type { TextClient } from "../text/server.ts";
import { PlainRoomServer } from "./server.ts";

const room = new TextChanges(PlainRoomServer);

/** Calls newcomers by another name in their welcome. */
function renaming(alter: (name: string) => string): TextServerClass {
  return class extends PlainRoomServer {
    override welcome = (client: TextClient) => super.welcome({ ...client, name: alter(client.name) });
  };
}

/** Says more to a newcomer behind its welcome. */
function welcoming(more: (newcomer: TextClient) => string): TextServerClass {
  return class extends PlainRoomServer {
    override joined(client: TextClient): void {
      super.joined(client);
      this.say(client, more(client));
    }
  };
}

/** Passes messages to others than those who are to get them. */
function reaching(pick: (sender: TextClient, server: PlainRoomServer) => TextClient[]): TextServerClass {
  return class extends PlainRoomServer {
    override audience = (sender: TextClient) => pick(sender, this);
  };
}

/** Tells what fits a pattern to the first alone of those who should be told. */
function tellingOne(pattern: RegExp): TextServerClass {
  return class extends PlainRoomServer {
    override announce(about: TextClient, text: string): void {
      if (pattern.test(text)) this.others(about).slice(0, 1).forEach((one) => this.say(one, text));
      else super.announce(about, text);
    }
  };
}

/** Does something when somebody leaves who never gave a name. */
function onNamelessLeaving(act: (server: PlainRoomServer) => void): TextServerClass {
  return class extends PlainRoomServer {
    override leave(client: TextClient): void {
      super.leave(client);
      if (client.name === "") act(this);
    }
  };
}

/** Shows a port behind each address; as right as ours. */
export class ShowingPorts extends PlainRoomServer {
  /** See {@linkcode PlainRoomServer.addressOf}. */
  override addressOf = ({ link }: TextClient): string => `${link.remote.hostname}:${link.remote.port}`;
}

/** Does nothing for those who have a name. */
export const WelcomingOnly: TextServerClass = room.onLine(/^/, () => {});

/** By clause, what a server does wrong, and the server. */
export const ROOM_MUTANTS: MutantTable<TextServerClass> = {
  "room/greeting": {
    "does not greet": room.rewording(/^Greetings [^]*/, ""),
    "greets in other words": room.rewording(/^Greetings [^]*/, "Welcome! What is your name?"),
    "leaves out a blank in its greeting": room.rewording(/(?<=ChatRoom!) /, ""),
    "ends what it says in \\n": room.saying((text) => `${text}\n`),
    "sends the zero byte behind each string, too": room.saying((text) => `${text}\0`),
    "greets everybody whenever somebody comes": class extends PlainRoomServer {
      override greet = () => this.clients.forEach((client) => super.greet(client));
    },
  },
  "room/welcome": {
    "does not welcome": room.rewording(/^Welcome [^]*/, ""),
    "welcomes in other words": room.rewording(/(?<=^Welcome [^]*!) If [^]*/, " Type #quit to exit."),
    "leaves the name out of its welcome": room.rewording(/(?<=^Welcome) [^]*(?=! If)/, ""),
    "turns names into small letters": renaming((name) => name.toLowerCase()),
    "takes the first word of a name": renaming((name) => name.replace(/ .*/, "")),
    "cuts names at 32 characters": renaming((name) => name.slice(0, 32)),
    "takes names for ASCII": renaming((name) => name.replace(/[^\0-\x7f]/g, "?")),
    "takes letters and digits alone in names": renaming((name) => name.replace(/[^A-Za-z0-9]/g, "")),
    "tells a newcomer who is there": welcoming(() => "You are the newest here."),
    "tells a newcomer, too, who comes": welcoming(({ name }) => `${name} from [127.0.0.1] has joined the chat!`),
  },
  "room/joined": {
    "tells nobody who comes": room.rewording(/^[^]* has joined the chat!$/, ""),
    "tells one user alone who comes": tellingOne(/ has joined the chat!$/),
    "tells those without a name, too, who comes": class extends PlainRoomServer {
      override joined(client: TextClient): void {
        super.joined(client);
        for (const other of this.clients) if (other.name === "") this.say(other, `${client.name} has joined the chat!`);
      }
    },
    "leaves the address out of who comes": room.rewording(/ from \[[^\]]*\](?= has joined)/, ""),
    "leaves the brackets out around the address": room.rewording(/ from \[(.*)\](?= has)/, " from $1"),
    "leaves the name out of who comes": room.rewording(/^[^]*(?=has joined the chat!$)/, "Somebody "),
    "shows another address each time": class extends PlainRoomServer {
      #last = 0;
      override addressOf = () => `192.0.2.${++this.#last}`;
    },
    "tells twice who comes": room.rewording(/^[^]* has joined the chat!$/, "$&$&"),
  },
  "room/message": {
    "does not repeat a message to its sender": reaching((sender, server) => server.others(sender)),
    "repeats a message to its sender alone": reaching((sender) => [sender]),
    "tells one of the others alone what is said": reaching((sender, server) => [
      sender,
      ...server.others(sender).slice(0, 1),
    ]),
    "tells those without a name, too, what is said": reaching((_sender, { clients }) => [...clients]),
    "leaves the name out of messages": class extends PlainRoomServer {
      override pass = (to: TextClient, _from: TextClient, text: string) => this.say(to, text);
    },
    "leaves the blank out behind the name": class extends PlainRoomServer {
      override pass = (to: TextClient, { name }: TextClient, text: string) => this.say(to, `${name}:${text}`);
    },
    "says each message twice": reaching((_sender, { users }) => [...users, ...users]),
    "strips blanks from messages": room.passing((text) => text.trim()),
    "cuts messages at 512 bytes": room.saying((text) => text.slice(0, 512)),
    "takes each byte of a message for a character": class extends PlainRoomServer {
      override pass = (to: TextClient, { name }: TextClient, text: string) => this.say(to, utf8(`${name}: ${text}`));
    },
    "takes every command that begins with a slash": room.onLine(
      /^\//,
      (server, client) => server.say(client, "Unknown command."),
    ),
    "tells what was said before to those who come": class extends PlainRoomServer {
      readonly #said: string[] = [];

      override line(client: TextClient, text: string): void {
        this.#said.push(`${client.name}: ${text}`);
        super.line(client, text);
      }

      override joined(client: TextClient): void {
        super.joined(client);
        for (const text of this.#said) this.say(client, text);
      }
    },
  },
  "room/quit": {
    "does not answer #quit": room.rewording(/^#quit$/, ""),
    "answers #quit in other words": room.rewording(/^#quit$/, "Goodbye!"),
    "does not close on #quit": room.onLine(/^#quit$/, (server, client) => server.say(client, "#quit")),
    "tells nobody who has quit": room.tellingOf(({ hasQuit }) => !hasQuit),
    "tells one user alone who has left": tellingOne(/ has left the chat\.$/),
    "tells in other words who has left": room.rewording(/has left the chat\.$/, "left"),
    "takes #quit for a message": room.understanding(/^#quit$/, "#quit "),
    "closes everybody when somebody quits": room.closingAll(({ hasQuit }) => hasQuit),
  },
  "room/quit-exact": {
    "takes #QUIT for #quit": room.understanding(/^#quit$/i, "#quit"),
    "takes what begins with #quit for it": room.understanding(/^#quit[^]+/, "#quit"),
    "looks for #quit anywhere in a message": room.understanding(/^[^]*#quit[^]*/, "#quit"),
    "takes quit for #quit": room.understanding(/^quit$/, "#quit"),
    "takes every word behind # for a command": room.onLine(
      /^#(?!quit$)/,
      (server, client) => server.say(client, "Unknown command."),
    ),
  },
  "room/vanish": {
    "tells nobody who has left without #quit": room.tellingOf(({ hasQuit }) => hasQuit),
    "tells in other words who has left without #quit": class extends PlainRoomServer {
      override left = (client: TextClient) =>
        super.left(client.hasQuit ? client : { ...client, name: `${client.name} (lost)` });
    },
    "closes everybody when somebody leaves without #quit": room.closingAll(({ hasQuit }) => !hasQuit),
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
