/**
 * Our own client sessions as programs: what is typed is entered, and what they learn is shown.
 *
 * @module
 */

import { visibleBytes } from "../../../lib/core/visible.ts";
import type {
  ClientEvents,
  DatagramDialect,
  DatagramSession,
  Dialect,
  Session,
} from "../../../lib/dialects/dialect.ts";
import { Clock } from "../../../lib/transport/clock.ts";
import type { ClientProgram, MakeClientProgram, ProgramIo } from "./program.ts";

/** How long a server may take to close when our user leaves, in milliseconds. */
const LEAVING = 2_000;
/** How often is looked whether the next line can be entered, in milliseconds. */
const BETWEEN_LOOKS = 10;

/** The client of one of our dialects. */
export function oursAs(dialect: Dialect | DatagramDialect): MakeClientProgram {
  return (io) => new OurClientProgram(dialect, io);
}

class OurClientProgram implements ClientProgram {
  readonly #dialect: Dialect | DatagramDialect;
  readonly #io: ProgramIo;
  readonly #clock: Clock;
  readonly #lines: string[] = [];
  #session: Session | DatagramSession | undefined;
  /** Whom each message was for, by its number. */
  readonly #recipients = new Map<number, string>();
  #isReady = false;
  #isLeaving = false;

  constructor(dialect: Dialect | DatagramDialect, io: ProgramIo) {
    this.#dialect = dialect;
    this.#io = io;
    this.#clock = new Clock(io.runtime);
  }

  start(): void {
    const starting = this.#dialect.transport === "udp"
      ? this.#startPort(this.#dialect)
      : this.#startLinks(this.#dialect);
    starting.catch((error) => {
      queueMicrotask(() => {
        throw error;
      });
    });
  }

  line(text: string): void {
    this.#lines.push(text);
    this.#pump();
  }

  async #startLinks(dialect: Dialect): Promise<void> {
    const { runtime } = this.#io;
    const timer = (delay: number, callback: () => void) => {
      const timer = runtime.after(delay, callback);
      return () => timer.cancel();
    };
    const session = await dialect.client(this.#io.place.name, this.#events, false, timer);
    const links = [];
    while (links.length < session.links) {
      const link = await this.#io.connect();
      if (link === undefined) {
        this.#io.show("the server cannot be reached");
        return this.#end(1);
      }
      links.push(link);
    }
    this.#session = session;
    const handlers = session.start(links);
    for (const [i, link] of links.entries()) {
      const handler = handlers[i]!;
      link.start({
        receive: (bytes) => handler.receive(bytes),
        ended: () => handler.ended(),
        closed: (reason) => {
          handler.closed(reason);
          if (this.#isLeaving) this.#end(0);
        },
      });
    }
  }

  async #startPort(dialect: DatagramDialect): Promise<void> {
    const { place } = this.#io;
    const port = this.#io.openPort(place.clientPort);
    const { deadlines } = this.#clock;
    const session = await dialect.client(place.name, this.#events, { port, server: place.server, deadlines });
    this.#session = session;
    session.start();
    port.start({
      receive: (bytes, from) => {
        session.receive(bytes, from);
        this.#pump();
      },
      closed: (reason) => session.closed(reason),
    });
  }

  get #events(): ClientEvents {
    const io = this.#io;
    return {
      ready: (name) => {
        io.show(`connected as ${name}`);
        this.#isReady = true;
        this.#pump();
      },
      refused: (why) => {
        io.show(`refused: ${why}`);
        this.#end(1);
      },
      message: (from, _audience, body) => io.show(`${from}: ${visibleBytes(body)}`),
      notice: (text) => io.show(text),
      settled: (id, outcome, words = "") => {
        const to = this.#recipients.get(id);
        if (outcome.kind === "delivered" && to !== undefined) io.show(`delivered to ${to}`);
        else if (outcome.kind !== "delivered" && outcome.kind !== "handed-over") {
          io.show(`${to === undefined ? "refused" : `not delivered to ${to}`}: ${words}`);
        }
        this.#pump();
      },
      keep: (file, line) => io.keep(file, line),
      closed: (why) => {
        io.show(why);
        this.#end(this.#isLeaving ? 0 : 1);
      },
    };
  }

  /** Enters what was typed, but not from within what the session tells. */
  #pump(): void {
    this.#io.runtime.nextTurn(() => this.#enter());
  }

  /** One line after the other, each when the session takes it. */
  #enter(): void {
    while (this.#isReady && this.#lines.length > 0) {
      const session = this.#session!;
      if ("isWaiting" in session && session.isWaiting) {
        this.#io.runtime.after(BETWEEN_LOOKS, () => this.#pump());
        return;
      }
      const entered = session.enter(this.#lines.shift()!);
      if (entered.kind === "sent") this.#recipients.set(entered.id, entered.to);
      if (entered.kind === "rejected") this.#io.show(`write ${entered.hint}`);
      if (entered.kind === "leaving") {
        this.#isLeaving = true;
        session.leave();
        // The server has something to say to that, or closes.
        this.#io.runtime.after(LEAVING, () => this.#end(0));
        return;
      }
    }
  }

  #end(status: number): void {
    this.#isReady = false;
    this.#clock.stop();
    this.#io.end(status);
  }
}
