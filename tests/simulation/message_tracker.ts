/**
 * Every message, from being sent to its end, and what must hold on the way.
 *
 * @module
 */

import type { Trace } from "../../lib/simulation/trace.ts";
import { EVERYBODY, readText, type Said, textOf } from "./message.ts";

/** Something that must hold did not. */
export class Violation extends Error {
  /** What it is called. */
  override readonly name = "Violation";
}

/** What somebody is called who does not know yet what their name is, or not any more. */
export const NAMELESS = "?";

/** Somebody who sends and receives, from coming to leaving: one incarnation of a user. */
export interface Life {
  /** What others call them; {@linkcode NAMELESS} for a frame client that has no ID. */
  readonly name: string;
  /** Why nobody can expect that they hear what they are told: they break off, stall, or flood. */
  readonly disturbance: string | undefined;
  /** The group chats that they may be in, where their dialect has such. */
  readonly chats?: ReadonlySet<string>;
}

/** One message on its way. */
export interface Sent extends Said {
  /** Its sender. */
  readonly life: Life;
  /** When it was written, in milliseconds. */
  readonly at: number;
  /** Who has it: whoever acknowledges has done so, whoever does not was handed all of it. */
  readonly haveIt: Set<string>;
}

/** Who is present, by the hub. */
export interface Present {
  /** Whether somebody has, or had a moment ago, this frame ID. */
  hasHeld(name: string, frameId: number): boolean;
  /** Since when somebody is present, in milliseconds; `undefined` for who is not. */
  since(name: string): number | undefined;
  /** All who must have a message to everybody that was sent at a time, if they all are said to have it. */
  musts(at: number): Iterable<string>;
}

/** What became of the messages, counted. */
export interface Counts {
  sent: number;
  confirmed: number;
  /** Those of them that were for everybody. */
  confirmedToAll: number;
  refused: number;
  /** Whose sender broke off, or could not know. */
  unknown: number;
  arrivals: number;
}

/** How many messages between arrivals of copies are told apart from new ones: the network doubles datagrams. */
const REMEMBERED = 64;

/** What one recipient has seen. */
export class Inbox {
  readonly #last = new Map<string, number>();
  readonly #recent: number[] = [];

  /** Whether this was seen a moment ago. */
  has(id: number): boolean {
    return this.#recent.includes(id);
  }

  /** Says which message of this sender came before that should have come after, or is the same. */
  add({ id, from }: Said, isDoubled: boolean): number | undefined {
    if (isDoubled) {
      this.#recent.push(id);
      if (this.#recent.length > REMEMBERED) this.#recent.shift();
    }
    const last = this.#last.get(from) ?? 0;
    this.#last.set(from, Math.max(last, id));
    return last >= id ? last : undefined;
  }
}

/** Follows all messages. */
export class MessageTracker {
  readonly #trace: Trace;
  readonly #now: () => number;
  readonly #present: Present;
  readonly #open = new Map<number, Sent>();
  readonly #lastInChat = new Map<string, number>();
  readonly #failed = Promise.withResolvers<never>();
  #violation: Violation | undefined;
  #lastId = 0;
  /** What became of them. */
  readonly counts: Counts = { sent: 0, confirmed: 0, confirmedToAll: 0, refused: 0, unknown: 0, arrivals: 0 };

  constructor(now: () => number, present: Present, trace: Trace) {
    this.#now = now;
    this.#present = present;
    this.#trace = trace;
    this.#failed.promise.catch(() => {});
  }

  /** Rejects with the first {@linkcode Violation}. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** How many messages have no end yet. */
  get open(): number {
    return this.#open.size;
  }

  /** Something that must hold does not. */
  violated(what: string): void {
    if (this.#violation !== undefined) return;
    this.#trace.note("VIOLATION:", what);
    this.#violation = new Violation(what);
    this.#failed.reject(this.#violation);
  }

  /** Somebody sends a message; gives what it says. */
  send(life: Life, to: string, longest?: number): { readonly sent: Sent; readonly text: string } {
    const sent: Sent = { id: ++this.#lastId, from: life.name, to, life, at: this.#now(), haveIt: new Set() };
    this.#open.set(sent.id, sent);
    this.counts.sent++;
    return { sent, text: textOf(sent, longest) };
  }

  /** All of a message was handed to the network, on the way to somebody who does not acknowledge. */
  handed(id: number, name: string): void {
    const sent = this.#open.get(id);
    if (sent === undefined || sent.from === name) return;
    if (!this.#isFor(sent, name)) return this.violated(`message ${id}, for ${sent.to}, is handed to ${name}`);
    sent.haveIt.add(name);
  }

  /** Somebody is shown a message, by this name; says which. `isDoubled` where the network makes copies. */
  arrived(life: Life, inbox: Inbox, from: string, text: string, isDoubled = false): Said | undefined {
    const said = readText(text);
    if (said === undefined) {
      this.violated(`${life.name} is shown what nobody has said: ${JSON.stringify(text.slice(0, 200))}`);
      return undefined;
    }
    if (isDoubled && inbox.has(said.id)) return said;
    if (said.from !== from) this.violated(`message ${said.id} of ${said.from} is shown as that of ${from}`);
    if (!this.#isFor(said, life.name) && !life.chats?.has(said.to)) {
      this.violated(`message ${said.id}, for ${said.to}, is shown to ${life.name}`);
    }
    const before = inbox.add(said, isDoubled);
    if (before === said.id) this.violated(`${life.name} is shown message ${said.id} twice`);
    else if (before !== undefined) {
      this.violated(`${life.name} is shown message ${said.id} behind ${before} of ${from}`);
    }
    this.counts.arrivals++;
    return said;
  }

  /** Somebody may be in a group chat, until now or `still`: what is for everybody is kept for them, and not waited for. */
  inChat(name: string, isStill: boolean): void {
    this.#lastInChat.set(name, isStill ? Infinity : this.#now());
  }

  /** Somebody acknowledges a message, from now on. */
  acknowledged(id: number, life: Life): void {
    this.#open.get(id)?.haveIt.add(life.name);
  }

  /** A sender is told that a message was delivered. */
  confirmed(sent: Sent): void {
    if (!this.#end(sent, "confirmed")) return;
    this.counts.confirmed++;
    if (sent.to !== EVERYBODY) {
      if (sent.haveIt.size === 0) this.violated(`message ${sent.id} is confirmed, and ${sent.to} does not have it`);
      return;
    }
    this.counts.confirmedToAll++;
    for (const name of this.#present.musts(sent.at)) {
      const isExempt = name === sent.from || (this.#lastInChat.get(name) ?? -Infinity) >= sent.at;
      if (!isExempt && !sent.haveIt.has(name)) {
        return this.violated(`message ${sent.id} to all is confirmed, and ${name} does not have it`);
      }
    }
  }

  /** A sender is told that a message was not delivered; `isUnknown` says that nobody of that name is there. */
  refused(sent: Sent, isUnknown = false): void {
    if (!this.#end(sent, "refused")) return;
    this.counts.refused++;
    const since = this.#present.since(sent.to);
    if (isUnknown && since !== undefined && since < sent.at) {
      this.violated(`message ${sent.id} is refused because nobody is called ${sent.to}, who is there`);
    }
  }

  /** Nobody will learn what became of a message: its sender has broken off, or its dialect does not tell. */
  forgotten(sent: Sent): void {
    if (this.#open.delete(sent.id)) this.counts.unknown++;
  }

  /** Messages that are open for longer than they may be, in milliseconds, though their senders wait for an answer. */
  checkAge(longest: number): void {
    for (const { id, at, life, to } of this.#open.values()) {
      if (this.#now() - at <= longest) return;
      if (life.disturbance !== undefined) continue;
      return this.violated(`message ${id} from ${life.name} to ${to} has no outcome after ${longest} ms`);
    }
  }

  #end(sent: Sent, how: string): boolean {
    if (this.#open.delete(sent.id)) return true;
    this.violated(`message ${sent.id} from ${sent.from} to ${sent.to} has a second outcome: ${how}`);
    return false;
  }

  #isFor({ to }: Said, name: string): boolean {
    return to === EVERYBODY || to === name || /^[0-9]+$/.test(to) && this.#present.hasHeld(name, Number(to));
  }
}
