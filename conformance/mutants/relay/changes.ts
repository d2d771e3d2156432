/**
 * What a relay server can do wrong in more than one place.
 *
 * @module
 */

import type { PlainSettings } from "../mutant.ts";
import {
  type PlainFault,
  type PlainOutcome,
  PlainRelayServer,
  type PlainUser,
  type RelaySide,
  type RelaySocket,
} from "./server.ts";

/** Makes a server. */
export type RelayServerClass = new (settings: PlainSettings) => PlainRelayServer;

/** What is said to a socket, and what is done to it. */
export type Answer = (socket: RelaySocket, server: PlainRelayServer) => void;

/** Says something else than each message, but for bodies. */
export function saying(alter: (message: string, socket: RelaySocket) => string): RelayServerClass {
  return class extends PlainRelayServer {
    override put = (socket: RelaySocket, text: string) => super.put(socket, alter(text, socket));
  };
}

/** Says something else in place of what fits a pattern: that very text, or what is made of what fits. */
export function replacing(pattern: RegExp, replacement: string | ((all: string) => string)): RelayServerClass {
  const replacer = typeof replacement === "string" ? () => replacement : replacement;
  return saying((message) => message.replace(pattern, replacer));
}

/** Says something else in place of what fits a pattern on sockets that have a name. */
export function replacingOnceNamed(pattern: RegExp, replacement: string): RelayServerClass {
  return saying((message, { user }) => user === undefined ? message : message.replace(pattern, replacement));
}

/** Puts the name of a socket's user in place of what fits a pattern. */
export function replacingByOwnName(pattern: RegExp): RelayServerClass {
  return saying((message, { user }) => message.replace(pattern, user?.name ?? ""));
}

/** Says something else on a socket that was told what fits a pattern, from then on. */
export function sayingOnce(pattern: RegExp, alter: (message: string) => string): RelayServerClass {
  return class extends PlainRelayServer {
    readonly #met = new Set<RelaySocket>();

    override put(socket: RelaySocket, text: string): void {
      super.put(socket, this.#met.has(socket) ? alter(text) : text);
      if (pattern.test(text)) this.#met.add(socket);
    }
  };
}

/** Closes the socket behind each message that fits a pattern. */
export function closingBehind(pattern: RegExp): RelayServerClass {
  return class extends PlainRelayServer {
    override put(socket: RelaySocket, text: string): void {
      super.put(socket, text);
      if (pattern.test(text)) socket.link.end("done");
    }
  };
}

/** Closes the socket instead of saying a message that fits a pattern. */
export function closingInsteadOf(pattern: RegExp): RelayServerClass {
  return class extends PlainRelayServer {
    override put(socket: RelaySocket, text: string): void {
      if (pattern.test(text)) socket.link.end("done");
      else super.put(socket, text);
    }
  };
}

/** Takes no notice of what arrives on a socket behind a message of its own that fits a pattern. */
export function deafBehind(pattern: RegExp): RelayServerClass {
  return class extends PlainRelayServer {
    readonly #deaf = new Set<RelaySocket>();

    override put(socket: RelaySocket, text: string): void {
      super.put(socket, text);
      if (pattern.test(text)) this.#deaf.add(socket);
    }

    override receive = (socket: RelaySocket, text: string) => this.#deaf.has(socket) || super.receive(socket, text);
  };
}

/** Takes other names than it should: `key` says what a name counts as (`undefined`: malformed). */
export function naming(key: (name: string, side: RelaySide) => string | undefined): RelayServerClass {
  return class extends PlainRelayServer {
    override key = (name: string, side: RelaySide) => key(name, side);
  };
}

/** Takes the names for which that is so. */
export function takingNames(isTaken: (name: string, side: RelaySide) => boolean): RelayServerClass {
  return naming((name, side) => isTaken(name, side) ? name : undefined);
}

/** Takes one name in another way than others. */
export function onRegister(isOne: (name: string) => boolean, answer: Answer): RelayServerClass {
  return class extends PlainRelayServer {
    override register(socket: RelaySocket, side: RelaySide, name: string): void {
      if (isOne(name)) answer(socket, this);
      else super.register(socket, side, name);
    }
  };
}

/** Keeps names when their holders leave: those for which that is so. */
export function keepingNames(isKept: (user: PlainUser) => boolean): RelayServerClass {
  return class extends PlainRelayServer {
    readonly #kept = new Set<string>();

    override leave(socket: RelaySocket): void {
      if (socket.user !== undefined && isKept(socket.user)) this.#kept.add(socket.user.name);
      super.leave(socket);
    }

    override isFree = (name: string, side: RelaySide) => !this.#kept.has(name) && super.isFree(name, side);
  };
}

/** Does something else where a SEND of a user cannot be read for this reason. */
export function onFault(fault: PlainFault, answer: Answer): RelayServerClass {
  return class extends PlainRelayServer {
    override unreadable(socket: RelaySocket, found: PlainFault): void {
      if (found === fault) answer(socket, this);
      else super.unreadable(socket, found);
    }
  };
}

/** Does something else where a user says what is no message. */
export function onUnknown(answer: Answer): RelayServerClass {
  return class extends PlainRelayServer {
    override unknown = (socket: RelaySocket) => answer(socket, this);
  };
}

/** Does something to a sender's socket before it is told what became of its message. */
export function onOutcome(act: (outcome: PlainOutcome, socket: RelaySocket) => void): RelayServerClass {
  return class extends PlainRelayServer {
    override answer(socket: RelaySocket, tell: (words: string) => void, to: string, outcome: PlainOutcome): void {
      super.answer(socket, tell, to, outcome);
      act(outcome, socket);
    }
  };
}

/** Tells senders another outcome, or nothing. */
export function outcomes(alter: (outcome: PlainOutcome, to: string) => PlainOutcome | "untold"): RelayServerClass {
  return class extends PlainRelayServer {
    override answer(socket: RelaySocket, tell: (words: string) => void, to: string, outcome: PlainOutcome): void {
      const told = alter(outcome, to);
      if (told !== "untold") super.answer(socket, tell, to, told);
    }
  };
}

/** Passes messages to one user on to another. */
export function choosing(
  pick: (to: string, users: readonly PlainUser[], from: PlainUser) => PlainUser | undefined,
): RelayServerClass {
  return class extends PlainRelayServer {
    override find = (to: string, from: PlainUser) => pick(to, this.present, from);
  };
}

/** Passes messages to nobody on to another. */
export function choosingInstead(isIt: (to: string, name: string) => boolean): RelayServerClass {
  return choosing((to, users) => users.find(({ name }) => name === to) ?? users.find(({ name }) => isIt(to, name)));
}

/** Passes broadcasts on to others. */
export function broadcasting(pick: (others: PlainUser[], from: PlainUser) => PlainUser[]): RelayServerClass {
  return class extends PlainRelayServer {
    override audience = (from: PlainUser) => pick(super.audience(from), from);
  };
}

/** Passes something else on than the body. */
export function bodies(alter: (body: string) => string): RelayServerClass {
  return class extends PlainRelayServer {
    override send = (socket: RelaySocket, from: PlainUser, to: string, body: string) =>
      super.send(socket, from, to, alter(body));
  };
}

/** Passes something else on than the body, and leaves the length in front of it alone. */
export function bodiesAlone(alter: (body: string) => string): RelayServerClass {
  return class extends PlainRelayServer {
    override putBody = (socket: RelaySocket, body: string) => super.putBody(socket, alter(body));
  };
}

/** Hears something else in each piece. */
export function hearing(alter: (text: string, socket: RelaySocket) => string): RelayServerClass {
  return class extends PlainRelayServer {
    override receive = (socket: RelaySocket, text: string) => super.receive(socket, alter(text, socket));
  };
}

/** Takes other bodies than those of the length that is named, knowing what is there of them. */
export function sizing(measure: (length: number, rest: string) => number): RelayServerClass {
  return class extends PlainRelayServer {
    override size = (length: number, rest: string) => measure(length, rest);
  };
}

/** Reads lengths in another way; `NaN` leaves one as it is. */
export function lengths(read: (text: string) => number): RelayServerClass {
  return class extends PlainRelayServer {
    override number(value: string): number {
      const length = read(value);
      return Number.isNaN(length) ? super.number(value) : length;
    }
  };
}

/** Takes bodies of at most so many bytes. */
export function takingAtMost(bytes: number): RelayServerClass {
  return class extends PlainRelayServer {
    override readonly maxMessage: number = bytes;
  };
}
