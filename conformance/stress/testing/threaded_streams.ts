/**
 * Servers of frame, slash and room as they are written with a thread for each connection: right, or with one race. A thread may lose the
 * processor at each `preempt`; what a lock would protect has none inside.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import type { Runtime, Surroundings } from "../../../lib/core/runtime.ts";
import { encodeHeader, FrameDecoder } from "../../../lib/dialects/frame/codec.ts";
import { FIRST_ID } from "../../../lib/dialects/frame/header.ts";
import { LineDecoder, MAX_LINE } from "../../../lib/dialects/text/line_decoder.ts";
import { type Behaviour, Serving } from "../../mutants/serving.ts";

/** One race each, by what a server does that has it, and the dialects in which there is such a thing. */
export const STREAM_RACES = {
  "check-then-act": { words: "looks which name is free, and takes it later", dialects: ["frame", "slash"] },
  "late-cleanup": {
    words: "takes the name of who has left out of the table, whoever has it by then",
    dialects: ["frame", "slash"],
  },
  "kept-names": { words: "never gives a name back that somebody had", dialects: ["frame"] },
  "unlocked-write": { words: "writes a message in two writes, without a lock", dialects: ["frame", "slash", "room"] },
  "task-a-message": { words: "handles each message in a task of its own", dialects: ["frame", "slash", "room"] },
  "shared-sender": {
    words: "keeps the sender of a message in a variable that all threads share",
    dialects: ["frame", "slash", "room"],
  },
  "shared-buffer": {
    words: "keeps a message in a buffer that all threads share",
    dialects: ["frame", "slash", "room"],
  },
  "changing-table": { words: "goes through a table that changes meanwhile", dialects: ["slash", "room"] },
  "dead-recipient": { words: "stops a broadcast at the first recipient that is gone", dialects: ["slash", "room"] },
} as const;

/** A race. */
export type StreamRace = keyof typeof STREAM_RACES;
/** A dialect of these. */
export type StreamDialect = typeof STREAM_RACES[StreamRace]["dialects"][number];

/** A thread that loses the processor gets it back within this time, in milliseconds. */
const SLICE = 1;
/** There are so many IDs in frame. */
const IDS = 254;

interface Socket {
  readonly link: Link;
  name: string;
  isGone: boolean;
}

/** What a client wants: a name, to send something to somebody or to all, or to leave. */
interface Wishes {
  enter(name: string): void;
  send(to: string | undefined, body: Uint8Array): void;
  leave(): void;
}

/** Starts one on a free port. */
export function threadedStream(surroundings: Surroundings, dialect: StreamDialect, race?: StreamRace): Serving {
  const server = new ThreadedStream(surroundings.runtime, dialect, race);
  return new Serving(surroundings.network, server.behaviour);
}

class ThreadedStream {
  readonly #runtime: Runtime;
  readonly #dialect: StreamDialect;
  readonly #race: StreamRace | undefined;
  readonly #table = new Map<string, Socket>();
  #sender = "";
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(runtime: Runtime, dialect: StreamDialect, race: StreamRace | undefined) {
    this.#runtime = runtime;
    this.#dialect = dialect;
    this.#race = race;
  }

  get behaviour(): Behaviour {
    return (link) => {
      const socket: Socket = { link, name: "", isGone: false };
      let last = Promise.resolve();
      const take = (task: () => Promise<void>) => {
        if (this.#race === "task-a-message") void this.#preempt().then(task);
        else last = last.then(task);
      };
      const read = this.#reader(socket, {
        enter: (name) => take(() => this.#enter(socket, name)),
        send: (to, body) => {
          const kept = body.slice();
          take(() => this.#send(socket, to, kept));
        },
        // What came before is still to be said.
        leave: () => take(() => Promise.resolve(link.end("left"))),
      });
      return {
        receive: read,
        ended: () => take(() => Promise.resolve(link.end("left"))),
        closed: () => this.#gone(socket),
      } satisfies LinkHandler;
    };
  }

  #reader(socket: Socket, wishes: Wishes): (bytes: Uint8Array) => void {
    const { link } = socket;
    if (this.#dialect === "frame") {
      queueMicrotask(() => wishes.enter(""));
      const decoder = new FrameDecoder({
        message: (_, destination, body) => wishes.send(String(destination), body),
        acknowledged: () => {},
        tooLong: () => link.end("malformed"),
        unreadable: () => link.end("malformed"),
      });
      return (bytes) => void decoder.push(bytes);
    }
    const isRoom = this.#dialect === "room";
    queueMicrotask(() => link.write(encoder.encode("Your name?\n")));
    let hasEntered = false;
    const lines = new LineDecoder(MAX_LINE, {
      line: (bytes) => {
        const text = latin1.decode(bytes);
        if (!hasEntered) wishes.enter(text);
        else if (text === "/quit" || text === "#quit") wishes.leave();
        else if (isRoom) wishes.send(undefined, bytes);
        else if (text.startsWith("/bm ")) wishes.send(undefined, bytes.subarray(4));
        else if (text.startsWith("/dm ")) {
          const [to = ""] = text.slice(4).split(" ", 1);
          wishes.send(to, bytes.subarray(5 + to.length));
        }
        hasEntered = true;
      },
      tooLong: () => link.end("malformed"),
      isHeld: false,
    });
    return (bytes) => void lines.push(bytes);
  }

  async #enter(socket: Socket, asked: string): Promise<void> {
    const name = this.#dialect === "frame" ? this.#freeId() : asked;
    const isTaken = name === undefined || this.#dialect === "slash" && this.#table.has(name);
    if (this.#race === "check-then-act") await this.#preempt();
    // Who finds no ID waits for one, for ever.
    if (name === undefined || socket.isGone) return;
    if (isTaken) {
      socket.link.write(encoder.encode("That name is taken.\n"));
      return socket.link.end("refused");
    }
    socket.name = name;
    this.#table.set(name, socket);
    const welcome = { frame: name, slash: `Hello ${name}\n`, room: `Welcome ${name}! Type #quit to exit.\n` };
    socket.link.write(encoder.encode(welcome[this.#dialect]));
  }

  #freeId(): string | undefined {
    const ids = Array.from({ length: IDS }, (_, i) => String(FIRST_ID + i));
    return ids.find((id) => !this.#table.has(id));
  }

  async #send({ name }: Socket, to: string | undefined, given: Uint8Array): Promise<void> {
    let [from, body] = [name, given];
    this.#sender = from;
    this.#buffer = body;
    if (this.#race !== undefined) await this.#preempt();
    if (this.#race === "shared-sender") from = this.#sender;
    if (this.#race === "shared-buffer") body = this.#buffer;
    if (to !== undefined) {
      const recipient = this.#table.get(to);
      if (recipient !== undefined) await this.#write(recipient, from, body);
      return;
    }
    const others = () => [...this.#table.values()].filter((one) => one.name !== name);
    if (this.#race === "changing-table") {
      for (let i = 0; i < others().length; i++) {
        await this.#write(others()[i]!, from, body);
        await this.#preempt();
      }
      return;
    }
    for (const recipient of others()) {
      if (this.#race === "dead-recipient" && recipient.isGone) return;
      await this.#write(recipient, from, body);
    }
  }

  async #write({ link }: Socket, from: string, body: Uint8Array): Promise<void> {
    const isFrame = this.#dialect === "frame";
    const parts = isFrame
      ? [encodeHeader(Number(from), Number(this.#nameOf(link)), body.length), body]
      : [encoder.encode(`${from}: `), new Uint8Array([...body, 10])];
    for (const [i, part] of parts.entries()) {
      if (i > 0 && this.#race === "unlocked-write") await this.#preempt();
      link.write(part);
    }
  }

  #nameOf(link: Link): string {
    return [...this.#table.values()].find((one) => one.link === link)?.name ?? "0";
  }

  #gone(socket: Socket): void {
    socket.isGone = true;
    const { name } = socket;
    const remove = () => void (this.#table.get(name) === socket && this.#table.delete(name));
    if (this.#race === "kept-names") return;
    // A dead one is in the table until somebody has looked.
    if (this.#race === "dead-recipient") return void this.#sleep(5 * SLICE).then(remove);
    remove();
    if (this.#race === "late-cleanup") void this.#sleep(20).then(() => this.#table.delete(name));
  }

  #preempt(): Promise<void> {
    return this.#sleep(this.#runtime.random() * SLICE);
  }

  #sleep(time: number): Promise<void> {
    return new Promise((resolve) => void this.#runtime.after(time, resolve));
  }
}

const encoder = new TextEncoder();
const latin1 = new TextDecoder("latin1");
