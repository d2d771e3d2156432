/**
 * relay servers that go wrong before anybody sends anything.
 *
 * @module
 */

import type { Link } from "../../../lib/core/link.ts";
import type { Presence } from "../../../lib/hub/presence.ts";
import type { RelaySession } from "../../../lib/dialects/relay/session.ts";
import type { Changing } from "../mutation.ts";
import { keepingNames, saying, sessions, together } from "../mutations.ts";
import type { MutantTable } from "../mutant.ts";
import {
  closingBehind,
  closingInsteadOf,
  deafBehind,
  isName,
  messages,
  naming,
  replacing,
  replacingOnceRegistered,
  say,
  takingNames,
  users,
  whereTaken,
} from "./changes.ts";

/** Mutants of the clauses on names, and on sockets that are nobody's yet. */
export const REGISTRATION: MutantTable<Changing> = {
  "relay/register-tosend": {
    "ends lines in \\r\\n instead of \\n": saying(() => (text) => text.replaceAll("\n", "\r\n")),
    "ends messages in `\\n \\n` instead of `\\n\\n`": replacing(/\n\n$/, "\n \n"),
    "ends messages in one \\n instead of two": replacing(/\n\n$/, "\n"),
    "ends messages without any \\n": replacing(/\n\n$/, ""),
    "ends messages in three \\n instead of two": replacing(/\n\n$/, "\n\n\n"),
    "puts a blank behind what it says": replacing(/\n\n$/, " \n\n"),
    "sends a backslash and an n instead of each newline": replacing(/\n\n$/, "\\n\\n"),
    "sends the zero byte behind each string, too": replacing(/$/, "\0"),
    "sends its whole buffer, zero bytes included": messages(() => (text) => text.padEnd(1024, "\0")),
    "greets whoever connects": sessions((_session, link) => say(link, "Welcome")),
    "registers names without saying so": replacing(/^REGISTERED [^]*/, ""),
    "leaves the name out of REGISTERED": replacing(/(?<=^REGISTERED \w+) [^\n]+/, ""),
    "leaves TOSEND and TORECV out of REGISTERED": replacing(/(?<=^REGISTERED) \w+/, ""),
    "says REGISTER instead of REGISTERED": replacing(/^REGISTERED/, "REGISTER"),
    "says its words in small letters": messages(() => (text) => text.toLowerCase()),
    "takes no name that begins with a digit": takingNames((name) => isName(name) && !/^[0-9]/.test(name)),
    "turns names into small letters": replacing(/(?<=^REGISTERED \w+ )\w+/, (name) => name.toLowerCase()),
    "takes no name that begins with ALL": takingNames((name) => isName(name) && !name.startsWith("ALL")),
    "closes a socket when it has registered": closingBehind(/^REGISTERED TOSEND/),
  },
  "relay/register-torecv": {
    "says REGISTERED TOSEND on either kind of socket": replacing(/(?<=^REGISTERED )TORECV/, "TOSEND"),
    "does not answer REGISTER TORECV": replacing(/^REGISTERED TORECV[^]*/, ""),
    "takes the second socket of a user for somebody else": users((user) => user.join = () => false),
    "closes the first socket of a user when the second registers": users((user) => {
      const join = user.join.bind(user);
      user.join = (socket, side) => {
        const hasJoined = join(socket, side);
        user.leave(socket, "partner-left");
        return hasJoined;
      };
    }),
  },
  "relay/register-malformed": {
    "takes any name": takingNames((name) => name !== "ALL"),
    "takes an empty name": takingNames((name) => name === "" || isName(name)),
    "takes underscores in names": takingNames((name) => /^\w+$/.test(name) && name !== "ALL"),
    "takes letters and digits of any script in names": takingNames((name) =>
      /^[\p{L}\p{N}]+$/u.test(name) && name !== "ALL"
    ),
    "takes any name that has no blanks": takingNames((name) => /^\S+$/.test(name) && name !== "ALL"),
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
    "does not answer REGISTER with the name ALL": withAll(() => {}),
    "says another code than 100 to the name ALL": withAll((link) => say(link, "ERROR 103 Header incomplete")),
  },
  "relay/register-taken": {
    "registers a name once more that is taken": whereTaken((_holder, register, socket, side, name) =>
      register(socket, side, `${name}again`)
    ),
    "takes a name away from its holder for somebody else": whereTaken((holder, register, socket, side, name) => {
      holder.leave(socket, "refused");
      return register(socket, side, name);
    }),
    "throws out the holder of a name when somebody else asks for it": whereTaken((holder, _register, socket) => {
      holder.leave(socket, "refused");
      return "taken";
    }),
    "does not answer names that are taken": takenInSilence(),
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
    "refuses every other name on a socket behind ERROR 100": refusedForGood("ERROR 100 Malformed username"),
    "says ERROR 101 to every other name on a socket behind ERROR 100": refusedForGood("ERROR 101 No user registered"),
  },
  "relay/register-release": {
    "keeps a name when its user has left": keepingNames(() => true),
    "keeps a name whose user leaves before the second socket has registered": keepingNames(({ recipient }) =>
      recipient === undefined
    ),
    "keeps a name whose user had registered both sockets": keepingNames(({ recipient }) => recipient !== undefined),
  },
  "relay/unregistered-send": {
    "does not answer a SEND from nobody": sendFromNobody(() => {}),
    "closes a socket on which nobody sends": sendFromNobody((link) => link.end("done")),
    "says ERROR 102 to a SEND from nobody": sendFromNobody((link) => say(link, "ERROR 102 Unable to send")),
    "says ERROR 103 to a SEND from nobody": sendFromNobody((link) => say(link, "ERROR 103 Header incomplete")),
    "passes a SEND from nobody on": anonymous(),
  },
  "relay/unregistered-garbage": {
    "does not answer what it does not understand before REGISTER": garbageFromNobody(() => {}),
    "closes a socket that says something else than REGISTER first": garbageFromNobody((link) => link.end("done")),
    "says ERROR 102 to what it does not understand before REGISTER": garbageFromNobody((link) =>
      say(link, "ERROR 102 Unable to send")
    ),
    "says ERROR 103 to what it does not understand before REGISTER": garbageFromNobody((link) =>
      say(link, "ERROR 103 Header incomplete")
    ),
    "finds REGISTER anywhere in a message": sessions((session: RelaySession) => {
      const message = session.message.bind(session);
      session.message = (header) => {
        const argument = /REGISTER ([^]*)/.exec(header.argument)?.[1];
        message(argument === undefined ? header : { verb: "REGISTER", argument, length: undefined });
      };
    }),
    "closes a socket that says what is not UTF-8": sessions((session: RelaySession, link) => {
      const message = session.message.bind(session);
      session.message = (header) => isUtf8(header.verb) ? message(header) : link.end("done");
    }),
  },
  "relay/unregistered-half": {
    "does not answer a SEND before TORECV is registered": replacingOnceRegistered(/^ERROR 101[^]*/, ""),
    "says ERROR 102 to a SEND before TORECV is registered": replacingOnceRegistered(
      /^ERROR 101[^]*/,
      "ERROR 102 Unable to send\n\n",
    ),
    "lets a user send before TORECV is registered": half(),
  },
  "relay/unregistered-open": {
    "closes the socket behind ERROR 101": closingBehind(/^ERROR 101/),
    "does not listen to a socket any more behind ERROR 101": deafBehind(/^ERROR 101/),
    "takes the body of a SEND that it refuses for the next message": sessions((session: RelaySession) => {
      const take = session.body.bind(session);
      session.body = (to, body) => {
        take(to, body);
        const rest = body.slice();
        if (!session.isRegistered) queueMicrotask(() => session.receive(rest));
      };
    }),
  },
};

/** Whether the bytes that a session has read as this text were UTF-8. */
function isUtf8(text: string): boolean {
  return text.isWellFormed();
}

/** Says nothing where a name is taken. */
function takenInSilence(): Changing {
  return () => {
    let isTaken = false;
    return together(
      whereTaken(() => {
        isTaken = true;
        return "taken";
      }),
      replacing(/^ERROR 100[^]*/, (all) => {
        const said = isTaken ? "" : all;
        isTaken = false;
        return said;
      }),
    )();
  };
}

/** Does something else where ALL is to be registered. */
function withAll(answer: (link: Link) => void): Changing {
  return sessions((session: RelaySession, link) => {
    const message = session.message.bind(session);
    session.message = (header) => {
      if (header.verb === "REGISTER" && header.argument.endsWith(" ALL")) answer(link);
      else message(header);
    };
  });
}

function refusedForGood(words: string): Changing {
  return messages(() => {
    let isRefused = false;
    return (message) => {
      isRefused ||= message.startsWith("ERROR 100");
      return isRefused ? message.replace(/^REGISTERED [^\n]*/, words) : message;
    };
  });
}

/** Does something else where a socket sends that is nobody's. */
function sendFromNobody(answer: (link: Link) => void): Changing {
  return sessions((session: RelaySession, link) => {
    const body = session.body.bind(session);
    session.body = (to, bytes) => session.isRegistered ? body(to, bytes) : answer(link);
  });
}

/** Does something else where a socket that is nobody's says anything but REGISTER and SEND. */
function garbageFromNobody(answer: (link: Link) => void): Changing {
  return sessions((session: RelaySession, link) => {
    const message = session.message.bind(session);
    session.message = (header) => {
      if (session.isRegistered || header.verb === "REGISTER") message(header);
      else answer(link);
    };
  });
}

/** Lets those send who are not registered, or not wholly: `find` says for whom a session sends. */
function anonymous(): Changing {
  return () => {
    let somebody: Presence | undefined;
    return {
      presence: (presence) => somebody ??= presence,
      ...sessions((session: RelaySession, link) => {
        const take = session.body.bind(session);
        session.body = (to, body) => {
          if (session.isRegistered) return take(to, body);
          const settled = () => say(link, `SENT ${to}`);
          somebody?.send(to, body, { settled });
        };
      })(),
    };
  };
}

function half(): Changing {
  return () => {
    const presences = new Map<string, Presence>();
    return {
      presence: (presence) => presences.set(presence.name, presence),
      ...sessions((session: RelaySession, link) => {
        let name = "";
        const [take, message] = [session.body.bind(session), session.message.bind(session)];
        session.message = (header) => {
          name = /^TOSEND (\w+)$/.exec(header.argument)?.[1] ?? name;
          message(header);
        };
        session.body = (to, body) => {
          const presence = presences.get(name);
          if (presence === undefined || presence.recipient !== undefined) return take(to, body);
          presence.send(to, body, {
            settled: (outcome) => {
              say(link, outcome.kind === "delivered" ? `SENT ${to}` : "ERROR 102 Unable to send");
            },
          });
        };
      })(),
    };
  };
}
