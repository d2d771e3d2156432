/**
 * relay servers that go wrong before anybody sends anything.
 *
 * @module
 */

import { fromUtf8 } from "../latin1.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import {
  closingBehind,
  closingInsteadOf,
  deafBehind,
  INCOMPLETE,
  keepingNames,
  naming,
  onRegister,
  replacing,
  replacingOnceNamed,
  saying,
  sayingOnce,
  type SocketAction,
  takingNames,
  UNDELIVERED,
} from "./changes.ts";
import {
  isName,
  type PlainMessage,
  type PlainRelayServer,
  type PlainUser,
  relay,
  type RelaySide,
  type RelaySocket,
} from "./server.ts";

/** Does something else where one sends that is nobody's. */
function sendingTooEarly(answer: (socket: RelaySocket, server: PlainRelayServer, message: PlainMessage) => void) {
  return relay("tooEarly", (plain, server) => (socket, message) => {
    if (message.verb === "SEND" && message.fault === undefined) answer(socket, server, message);
    else plain(socket, message);
  });
}

/** Does something else where a socket that is nobody's says anything but REGISTER and SEND. */
function garbageFromNobody(answer: SocketAction): MakePlain {
  return relay("tooEarly", (plain, server) => (socket, message) => {
    if (message.verb === "SEND" || message.verb === "REGISTER") plain(socket, message);
    else answer(socket, server);
  });
}

/** Refuses every name on a socket on which one was refused. */
function refusingForGood(words: string): MakePlain {
  return sayingOnce(/^ERROR 100/, (text) => text.replace(/^REGISTERED [^\n]*/, words));
}

/** Does something else where a name is taken. */
function whereTaken(
  act: (server: PlainRelayServer, holder: PlainUser, socket: RelaySocket, side: RelaySide) => void,
): MakePlain {
  return relay("taken", (_plain, server) => (socket, side, name) => {
    act(server, server.users.get(name)!, socket, side);
  });
}

/** A holder loses its name: its sockets are closed. */
function throwOut(server: PlainRelayServer, { sockets }: PlainUser): void {
  for (const { link } of sockets.values()) link.end("refused");
  for (const socket of sockets.values()) server.leave(socket);
}

/** Mutants of the clauses on names, and on sockets that are nobody's yet. */
export const REGISTRATION: MutantTable<MakePlain> = {
  "relay/register-tosend": {
    "ends lines in \\r\\n instead of \\n": saying((text) => text.replaceAll("\n", "\r\n")),
    "ends messages in `\\n \\n` instead of `\\n\\n`": replacing(/\n\n$/, "\n \n"),
    "ends messages in one \\n instead of two": replacing(/\n\n$/, "\n"),
    "ends messages without any \\n": replacing(/\n\n$/, ""),
    "ends messages in three \\n instead of two": replacing(/\n\n$/, "\n\n\n"),
    "puts a blank behind what it says": replacing(/\n\n$/, " \n\n"),
    "sends a backslash and an n instead of each newline": replacing(/\n\n$/, "\\n\\n"),
    "sends the zero byte behind each string, too": replacing(/$/, "\0"),
    "sends its whole buffer, zero bytes included": saying((text) => text.padEnd(1024, "\0")),
    "greets whoever connects": relay("connected", (_plain, server) => (socket) => server.say(socket, "Welcome")),
    "registers names without saying so": replacing(/^REGISTERED [^]*/, ""),
    "leaves the name out of REGISTERED": replacing(/(?<=^REGISTERED \w+) [^\n]+/, ""),
    "leaves TOSEND and TORECV out of REGISTERED": replacing(/(?<=^REGISTERED) \w+/, ""),
    "says REGISTER instead of REGISTERED": replacing(/^REGISTERED/, "REGISTER"),
    "says its words in small letters": saying((text) => text.toLowerCase()),
    "takes no name that begins with a digit": takingNames((name) => isName(name) && !/^[0-9]/.test(name)),
    "turns names into small letters": replacing(/(?<=^REGISTERED \w+ )\w+/, (name) => name.toLowerCase()),
    "takes names that differ in case for one": relay("isFree", (plain, { users }) => (name, side) => {
      const same = [...users.values()].filter((user) => user.name.toLowerCase() === name.toLowerCase());
      return plain(name, side) && same.every((user) => user.name === name || !user.sockets.has(side));
    }),
    "takes no name that begins with ALL": takingNames((name) => isName(name) && !name.startsWith("ALL")),
    "closes a socket when it has registered": closingBehind(/^REGISTERED TOSEND/),
  },
  "relay/register-torecv": {
    "says REGISTERED TOSEND on either kind of socket": replacing(/(?<=^REGISTERED )TORECV/, "TOSEND"),
    "does not answer REGISTER TORECV": replacing(/^REGISTERED TORECV[^]*/, ""),
    "takes the second socket of a user for somebody else": relay(
      "isFree",
      (_plain, server) => (name) => !server.users.has(name),
    ),
    "closes the first socket of a user when the second registers": relay(
      "entered",
      () => ({ sockets }) => [...sockets.values()][0]!.link.end("done"),
    ),
  },
  "relay/register-malformed": {
    "takes any name": takingNames((name) => name !== "ALL"),
    "takes an empty name": takingNames((name) => name === "" || isName(name)),
    "takes underscores in names": takingNames((name) => /^\w+$/.test(name) && name !== "ALL"),
    "takes letters and digits of any script in names": takingNames((name) =>
      /^[\p{L}\p{N}]+$/u.test(fromUtf8(name)) && name !== "ALL"
    ),
    "takes any name that has no blanks": takingNames((name) => /^\S+$/.test(fromUtf8(name)) && name !== "ALL"),
    "looks at the first character of a name only": takingNames((name) => /^[A-Za-z0-9]/.test(name) && name !== "ALL"),
    "takes the first word of a name": naming((name) => isName(name) ? name : /^(\w+)\s/.exec(name)?.[1]),
    "reads a name up to its zero byte": naming((name) => isName(name) ? name : /^(\w+)\0/.exec(name)?.[1]),
    "looks at names on TOSEND sockets only": takingNames((name, side) =>
      isName(name) || side === "TORECV" && name !== "ALL"
    ),
    "looks at names on TORECV sockets only": takingNames((name, side) =>
      isName(name) || side === "TOSEND" && name !== "ALL"
    ),
    "does not answer malformed names": replacing(/^ERROR 100 Malformed[^]*/, ""),
    "closes the socket instead of saying ERROR 100": closingInsteadOf(/^ERROR 100/),
    "says another code than 100 to a malformed name": replacing(/(?<=^ERROR )100(?= Malformed)/, "101"),
    "puts other words behind ERROR 100": replacing(/(?<=^ERROR 100 )Malformed username/, "Invalid name"),
    "puts no words behind ERROR 100": replacing(/(?<=^ERROR 100) Malformed username/, ""),
  },
  "relay/register-all": {
    "takes ALL for a name": takingNames((name) => name === "ALL" || isName(name)),
    "takes ALL for a name on TORECV sockets": takingNames((name, side) =>
      isName(name) || side === "TORECV" && name === "ALL"
    ),
    "does not answer REGISTER with the name ALL": onRegister((name) => name === "ALL", () => {}),
    "says another code than 100 to the name ALL": onRegister((name) => name === "ALL", INCOMPLETE),
  },
  "relay/register-taken": {
    "registers a name once more that is taken": whereTaken((server, { name }, socket, side) => {
      server.admit(socket, side, name, `${name}again`);
    }),
    "takes a name away from its holder for somebody else": whereTaken((server, holder, socket, side) => {
      throwOut(server, holder);
      server.register(socket, side, holder.name);
    }),
    "throws out the holder of a name when somebody else asks for it": relay(
      "taken",
      (plain, server) => (socket, side, name) => {
        throwOut(server, server.users.get(name)!);
        plain(socket, side, name);
      },
    ),
    "does not answer names that are taken": whereTaken(() => {}),
  },
  "relay/register-long": {
    "takes no long names": takingNames((name) => isName(name) && name.length <= 20),
    "takes names of at most 31 characters": takingNames((name) => isName(name) && name.length < 32),
    "cuts long names short": replacing(/(?<=^REGISTERED \w+ \w{20})\w+/, ""),
    "does not answer long names": replacing(/^REGISTERED \w+ \w{31}[^]*/, ""),
  },
  "relay/register-retry": {
    "closes the socket behind ERROR 100": closingBehind(/^ERROR 100/),
    "does not listen to a socket any more behind ERROR 100": deafBehind(/^ERROR 100/),
    "refuses every other name on a socket behind ERROR 100": refusingForGood("ERROR 100 Malformed username"),
    "says ERROR 101 to every other name on a socket behind ERROR 100": refusingForGood("ERROR 101 No user registered"),
  },
  "relay/register-release": {
    "keeps a name when its user has left": keepingNames(() => true),
    "keeps a name whose user leaves before the second socket has registered": keepingNames(({ sockets }) =>
      sockets.size === 1
    ),
    "keeps a name whose user had registered both sockets": keepingNames(({ sockets }) => sockets.size === 2),
  },
  "relay/unregistered-send": {
    "does not answer a SEND from nobody": sendingTooEarly(() => {}),
    "closes a socket on which nobody sends": sendingTooEarly(({ link }) => link.end("done")),
    "says ERROR 102 to a SEND from nobody": sendingTooEarly(UNDELIVERED),
    "says ERROR 103 to a SEND from nobody": sendingTooEarly(INCOMPLETE),
    "passes a SEND from nobody on": sendingTooEarly((socket, server, { argument, body }) => {
      const [somebody] = server.present;
      server.say(socket, `SENT ${argument}`);
      if (somebody !== undefined) server.deliver(somebody, argument, body, () => {});
    }),
  },
  "relay/unregistered-garbage": {
    "does not answer what it does not understand before REGISTER": garbageFromNobody(() => {}),
    "closes a socket that says something else than REGISTER first": garbageFromNobody(({ link }) => link.end("done")),
    "says ERROR 102 to what it does not understand before REGISTER": garbageFromNobody(UNDELIVERED),
    "says ERROR 103 to what it does not understand before REGISTER": garbageFromNobody(INCOMPLETE),
    "finds REGISTER anywhere in a message": relay("handle", (plain) => (socket, message) => {
      const argument = /REGISTER ([^]*)/.exec(message.argument)?.[1];
      plain(socket, argument === undefined ? message : { verb: "REGISTER", argument, body: "" });
    }),
    "closes a socket that says what is not UTF-8": relay("handle", (plain) => (socket, message) => {
      if (fromUtf8(message.verb).includes("\ufffd")) socket.link.end("done");
      else plain(socket, message);
    }),
  },
  "relay/unregistered-half": {
    "does not answer a SEND before TORECV is registered": replacingOnceNamed(/^ERROR 101[^]*/, ""),
    "says ERROR 102 to a SEND before TORECV is registered": replacingOnceNamed(
      /^ERROR 101[^]*/,
      "ERROR 102 Unable to send\n\n",
    ),
    "lets a user send before TORECV is registered": relay("tooEarly", (plain, server) => (socket, message) => {
      const { user } = socket;
      if (user !== undefined && message.verb === "SEND") server.send(socket, user, message.argument, message.body);
      else plain(socket, message);
    }),
  },
  "relay/unregistered-open": {
    "closes the socket behind ERROR 101": closingBehind(/^ERROR 101/),
    "does not listen to a socket any more behind ERROR 101": deafBehind(/^ERROR 101/),
    "takes the body of a SEND that it refuses for the next message": relay("tooEarly", (plain) => (socket, message) => {
      plain(socket, message);
      socket.unread = message.body + socket.unread;
    }),
  },
};
