/**
 * What a relay server can do wrong in more than one place.
 *
 * @module
 */

import type { MakePlain } from "../mutant.ts";
import {
  type PlainFault,
  type PlainOutcome,
  type PlainRelayServer,
  type PlainUser,
  relay,
  type RelaySide,
  type RelaySocket,
} from "./server.ts";

/** What is said to a socket, and what is done to it. */
export type SocketAction = (socket: RelaySocket, server: PlainRelayServer) => void;

/** Says something to a socket. */
export function sayingWords(words: string): SocketAction {
  return (socket, server) => server.say(socket, words);
}

/** What says the document's errors 102 and 103. */
export const UNDELIVERED: SocketAction = sayingWords("ERROR 102 Unable to send");
/** See {@linkcode UNDELIVERED}. */
export const INCOMPLETE: SocketAction = sayingWords("ERROR 103 Header incomplete");

/** Says something else than each message, but for bodies. */
export function saying(alter: (message: string, socket: RelaySocket) => string): MakePlain {
  return relay("put", (plain) => (socket, text) => plain(socket, alter(text, socket)));
}

/** Says something else in place of what fits a pattern: that very text, or what is made of what fits. */
export function replacing(pattern: RegExp, replacement: string | ((all: string) => string)): MakePlain {
  const replacer = typeof replacement === "string" ? () => replacement : replacement;
  return saying((message) => message.replace(pattern, replacer));
}

/** Says something else in place of what fits a pattern on sockets that have a name. */
export function replacingOnceNamed(pattern: RegExp, replacement: string): MakePlain {
  return saying((message, { user }) => user === undefined ? message : message.replace(pattern, replacement));
}

/** Puts the name of a socket's user in place of what fits a pattern. */
export function replacingByOwnName(pattern: RegExp): MakePlain {
  return saying((message, { user }) => message.replace(pattern, user?.name ?? ""));
}

/** Says something else on a socket that was told what fits a pattern, from then on. */
export function sayingOnce(pattern: RegExp, alter: (message: string) => string): MakePlain {
  return relay("put", (plain) => {
    const met = new Set<RelaySocket>();
    return (socket, text) => {
      plain(socket, met.has(socket) ? alter(text) : text);
      if (pattern.test(text)) met.add(socket);
    };
  });
}

/** Closes the socket behind each message that fits a pattern. */
export function closingBehind(pattern: RegExp): MakePlain {
  return relay("put", (plain) => (socket, text) => {
    plain(socket, text);
    if (pattern.test(text)) socket.link.end("done");
  });
}

/** Closes the socket instead of saying a message that fits a pattern. */
export function closingInsteadOf(pattern: RegExp): MakePlain {
  return relay("put", (plain) => (socket, text) => {
    if (pattern.test(text)) socket.link.end("done");
    else plain(socket, text);
  });
}

/** Takes no notice of what arrives on a socket behind a message of its own that fits a pattern. */
export function deafBehind(pattern: RegExp): MakePlain {
  return relay((plain) => {
    const deaf = new Set<RelaySocket>();
    return {
      put: (socket, text) => {
        plain.put(socket, text);
        if (pattern.test(text)) deaf.add(socket);
      },
      receive: (socket, text) => deaf.has(socket) || plain.receive(socket, text),
    };
  });
}

/** Takes other names than it should: `key` says what a name counts as (`undefined`: malformed). */
export function naming(key: (name: string, side: RelaySide) => string | undefined): MakePlain {
  return relay("key", () => (name, side) => key(name, side));
}

/** Takes the names for which that is so. */
export function takingNames(isTaken: (name: string, side: RelaySide) => boolean): MakePlain {
  return naming((name, side) => isTaken(name, side) ? name : undefined);
}

/** Takes one name in another way than others. */
export function onRegister(isOne: (name: string) => boolean, answer: SocketAction): MakePlain {
  return relay("register", (plain, server) => (socket, side, name) => {
    if (isOne(name)) answer(socket, server);
    else plain(socket, side, name);
  });
}

/** Keeps names when their holders leave: those for which that is so. */
export function keepingNames(isKept: (user: PlainUser) => boolean): MakePlain {
  return relay((plain) => {
    const kept = new Set<string>();
    return {
      leave: (socket) => {
        if (socket.user !== undefined && isKept(socket.user)) kept.add(socket.user.name);
        plain.leave(socket);
      },
      isFree: (name, side) => !kept.has(name) && plain.isFree(name, side),
    };
  });
}

/** Does something else where a SEND of a user cannot be read for this reason. */
export function onFault(fault: PlainFault, answer: SocketAction): MakePlain {
  return relay("unreadable", (plain, server) => (socket, found) => {
    if (found === fault) answer(socket, server);
    else plain(socket, found);
  });
}

/** Does something else where a user says what is no message. */
export function onUnknown(answer: SocketAction): MakePlain {
  return relay("unknown", (_plain, server) => (socket) => answer(socket, server));
}

/** Does something to a sender's socket before it is told what became of its message. */
export function onOutcome(act: (outcome: PlainOutcome, socket: RelaySocket) => void): MakePlain {
  return relay("answer", (plain) => (socket, tell, to, outcome) => {
    plain(socket, tell, to, outcome);
    act(outcome, socket);
  });
}

/** Tells senders another outcome, or nothing. */
export function outcomes(alter: (outcome: PlainOutcome, to: string) => PlainOutcome | "untold"): MakePlain {
  return relay("answer", (plain) => (socket, tell, to, outcome) => {
    const told = alter(outcome, to);
    if (told !== "untold") plain(socket, tell, to, told);
  });
}

/** Passes messages to one user on to another. */
export function choosing(
  pick: (to: string, users: readonly PlainUser[], from: PlainUser) => PlainUser | undefined,
): MakePlain {
  return relay("find", (_plain, server) => (to, from) => pick(to, server.present, from));
}

/** Passes messages to nobody on to another. */
export function choosingInstead(isIt: (to: string, name: string) => boolean): MakePlain {
  return choosing((to, users) => users.find(({ name }) => name === to) ?? users.find(({ name }) => isIt(to, name)));
}

/** Passes broadcasts on to others. */
export function broadcasting(pick: (others: PlainUser[], from: PlainUser) => PlainUser[]): MakePlain {
  return relay("audience", (plain) => (from) => pick(plain(from), from));
}

/** Passes something else on than the body. */
export function bodies(alter: (body: string) => string): MakePlain {
  return relay("send", (plain) => (socket, from, to, body) => plain(socket, from, to, alter(body)));
}

/** Passes something else on than the body, and leaves the length in front of it alone. */
export function bodiesAlone(alter: (body: string) => string): MakePlain {
  return relay("putBody", (plain) => (socket, body) => plain(socket, alter(body)));
}

/** Hears something else in each piece. */
export function hearing(alter: (text: string, socket: RelaySocket) => string): MakePlain {
  return relay("receive", (plain) => (socket, text) => plain(socket, alter(text, socket)));
}

/** Takes other bodies than those of the length that is named, knowing what is there of them. */
export function sizing(measure: (length: number, rest: string) => number): MakePlain {
  return relay("size", () => (length, rest) => measure(length, rest));
}

/** Reads lengths in another way; `NaN` leaves one as it is. */
export function lengths(read: (text: string) => number): MakePlain {
  return relay("number", (plain) => (value) => {
    const length = read(value);
    return Number.isNaN(length) ? plain(value) : length;
  });
}

/** Takes bodies of at most so many bytes. */
export function takingAtMost(bytes: number): MakePlain {
  return relay(() => ({ maxMessage: bytes }));
}
