/**
 * A client for dialects of lines that shares no code with ours: small, right, and made to be overridden.
 *
 * @module
 */

import { type PutIn, puttingInto } from "../put_in.ts";
import type { ProgramIo } from "./program.ts";
import { PlainClient, type Socket, utf8 } from "./plain.ts";

/** Sends what is typed, shows what comes. */
export class PlainLineClient extends PlainClient {
  /** The connection. */
  socket: Socket | undefined;
  /** Whether a line was begun that is not finished. */
  hasBegun = false;

  /** Connects. */
  start(): void {
    this.open((socket) => this.socket = socket, (socket) => this.received(socket));
  }

  /** A line was begun. */
  begun(): void {
    this.hasBegun = true;
  }

  /** A line was typed. */
  line(text: string): void {
    this.hasBegun = false;
    this.say(text);
  }

  /** Sends it. */
  say(text: string): void {
    if (this.socket !== undefined) this.write(this.socket, utf8(text));
  }

  /** Something has come. */
  received(socket: Socket): void {
    const text = socket.unread;
    socket.unread = "";
    for (const line of text.split("\n")) if (line !== "") this.show(line);
  }
}

/** Makes them wrong. */
export const lines: PutIn<[io: ProgramIo], PlainLineClient> = puttingInto(PlainLineClient);
