/**
 * What the fixtures for frame clients are tested with.
 *
 * @module
 */

import { FRAME } from "../../../lib/dialects/frame/dialect.ts";
// Loaded at the first start otherwise, for which virtual time does not wait.
import "../../../lib/dialects/frame/client.ts";
import "../../../lib/dialects/frame/menu.ts";
import { type MutantTable, readMutants } from "../mutant.ts";
import type { MutantSet } from "../mutant_set.ts";
import { puttingInto } from "../put_in.ts";
import { oursAs } from "./ours.ts";
import { deviatingClients, PlainClient, rightClients, type Socket, USELESS_CLIENTS, utf8 } from "./plain.ts";
import { type MakeClientProgram, type ProgramIo, startProgram } from "./program.ts";

const LIMIT = 255;
const FRAME_HEAD = /^(\d+)\]\[(\d+)\]\[(?:(\d+)\]\[|(ACK))/;

/** A frame client: small, right, and made to be overridden. */
class PlainFrameClient extends PlainClient {
  socket: Socket | undefined;
  id: number | undefined;
  hasBegun = false;
  /** What is asked for: nothing, a message, or the destination of this one. */
  asked: "choice" | "message" | { readonly text: string } = "choice";

  start(): void {
    this.open((socket) => this.socket = socket, (socket) => this.received(socket));
  }

  begun(): void {
    this.hasBegun = true;
  }

  line(text: string): void {
    this.hasBegun = false;
    if (typeof this.asked === "object") {
      const { text: message } = this.asked;
      this.asked = "choice";
      this.send(message, text);
    } else if (this.asked === "message") this.written(text);
    else if (text === "1") this.asked = "message";
    else if (text === "2") this.leave();
  }

  written(text: string): void {
    this.asked = this.sizeOf(text) > LIMIT ? this.tooLong() : { text };
  }

  sizeOf(text: string): number {
    return utf8(text).length;
  }

  tooLong(): "choice" | "message" {
    this.io.show(`at most ${LIMIT} bytes`);
    return "choice";
  }

  send(text: string, to: string): void {
    this.write(this.socket!, text === "" ? this.empty(to) : this.frame(text, to));
    this.sent(text, to);
  }

  frame(text: string, to: string): string {
    return `${this.id}][${to}][${this.sizeOf(text)}][${utf8(text)}`;
  }

  empty(to: string): string {
    return `${this.id}][${to}][ACK`;
  }

  sent(text: string, to: string): void {
    this.io.keep(`node${this.id}_input.txt`, `${to}: ${text}`);
  }

  leave(): void {
    this.io.end(0);
  }

  received(socket: Socket): void {
    if (this.id === undefined) this.assigned(socket);
    while (this.readFrame(socket));
  }

  assigned(socket: Socket): void {
    const [digits] = /^\d*/.exec(socket.unread)!;
    // A frame may be right behind the ID: its destination says which of the digits are the ID.
    const destination = /^\d+\]\[(\d+)\]/.exec(socket.unread)?.[1] ?? digits;
    this.id = Number(destination);
    socket.unread = socket.unread.slice(destination.length);
    this.showId();
  }

  showId(): void {
    this.io.show(`my ID is ${this.id}`);
  }

  /** Reads one frame, and says whether there was one. */
  readFrame(socket: Socket): boolean {
    const head = FRAME_HEAD.exec(socket.unread);
    if (head === null) return false;
    const [all, source, destination, size = "0"] = head;
    const end = all.length + Number(size);
    if (socket.unread.length < end) return false;
    const message = socket.unread.slice(all.length, end);
    socket.unread = socket.unread.slice(end);
    if (Number(destination) === this.id) this.took(source!, message);
    else this.notMine(message);
    return true;
  }

  took(source: string, message: string): void {
    this.shown(source, message);
    this.io.keep(`node${this.id}_output.txt`, `${source}: ${message}`);
  }

  shown(source: string, message: string): void {
    this.show(`from ${source}: ${message}`);
  }

  notMine(_message: string): void {
    this.io.show("received a data that does not belong here");
  }
}

const frame = puttingInto<[ProgramIo], PlainFrameClient>(PlainFrameClient);

/** A client that sends a line end behind each frame. */
const BEHIND = frame((plain) => ({
  frame: (text, to) => `${plain.frame(text, to)}\n`,
  empty: (to) => `${plain.empty(to)}\n`,
}));

const MUTANTS: MutantTable<MakeClientProgram> = {
  "frame/client-shows-id": {
    "does not show its ID": frame("showId", () => () => {}),
    "shows the first digit of its ID": frame(
      "showId",
      (_plain, client) => () => client.io.show(`my ID is ${String(client.id).slice(0, 1)}`),
    ),
  },
  "frame/client-send": {
    "counts characters": frame("sizeOf", () => (text) => [...text].length),
    "leaves out its own ID": frame("frame", (plain) => (text, to) => plain(text, to).replace(/^\d+/, "0")),
    "mixes source and destination up": frame(
      "frame",
      (plain, client) => (text, to) => plain(text, to).replace(/^\d+\]\[\d+/, `${to}][${client.id}`),
    ),
    "sends a line end behind the message": BEHIND,
    "sends one message and no more": frame((plain) => {
      let sent = 0;
      return { send: (text, to) => sent++ === 0 ? plain.send(text, to) : undefined };
    }),
  },
  "frame/client-empty": {
    "sends an empty message with a size": frame("empty", (_plain, client) => (to) => client.frame("", to)),
    "sends no empty message": frame("send", (plain) => (text, to) => text === "" ? undefined : plain(text, to)),
    "sends an ACK in a frame of its own form": frame("empty", (plain) => (to) => `${plain(to)}][`),
  },
  "frame/client-limit": {
    "sends more than 255 bytes": frame("written", (_plain, client) => (text) => {
      if (client.sizeOf(text) > LIMIT) client.io.show("that is long");
      client.asked = { text };
    }),
    "cuts what is too long": frame("written", (_plain, client) => (text) => {
      if (text.length > LIMIT) client.io.show("that is too long, and cut");
      client.asked = { text: text.slice(0, LIMIT) };
    }),
    "refuses 255 bytes": frame("written", (plain, client) => (text) => {
      if (client.sizeOf(text) === LIMIT) client.asked = client.tooLong();
      else plain(text);
    }),
    "limits characters": frame("written", (_plain, client) => (text) => {
      client.asked = [...text].length > LIMIT ? client.tooLong() : { text };
    }),
    "does not say that a message is too long": frame("tooLong", () => () => "choice"),
  },
  "frame/client-receive": {
    "shows nothing": frame("shown", () => () => {}),
    "does not show the source": frame("shown", (_plain, client) => (_source, message) => client.show(message)),
    "does not show the message": frame(
      "shown",
      (_plain, client) => (source) => client.show(`a message from ${source}`),
    ),
    "shows nothing while its user types": frame("shown", (plain, client) => (source, message) => {
      if (!client.hasBegun) plain(source, message);
    }),
  },
  "frame/client-not-mine": {
    "shows what is for somebody else": frame("notMine", (_plain, client) => (message) => client.show(message)),
    "says nothing of what is for somebody else": frame("notMine", () => () => {}),
    "leaves at a frame for somebody else": frame("notMine", (plain, client) => (message) => {
      plain(message);
      client.io.end(1);
    }),
  },
  "frame/client-input-file": {
    "keeps nothing that it sends": frame("sent", () => () => {}),
    "does not keep the destination": frame("sent", (_plain, client) => (text) => client.io.keep("input.txt", text)),
    "keeps only the first that it sends": frame((plain) => {
      let kept = 0;
      return { sent: (text, to) => kept++ === 0 ? plain.sent(text, to) : undefined };
    }),
  },
  "frame/client-output-file": {
    "keeps nothing that it receives": frame(
      "took",
      (_plain, client) => (source, message) => client.shown(source, message),
    ),
    "does not keep the source": frame("took", (_plain, client) => (source, message) => {
      client.shown(source, message);
      client.io.keep("output.txt", message);
    }),
  },
  "frame/client-disconnect": {
    "stays when its user disconnects": frame("leave", () => () => {}),
    "closes and does not end": frame((_plain, client) => ({
      leave: () => client.socket?.link.end("left"),
      gone: () => {},
    })),
  },
  "frame/client-stream-split": {
    "takes what one read gives for a frame": frame("received", (plain) => (socket) => {
      plain(socket);
      socket.unread = "";
    }),
  },
  "frame/client-stream-joined": {
    "takes one frame from each read": frame("received", (_plain, client) => (socket) => {
      if (client.id === undefined) client.assigned(socket);
      if (client.readFrame(socket)) socket.unread = "";
    }),
    "takes all digits for its ID": frame("assigned", (_plain, client) => (socket) => {
      const [digits] = /^\d*/.exec(socket.unread)!;
      client.id = Number(digits);
      socket.unread = socket.unread.slice(digits.length);
      client.showId();
    }),
  },
  "frame/client-server-gone": {
    "does not say that the server is gone": frame("gone", () => () => {}),
    "spins when the server is gone": frame("gone", (_plain, client) => () => {
      client.io.show("the server is gone");
      client.io.spin();
    }),
  },
};

/** The clients. */
export const CLIENT_MUTANT_SET: MutantSet = {
  right: rightClients({ "is ours": oursAs(FRAME), "does what the document says": frame() }),
  useless: USELESS_CLIENTS,
  deviations: deviatingClients({ "newline-behind": BEHIND }),
  mutants: readMutants(MUTANTS, startProgram),
  excuses: {},
};
