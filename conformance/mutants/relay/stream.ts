/**
 * relay servers that read, or pass on, bytes in a wrong way.
 *
 * @module
 */

import type { Link } from "../../../lib/core/link.ts";
import { EVERYONE } from "../../../lib/core/name.ts";
import type { HeaderFault } from "../../../lib/dialects/relay/header.ts";
import type { RelaySession } from "../../../lib/dialects/relay/session.ts";
import type { RelayUser, UserSocket } from "../../../lib/dialects/relay/user.ts";
import { bytesOf, textOf } from "../altered_link.ts";
import type { Changing } from "../mutation.ts";
import { bodies, hearing, inHub, keepingNames, neverClosing, sessions, together } from "../mutations.ts";
import type { MutantTable } from "../mutant.ts";
import { closingInsteadOf, registering, replacing, say, users } from "./changes.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Mutants of the clauses on headers, bodies and pieces. */
export const STREAM: MutantTable<Changing> = {
  "relay/header-no-length": {
    "takes a SEND without Content-length for one without a body": hearing(() => (text) =>
      /^SEND (?![^]*content-length)/i.test(text) ? text.replace("\n\n", "\nContent-length: 0\n\n") : text
    ),
    "waits for a Content-length": unreadable("no-length", () => {}),
    "says ERROR 102 to a SEND without Content-length": unreadable("no-length", (link) => {
      say(link, "ERROR 102 Unable to send");
      link.end("malformed");
    }),
    "closes the socket instead of saying ERROR 103": closingInsteadOf(/^ERROR 103/),
    "leaves the socket open behind ERROR 103": neverClosing,
    "puts other words behind ERROR 103": replacing(/(?<=^ERROR 103 ).+/, "Bad header"),
  },
  "relay/header-bad-length": {
    "reads a length as far as it goes": lengths((text) => parseInt(text)),
    "takes other spellings of numbers for a length": lengths(Number),
    "takes underscores, and digits of any script, in a length": lengths((text) => {
      const digits = digitsOfAllScripts(text);
      return /^ *[0-9]+ *$/.test(digits) ? Number(digits) : NaN;
    }),
    "takes whatever is no length for 0": lengths((text) => /^ *[0-9]+$/.test(text) ? NaN : 0),
    "takes a length below zero for 0": lengths((text) => /^ *-/.test(text) ? 0 : NaN),
    "takes no length at all for 0": lengths((text) => text.trim() === "" ? 0 : NaN),
    "keeps lengths in 32 bits": lengths((text) => /^ *[0-9]+$/.test(text) ? Number(BigInt(text) % 2n ** 32n) : NaN),
    "waits for bodies of any length": unreadable("too-large", () => {}),
    "waits behind a length that is none": unreadable("bad-length", () => {}),
    "leaves the socket open behind a length that is none": unreadable("bad-length", (link) => {
      say(link, "ERROR 103 Header incomplete");
    }),
  },
  "relay/header-no-recipient": {
    "says ERROR 102 to a SEND without a recipient": unreadable(
      "no-party",
      (link) => say(link, "ERROR 102 Unable to send"),
    ),
    "does not answer a SEND without a recipient": unreadable("no-party", () => {}),
    "leaves the socket open behind a SEND without a recipient": unreadable("no-party", (link) => {
      say(link, "ERROR 103 Header incomplete");
    }),
  },
  "relay/header-reconnect": {
    "keeps the name of a user whose header it could not read": () => {
      const unreadable = new Set<string>();
      return together(
        users((user) => {
          const leave = user.leave.bind(user);
          user.leave = (socket, reason) => {
            if (reason === "malformed") unreadable.add(user.name);
            leave(socket, reason);
          };
        }),
        keepingNames(({ name }) => unreadable.has(name)),
      )();
    },
  },
  "relay/body-exact": {
    "strips blanks and newlines from bodies": texts((body) => body.trim()),
    "strips newlines from the end of bodies": texts((body) => body.replace(/\n+$/, "")),
    "ends a body at its first newline": texts((body) => body.replace(/\n[^]*/, "")),
    "ends a body at its first empty line": texts((body) => body.replace(/\n\n[^]*/, "")),
    "ends a body at its first zero byte": texts((body) => body.replace(/\0[^]*/, "")),
    "takes bodies for text": bodies((body) => encoder.encode(decoder.decode(body))),
    "takes each byte of a body for a character": bodies((body) => encoder.encode(textOf(body))),
    "drops carriage returns from bodies": texts((body) => body.replaceAll("\r", "")),
    "keeps seven bits of each byte": bodies((body) => body.map((byte) => byte & 0x7f)),
    "counts characters instead of bytes": hearing(() => (text) => resize(text, bytesOfCharacters)),
    "ends a body at its first empty line, and reads on there": hearing(() => (text) =>
      resize(text, (length, body) => body.includes("\n\n") ? body.indexOf("\n\n") : length)
    ),
  },
  "relay/body-large": {
    "cuts bodies at 4096 bytes": bodies((body) => body.subarray(0, 4096)),
    "takes bodies of at most 4096 bytes": () => ({ options: { maxMessage: 4096 } }),
    "takes bodies of fewer than 65536 bytes": () => ({ options: { maxMessage: 65535 } }),
    "reads at most 4096 bytes at a time, and drops the rest": hearing(() => (text) => text.slice(0, 4096)),
  },
  "relay/stream-split": {
    "takes each read for a message": hearing(() => oneMessage),
    "expects a header in one read": hearing(wholeHeaders),
    "expects a body in one read with the end of its header": hearing(bodiesWithHeaders),
    "takes a read of nothing but newlines for a message": hearing(() => (text) =>
      /^\n+$/.test(text) ? `?${text}` : text
    ),
    "strips blanks from the beginning of each read": hearing(() => (text) => text.replace(/^ +/, "")),
    "takes each read for text": hearing(() => (text) => textOf(encoder.encode(decoder.decode(bytesOf(text))))),
  },
  "relay/stream-joined": {
    "reads one message at a time, and drops what came with it": joined((messages, rest) => ({
      messages: messages.slice(0, 1),
      rest: messages.length > 0 ? "" : rest,
    })),
    "drops the beginning of a message that came with another one": joined((messages, rest) => ({
      messages,
      rest: messages.length > 0 ? "" : rest,
    })),
    "handles what came in one read from the end": joined((messages, rest) => ({ messages: messages.reverse(), rest })),
    "answers what it can at once, whatever it has still to answer": hasty(),
  },
  "relay/stream-junk": {
    "does not answer what it does not understand": junk(() => {}),
    "closes the socket on what it does not understand": junk((link) => link.end("malformed")),
    "says something else than ERROR to what it does not understand": junk((link) => say(link, "WHAT")),
    "closes everybody on what it does not understand": () => {
      const links = new Set<Link>();
      return junk(() => links.forEach((link) => link.abort("done")), (link) => links.add(link))();
    },
  },
};

/** Refuses what it can refuse before it has answered what came earlier. */
function hasty(): Changing {
  return () => {
    const userOf = new Map<UserSocket, RelayUser>();
    return together(
      registering((register) => (socket, side, name) => {
        const user = register(socket, side, name);
        if (typeof user !== "string") userOf.set(socket, user);
        return user;
      }),
      inHub((names) =>
        sessions((session: RelaySession, link) => {
          const [body, unreadable] = [session.body.bind(session), session.unreadable.bind(session)];
          const isUser = () => userOf.get(session)?.presence !== undefined;
          session.body = (to, bytes) => {
            if (!isUser() || to === EVERYONE || names().includes(to)) body(to, bytes);
            else say(link, "ERROR 102 Unable to send");
          };
          session.unreadable = (fault) => {
            if (!isUser()) return unreadable(fault);
            say(link, "ERROR 103 Header incomplete");
            link.end("malformed");
          };
        })
      ),
    )();
  };
}

/** Does something else where the header of a user cannot be read for this reason. */
function unreadable(fault: HeaderFault, answer: (link: Link) => void): Changing {
  return sessions((session: RelaySession, link) => {
    const unreadable = session.unreadable.bind(session);
    session.unreadable = (found) => found === fault && session.isRegistered ? answer(link) : unreadable(found);
  });
}

/** Does something else where a user says what is no message. */
function junk(answer: (link: Link) => void, begin: (link: Link) => void = () => {}): Changing {
  return sessions((session: RelaySession, link) => {
    begin(link);
    const message = session.message.bind(session);
    session.message = (header) => {
      const isKnown = /^(REGISTER|SEND|RECEIVED|ERROR)$/.test(header.verb);
      if (isKnown || !session.isRegistered) message(header);
      else answer(link);
    };
  });
}

/** Alters bodies, a character a byte. */
function texts(alter: (body: string) => string): Changing {
  return bodies((body) => bytesOf(alter(textOf(body))));
}

/** Reads lengths in another way; `NaN` leaves one as it is. */
function lengths(read: (text: string) => number): Changing {
  return hearing(() => (text) =>
    text.replace(/(?<=^SEND \w+\nContent-length:)[^\n]*(?=\n)/, (written) => {
      const length = read(written);
      return Number.isNaN(length) ? written : ` ${length}`;
    })
  );
}

function digitsOfAllScripts(written: string): string {
  return decoder.decode(bytesOf(written)).normalize("NFKC").replaceAll("_", "")
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
}

/** Changes the length that a SEND at the beginning of a text says, knowing what is there of its body. */
function resize(text: string, measure: (length: number, body: string) => number): string {
  return text.replace(
    /^(SEND [^\n]*\nContent-length: )([0-9]{1,9})(\n\n)([^]*)$/,
    (_all, before, length, gap, rest) => {
      return before + measure(Number(length), rest.slice(0, Number(length))) + gap + rest;
    },
  );
}

/** How many bytes so many characters have, if all of them are there; what is no text is counted in bytes. */
function bytesOfCharacters(length: number, body: string): number {
  try {
    const characters = [...new TextDecoder("utf-8", { fatal: true }).decode(bytesOf(body), { stream: true })];
    const missing = Math.max(length - characters.length, 0);
    return encoder.encode(characters.slice(0, length).join("")).length + missing;
  } catch {
    return length; // the decoder's way to say that it is not UTF-8
  }
}

/** One message of what came in one read: what is missing is missing, what is too much is lost. */
function oneMessage(text: string): string {
  const [header = ""] = text.split("\n\n", 1);
  const fitting = resize(
    `${header}\n\n${text.slice(header.length + 2)}`,
    (length, body) => Math.min(length, body.length),
  );
  return firstMessage(fitting) ?? fitting;
}

/** What has come of a header is taken for all of it. */
function wholeHeaders(): (text: string) => string {
  let missing = 0;
  return (text) => {
    if (missing > 0) {
      missing = Math.max(missing - text.length, 0);
      return text;
    }
    if (!text.includes("\n\n")) return `${text}\n\n`;
    return resize(text, (length, body) => {
      missing = length - body.length;
      return length;
    });
  };
}

/** What has come of a body with the end of its header is taken for all of it. */
function bodiesWithHeaders(): (text: string) => string {
  let unfinished = "";
  return (text) => {
    unfinished += text;
    if (!unfinished.includes("\n\n")) return "";
    const read = resize(unfinished, (length, body) => Math.min(length, body.length));
    unfinished = "";
    return read;
  };
}

/** The first message in a text, with its body, if all of it is there. */
function firstMessage(text: string): string | undefined {
  const end = text.indexOf("\n\n");
  if (end < 0) return undefined;
  const length = Number(/^SEND [^\n]*\nContent-length: ([0-9]{1,9})$/.exec(text.slice(0, end))?.[1] ?? 0);
  return end + 2 + length <= text.length ? text.slice(0, end + 2 + length) : undefined;
}

/** Says what becomes of the messages that are complete with a read, and of what is behind them. */
function joined(keep: (messages: string[], rest: string) => { messages: readonly string[]; rest: string }): Changing {
  return hearing(() => {
    let unread = "";
    return (text) => {
      unread += text;
      const messages: string[] = [];
      for (let message = firstMessage(unread); message !== undefined; message = firstMessage(unread)) {
        messages.push(message);
        unread = unread.slice(message.length);
      }
      const kept = keep(messages, unread);
      unread = kept.rest;
      return kept.messages;
    };
  });
}
