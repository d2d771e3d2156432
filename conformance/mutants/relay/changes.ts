/**
 * Changes to relay servers.
 *
 * @module
 */

import type { Link } from "../../../lib/core/link.ts";
import type { Outcome } from "../../../lib/core/outcome.ts";
import { bytesOfText } from "../../../lib/dialects/relay/header_text.ts";
import type { RelayServer } from "../../../lib/dialects/relay/server.ts";
import type { RelaySession } from "../../../lib/dialects/relay/session.ts";
import type { RelayUser, Side, UserSocket } from "../../../lib/dialects/relay/user.ts";
import { bytesOf } from "../altered_link.ts";
import type { Changing } from "../mutation.ts";
import { saying, sending, sessions, together } from "../mutations.ts";

/** Says words to one socket, as a message. */
export function say(link: Link, words: string): void {
  link.write(bytesOf(`${words}\n\n`));
}

/**
 * Alters each message that the server says, and leaves bodies alone: each is a write of its own, behind its FORWARD.
 * `alter` is made anew for each socket.
 */
export function messages(alter: (link: Link) => (message: string) => string): Changing {
  return saying((link) => {
    const altered = alter(link);
    let isBody = false;
    return (text) => {
      const wasBody = isBody;
      isBody = !wasBody && text.startsWith("FORWARD ");
      return wasBody ? text : altered(text);
    };
  });
}

/** Alters each body that is passed on, and leaves the length in front of it alone. */
export function forwardedBodies(alter: (body: string) => string): Changing {
  return saying(() => {
    let isBody = false;
    return (text) => {
      const wasBody = isBody;
      isBody = !wasBody && text.startsWith("FORWARD ");
      return wasBody ? alter(text) : text;
    };
  });
}

/** Says something else in place of what fits a pattern: that very text, or what is made of what fits. */
export function replacing(pattern: RegExp, replacement: string | ((all: string) => string)): Changing {
  const replacer = typeof replacement === "string" ? () => replacement : replacement;
  return messages(() => (message) => message.replace(pattern, replacer));
}

/** Says something else in place of what fits a pattern on sockets that are registered. */
export function replacingOnceRegistered(pattern: RegExp, replacement: string): Changing {
  return messages(() => {
    let isRegistered = false;
    return (message) => {
      isRegistered ||= message.startsWith("REGISTERED ");
      return isRegistered ? message.replace(pattern, () => replacement) : message;
    };
  });
}

/** Puts the name with which a socket has registered in place of what fits a pattern. */
export function replacingByOwnName(pattern: RegExp): Changing {
  return messages(() => {
    let name = "";
    return (message) => {
      name = /^REGISTERED \w+ (\w+)/.exec(message)?.[1] ?? name;
      return message.replace(pattern, () => name);
    };
  });
}

/** Closes the socket behind each message that fits a pattern. */
export function closingBehind(pattern: RegExp): Changing {
  return messages((link) => (message) => {
    // What is written in this turn still goes out.
    if (pattern.test(message)) queueMicrotask(() => link.end("done"));
    return message;
  });
}

/** Closes the socket instead of saying a message that fits a pattern. */
export function closingInsteadOf(pattern: RegExp): Changing {
  return messages((link) => (message) => {
    if (!pattern.test(message)) return message;
    queueMicrotask(() => link.end("done"));
    return "";
  });
}

/** Takes no notice of what arrives on a socket behind a message of its own that fits a pattern. */
export function deafBehind(pattern: RegExp): Changing {
  return () => ({
    wire: () => {
      let isDeaf = false;
      return {
        says: (text) => {
          isDeaf ||= pattern.test(text);
          return text;
        },
        hears: (text) => isDeaf ? "" : text,
      };
    },
  });
}

/** What {@linkcode RelayServer.register} says. */
export type Registered = RelayUser | "malformed" | "taken";
/** Gives a socket its user, or says why not. */
export type Register = (socket: UserSocket, side: Side, name: string) => Registered;

/** Registers in another way. */
export function registering(alter: (register: Register) => Register): Changing {
  return () => ({
    server: (server) => {
      const relay = server as RelayServer;
      relay.register = alter(relay.register.bind(relay));
    },
  });
}

/** Alters each user when its first socket has registered. */
export function users(alter: (user: RelayUser) => void): Changing {
  return registering((register) => {
    const known = new WeakSet<RelayUser>();
    return (socket, side, name) => {
      const user = register(socket, side, name);
      if (typeof user === "string" || known.has(user)) return user;
      known.add(user);
      alter(user);
      return user;
    };
  });
}

/** Does something else where a name is taken. */
export function whereTaken(
  decide: (holder: RelayUser, register: Register, ...asked: Parameters<Register>) => Registered,
): Changing {
  return registering((register) => {
    const holders = new Map<string, RelayUser>();
    const keep: Register = (socket, side, name) => {
      const user = register(socket, side, name);
      if (typeof user !== "string") holders.set(name, user);
      return user;
    };
    return (socket, side, name) => {
      const user = keep(socket, side, name);
      return user === "taken" ? decide(holders.get(name)!, keep, socket, side, name) : user;
    };
  });
}

/** Whether a name is well formed. */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9]+$/.test(name) && name !== "ALL";
}

/**
 * Takes other names than it should: `normal` says what a name counts as (`undefined`: malformed). A name that our server
 * would not take is kept under another one.
 */
export function naming(normal: (name: string, side: Side) => string | undefined): Changing {
  return registering((register) => (socket, side, name) => {
    const taken = normal(name, side);
    if (taken === undefined) return "malformed";
    return register(socket, side, isName(taken) ? taken : hexadecimal(taken));
  });
}

/** Takes the names for which that is so. */
export function takingNames(isTaken: (name: string, side: Side) => boolean): Changing {
  return naming((name, side) => isTaken(name, side) ? name : undefined);
}

function hexadecimal(name: string): string {
  return `x${Array.from(bytesOfText(name), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Does something to a sender's socket before it is told what became of its message. */
export function onOutcome(act: (outcome: Outcome, link: Link) => void): Changing {
  return () => {
    // A session sends within the call that brings it the body.
    let sender: Link;
    return together(
      sessions((session: RelaySession, link) => {
        const body = session.body.bind(session);
        session.body = (to, bytes) => {
          sender = link;
          body(to, bytes);
        };
      }),
      sending((send) => (to, body, report) => {
        const link = sender;
        send(to, body, {
          settled: (outcome) => {
            act(outcome, link);
            report.settled(outcome);
          },
        });
      }),
    )();
  };
}
