/**
 * relay servers that read, or pass on, bytes in a wrong way.
 *
 * @module
 */

import { inTurn } from "../in_turn.ts";
import { fromUtf8, latin1Bytes, utf8 } from "../latin1.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import {
  bodies,
  closingInsteadOf,
  hearing,
  INCOMPLETE,
  lengths,
  onFault,
  onUnknown,
  replacing,
  sayingWords,
  sizing,
  takingAtMost,
  UNDELIVERED,
} from "./changes.ts";
import { type PlainMessage, relay, type RelaySocket } from "./server.ts";

/** What a length is where digits of all scripts count, and underscores among them. */
function anyDigits(written: string): number {
  const digits = fromUtf8(written).normalize("NFKC").replaceAll("_", "")
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660));
  return /^ *[0-9]+ *$/.test(digits) ? Number(digits) : NaN;
}

/** How many bytes so many characters have, if all of them are there; what is no text is counted in bytes. */
function bytesOfCharacters(length: number, rest: string): number {
  try {
    const bytes = latin1Bytes(rest.slice(0, length));
    const characters = [...new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true })];
    const missing = Math.max(length - characters.length, 0);
    return utf8(characters.slice(0, length).join("")).length + missing;
  } catch {
    return length; // the decoder's way to say that it is not UTF-8
  }
}

/** Reads what is complete with a read in another way. */
function reading(
  read: (next: () => PlainMessage | undefined, handle: (message: PlainMessage) => void, socket: RelaySocket) => void,
): MakePlain {
  return relay("receive", (_plain, server) => (socket, text) => {
    socket.unread += text;
    read(() => server.next(socket), (message) => server.handle(socket, message), socket);
  });
}

/** Mutants of the clauses on headers, bodies and pieces. */
export const STREAM: MutantTable<MakePlain> = {
  "relay/header-no-length": {
    "takes a SEND without Content-length for one without a body": relay("handle", (plain) => (socket, message) => {
      plain(socket, message.fault === "no-length" ? { ...message, fault: undefined } : message);
    }),
    "waits for a Content-length": onFault("no-length", () => {}),
    "says ERROR 102 to a SEND without Content-length": onFault("no-length", (socket, server) => {
      UNDELIVERED(socket, server);
      socket.link.end("malformed");
    }),
    "closes the socket instead of saying ERROR 103": closingInsteadOf(/^ERROR 103/),
    "leaves the socket open behind ERROR 103": relay(
      "giveUp",
      (_plain, server) => (socket) => INCOMPLETE(socket, server),
    ),
    "puts other words behind ERROR 103": replacing(/(?<=^ERROR 103 ).+/, "Bad header"),
  },
  "relay/header-bad-length": {
    "reads a length as far as it goes": lengths((text) => parseInt(text)),
    "takes other spellings of numbers for a length": lengths(Number),
    "takes underscores, and digits of any script, in a length": lengths(anyDigits),
    "takes whatever is no length for 0": lengths((text) => /^ *[0-9]+$/.test(text) ? NaN : 0),
    "takes a length below zero for 0": lengths((text) => /^ *-/.test(text) ? 0 : NaN),
    "takes no length at all for 0": lengths((text) => text.trim() === "" ? 0 : NaN),
    "keeps lengths in 32 bits": lengths((text) => /^ *[0-9]+$/.test(text) ? Number(BigInt(text) % 2n ** 32n) : NaN),
    "waits for bodies of any length": onFault("too-large", () => {}),
    "waits behind a length that is none": onFault("bad-length", () => {}),
    "leaves the socket open behind a length that is none": onFault("bad-length", INCOMPLETE),
  },
  "relay/header-no-recipient": {
    "says ERROR 102 to a SEND without a recipient": onFault("no-party", UNDELIVERED),
    "does not answer a SEND without a recipient": onFault("no-party", () => {}),
    "leaves the socket open behind a SEND without a recipient": onFault("no-party", INCOMPLETE),
  },
  "relay/header-reconnect": {
    "keeps the name of a user whose header it could not read": relay((plain) => {
      const kept = new Set<string>();
      return {
        giveUp: (socket) => {
          kept.add(socket.user!.name);
          plain.giveUp(socket);
        },
        isFree: (name, side) => !kept.has(name) && plain.isFree(name, side),
      };
    }),
  },
  "relay/body-exact": {
    "strips blanks and newlines from bodies": bodies((body) => body.trim()),
    "strips newlines from the end of bodies": bodies((body) => body.replace(/\n+$/, "")),
    "ends a body at its first newline": bodies((body) => body.replace(/\n[^]*/, "")),
    "ends a body at its first empty line": bodies((body) => body.replace(/\n\n[^]*/, "")),
    "ends a body at its first zero byte": bodies((body) => body.replace(/\0[^]*/, "")),
    "takes bodies for text": bodies((body) => utf8(fromUtf8(body))),
    "takes each byte of a body for a character": bodies(utf8),
    "drops carriage returns from bodies": bodies((body) => body.replaceAll("\r", "")),
    "keeps seven bits of each byte": bodies((body) =>
      body.replace(/[^\0-\x7f]/g, (byte) => String.fromCharCode(byte.charCodeAt(0) & 0x7f))
    ),
    "counts characters instead of bytes": sizing(bytesOfCharacters),
    "ends a body at its first empty line, and reads on there": sizing((length, rest) => {
      const end = rest.slice(0, length).indexOf("\n\n");
      return end < 0 ? length : end;
    }),
  },
  "relay/body-large": {
    "cuts bodies at 4096 bytes": bodies((body) => body.slice(0, 4096)),
    "takes bodies of at most 4096 bytes": takingAtMost(4096),
    "takes bodies of fewer than 65536 bytes": takingAtMost(65_535),
    "reads at most 4096 bytes at a time, and drops the rest": hearing((text) => text.slice(0, 4096)),
  },
  "relay/stream-split": {
    "takes each read for a message": relay((plain) => ({
      size: (length, rest) => Math.min(length, rest.length),
      receive: (socket, text) => {
        plain.receive(socket, text.includes("\n\n") ? text : `${text}\n\n`);
        socket.unread = "";
      },
    })),
    "expects a header in one read": hearing((text, { unread }) =>
      unread === "" && !text.includes("\n\n") ? `${text}\n\n` : text
    ),
    "expects a body in one read with the end of its header": sizing((length, rest) => Math.min(length, rest.length)),
    "takes a read of nothing but newlines for a message": hearing((text) => /^\n+$/.test(text) ? `?${text}` : text),
    "strips blanks from the beginning of each read": hearing((text) => text.replace(/^ +/, "")),
    "takes each read for text": hearing((text) => utf8(fromUtf8(text))),
  },
  "relay/stream-joined": {
    "reads one message at a time, and drops what came with it": reading((next, handle, socket) => {
      const message = next();
      if (message === undefined) return;
      socket.unread = "";
      handle(message);
    }),
    "drops the beginning of a message that came with another one": reading((next, handle, socket) => {
      let message = next();
      const isOne = message !== undefined;
      for (; message !== undefined; message = next()) handle(message);
      if (isOne) socket.unread = "";
    }),
    "handles what came in one read from the end": reading((next, handle) => {
      const messages: PlainMessage[] = [];
      for (let message = next(); message !== undefined; message = next()) messages.push(message);
      messages.reverse().forEach(handle);
    }),
    "answers what it can at once, whatever it has still to answer": relay(
      "owe",
      (_plain, server) => (socket) => (words: string) => {
        server.put(socket, `${words}\n\n`);
        if (socket.isDone) server.close(socket);
      },
    ),
  },
  "relay/silent-neighbour": {
    "handles one connection at a time": relay("accept", (plain) => inTurn(plain)),
  },
  "relay/stream-junk": {
    "does not answer what it does not understand": onUnknown(() => {}),
    "closes the socket on what it does not understand": onUnknown(({ link }) => link.end("malformed")),
    "says something else than ERROR to what it does not understand": onUnknown(sayingWords("WHAT")),
    "closes everybody on what it does not understand": onUnknown((_socket, { sockets }) => {
      for (const { link } of sockets) link.abort("done");
    }),
  },
};
