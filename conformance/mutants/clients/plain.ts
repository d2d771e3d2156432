/**
 * What clients that share no code with ours have in common: text is bytes on the wire, a character each, and is read as UTF-8.
 *
 * @module
 */

import type { HalfClosingLink } from "../../../lib/core/link.ts";
import { fromUtf8, latin1Bytes, latin1Text, utf8 } from "../latin1.ts";
import type { Start } from "../mutant.ts";
import type { Extra, Useless } from "../mutant_set.ts";
import { type ClientProgram, type MakeClientProgram, type ProgramIo, startProgram } from "./program.ts";

export { utf8 };

/** A connection to the server. */
export interface Socket {
  /** What carries it. */
  readonly link: HalfClosingLink;
  /** What has arrived and was not read. */
  unread: string;
}

/** A client over connections, made to be overridden. */
export abstract class PlainClient implements ClientProgram {
  /** What is around it. */
  readonly io: ProgramIo;

  /** Does nothing yet. */
  constructor(io: ProgramIo) {
    this.io = io;
  }

  /** It is started. */
  abstract start(): void;
  /** A line was typed. */
  abstract line(text: string): void;

  /** Connects; calls `read` whenever something has arrived. */
  open(opened: (socket: Socket) => void, read: (socket: Socket) => void): void {
    this.io.connect().then((link) => {
      if (link === undefined) return this.unreachable();
      const socket: Socket = { link, unread: "" };
      link.start({
        receive: (bytes) => {
          socket.unread += latin1Text(bytes);
          read(socket);
        },
        ended: () => this.gone(),
        closed: () => this.gone(),
      });
      opened(socket);
    });
  }

  /** Nobody listens. */
  unreachable(): void {
    this.io.show("the server cannot be reached");
    this.io.end(1);
  }

  /** The server has closed a connection. */
  gone(): void {
    this.io.show("the server is gone");
    this.io.end(1);
  }

  /** Writes bytes, a character each. */
  write(socket: Socket, text: string): void {
    socket.link.write(latin1Bytes(text));
  }

  /** Shows bytes, a character each, as text. */
  show(text: string): void {
    this.io.show(fromUtf8(text));
  }
}

/** Clients that are useless in any dialect: none of them may pass anything. */
export const USELESS_CLIENTS: readonly Useless[] = Object.entries<MakeClientProgram>({
  "does nothing": () => ({ start: () => {}, line: () => {} }),
  "shows what is typed": (io) => ({ start: () => {}, line: (text) => io.show(text) }),
  "ends at once": (io) => ({ start: () => io.end(0), line: () => {} }),
  "shows something without end": (io) => ({
    start: () => {
      for (let i = 0; i < 1000; i++) io.show("you should know that this is of no use");
    },
    line: () => {},
  }),
  "connects, and says nothing": (io) => ({
    start: () => {
      io.connect().then((link) => link?.start({ receive: () => {}, ended: () => {}, closed: () => {} }));
    },
    line: () => {},
  }),
}).map(([words, make]) => ({ words, start: startProgram(make), keeps: [] }));

/** Right clients: these make them. */
export function rightClients(makes: Readonly<Record<string, MakeClientProgram>>): Extra[] {
  return Object.entries(makes).map(([words, make]) => ({ words, start: startProgram(make) }));
}

/** Clients by the accommodation that is made for them. */
export function deviatingClients(makes: Readonly<Record<string, MakeClientProgram>>): Readonly<Record<string, Start>> {
  return Object.fromEntries(Object.entries(makes).map(([name, make]) => [name, startProgram(make)]));
}
