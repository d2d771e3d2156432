/**
 * All that the page knows, and what it does about what happens: events and the time go in, effects come out. It sees neither
 * the document nor a socket.
 *
 * @module
 */

import { EVERYONE } from "../core/name.ts";
import { backoff } from "./backoff.ts";
import type { Fate, ThreadEntry } from "./thread.ts";
import { Threads } from "./threads.ts";
import { problemText } from "./fate_words.ts";
import { People } from "./people.ts";
import type { IncomingMessage, PageMessage } from "./web_message.ts";

/** How far it has come. */
export type Phase =
  /** A name is asked for; why, where the last one did not do. */
  | { readonly kind: "apart"; readonly why?: string }
  /** A connection is made, and then the name asked for. */
  | { readonly kind: "connecting" | "joining"; readonly until: number }
  | { readonly kind: "here" }
  /** The connection was lost; the next one is made at that time. */
  | { readonly kind: "waiting"; readonly until: number; readonly why: string }
  /** The server has closed it in a way that makes no sense to try again by oneself. */
  | { readonly kind: "ended"; readonly why: string };

/** What is to be done. */
export type Effect =
  | { readonly kind: "connect" }
  | { readonly kind: "disconnect" }
  | { readonly kind: "say"; readonly message: PageMessage };

/** Something that a person who does not see the page is told. */
export type News =
  | { readonly kind: "message"; readonly from: string; readonly isForAll: boolean; readonly text: string }
  | { readonly kind: "problem"; readonly text: string };

/** How long a server may take to say hello, and then to answer `join`, in milliseconds. */
const ANSWER_MS = 15_000;
/** A server that says nothing for so long, though it owes an outcome, is not there any more. In milliseconds. */
const SILENCE_MS = 60_000;
/** How often a name that was ours is asked for again: a server may not have noticed yet that the connection before is lost. */
const REJOINS = 5;
/** Nobody is to come again by themselves after these. */
const FINAL: ReadonlySet<string> = new Set(["denied", "flood", "refused", "idle", "malformed", "unregistered"]);

/** The page without its looks. */
export class Chat {
  /** Who is here. */
  readonly people = new People();
  /** What is said. */
  readonly threads: Threads;
  /** One's own name, once it was chosen. */
  name = "";
  readonly #chance: () => number;
  readonly #unsettled = new Map<number, ThreadEntry>();
  #phase: Phase = { kind: "apart" };
  #effects: Effect[] = [];
  #news: News[] = [];
  #maxMessage = Infinity;
  #wasHere: boolean;
  #lostAt: number | undefined;
  #heardAt = 0;
  #failures = 0;
  #lastId = 0;
  #farewell: { readonly code: string; readonly reason: string } | undefined;
  #isLooking = true;

  /**
   * Nobody has joined yet.
   *
   * @param chance Draws a number from 0 to 1.
   * @param before What the tab still knows from before it was loaded again: what was said, and who one was.
   */
  constructor(chance: () => number, before?: { readonly name: string; readonly threads: Threads }) {
    this.#chance = chance;
    this.threads = before?.threads ?? new Threads();
    this.name = before?.name ?? "";
    this.#wasHere = this.name !== "";
  }

  /** How far it has come. */
  get phase(): Phase {
    return this.#phase;
  }

  /** Whether the name was ours before: at least one connection came about. */
  get wasHere(): boolean {
    return this.#wasHere;
  }

  /** The longest message that the server takes, in bytes of UTF-8. */
  get maxMessage(): number {
    return this.#maxMessage;
  }

  /** When {@linkcode tick} is to be called next, in milliseconds since 1970. */
  get deadline(): number | undefined {
    if ("until" in this.#phase) return this.#phase.until;
    return this.#phase.kind === "here" && this.#unsettled.size > 0 ? this.#heardAt + SILENCE_MS : undefined;
  }

  /** What is to be done since this was last asked, in order. */
  takeEffects(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** What happened since this was last asked. */
  takeNews(): readonly News[] {
    const news = this.#news;
    this.#news = [];
    return news;
  }

  /** Somebody wants to be called so. */
  join(name: string, now: number): void {
    if (name !== this.name) this.#wasHere = false;
    this.name = name;
    this.#failures = 0;
    this.#connect(now);
  }

  /** Makes the next connection, or gives the one up that is not answered. */
  tick(now: number): void {
    if (this.deadline === undefined || now < this.deadline) return;
    if (this.#phase.kind === "waiting") this.#connect(now);
    else this.#giveUp(now, "the server does not answer");
  }

  /** Does not wait for the next connection any longer. */
  retry(now: number): void {
    if (this.#phase.kind === "waiting" || this.#phase.kind === "ended") this.#connect(now);
  }

  /** Leaves, and asks for a name again. */
  leave(): void {
    if (this.#phase.kind === "here") this.#say({ type: "leave" });
    this.#effects.push({ kind: "disconnect" });
    this.#forgetUnsettled();
    this.#wasHere = false;
    this.#phase = { kind: "apart" };
  }

  /** The server says something. */
  hear(message: IncomingMessage, now: number): void {
    this.#heardAt = now;
    switch (message.type) {
      case "hello":
        this.#maxMessage = message.maxMessage;
        if (this.#phase.kind !== "connecting") return;
        this.#phase = { kind: "joining", until: now + ANSWER_MS };
        return this.#say({ type: "join", name: this.name });
      case "joined":
        return this.#joined(message, now);
      case "refused":
        return this.#refused(message, now);
      case "present":
        return this.people.add(message);
      case "absent":
        return this.people.remove(message.name);
      case "message":
        return this.#told(message, now);
      case "outcome":
        return this.#settle(message.id, { ...message, kind: "settled" });
      case "error":
        if (message.id !== undefined) return this.#settle(message.id, { kind: "not-taken", reason: message.reason });
        return this.#note(`The server did not take what this page said: ${message.reason}`, now);
      case "bye":
        this.#farewell = message;
    }
  }

  /** The connection is closed, or could not be made. */
  closed(now: number): void {
    const why = this.#farewell?.reason.replace(/\.$/, "") ||
      (this.#phase.kind === "connecting" ? "no server answers" : "the connection broke");
    const isFinal = FINAL.has(this.#farewell?.code ?? "");
    if (this.#phase.kind !== "connecting" && this.#phase.kind !== "joining" && this.#phase.kind !== "here") return;
    this.#forgetUnsettled();
    if (!this.#wasHere) this.#phase = { kind: "apart", why: `Not connected: ${why}.` };
    else if (isFinal) this.#phase = { kind: "ended", why };
    else this.#wait(now, why);
  }

  /**
   * Says something in the thread that is looked at.
   *
   * @returns why it was not even tried; nothing where it is on its way.
   */
  say(text: string, now: number): string | undefined {
    return this.#post(this.threads.open.partner, text, now);
  }

  /** Says once more what was not confirmed, or not delivered. */
  again(entry: ThreadEntry, partner: string, now: number): string | undefined {
    const why = this.#post(partner, entry.text, now);
    if (why === undefined) entry.fate = { kind: "sent-again" };
    return why;
  }

  /** Looks at the thread with somebody, or with everybody. */
  open(partner: string): void {
    if (partner !== this.threads.open.partner) this.threads.open.unreadFrom = undefined;
    this.threads.look(partner);
    this.look(this.#isLooking);
  }

  /** Somebody looks at the page, or at something else. */
  look(isLooking: boolean): void {
    this.#isLooking = isLooking;
    if (isLooking) this.threads.open.unread = 0;
  }

  #say(message: PageMessage): void {
    this.#effects.push({ kind: "say", message });
  }

  #connect(now: number): void {
    this.#forgetUnsettled();
    this.#farewell = undefined;
    this.#effects.push({ kind: "connect" });
    this.#phase = { kind: "connecting", until: now + ANSWER_MS };
  }

  #giveUp(now: number, why: string): void {
    this.#effects.push({ kind: "disconnect" });
    this.#farewell = { code: "", reason: why };
    this.closed(now);
  }

  #wait(now: number, why: string): void {
    this.#lostAt ??= now;
    this.#phase = { kind: "waiting", until: now + backoff(this.#failures++, this.#chance()), why };
  }

  #joined({ name, present }: Extract<IncomingMessage, { type: "joined" }>, now: number): void {
    if (this.#phase.kind !== "joining") return;
    this.people.reset(present);
    this.name = name;
    this.#failures = 0;
    this.#phase = { kind: "here" };
    if (this.#wasHere) this.#note(gapText(this.#lostAt === undefined ? undefined : now - this.#lostAt), now);
    this.#wasHere = true;
    this.#lostAt = undefined;
  }

  #refused({ code, reason }: Extract<IncomingMessage, { type: "refused" }>, now: number): void {
    if (this.#phase.kind !== "joining") return;
    this.#effects.push({ kind: "disconnect" });
    if (this.#wasHere && code !== "malformed" && this.#failures < REJOINS) return this.#wait(now, reason);
    this.#phase = { kind: "apart", why: sentence(reason || "This name cannot be yours") };
  }

  #told({ number, from, isForAll, text, isBytes }: Extract<IncomingMessage, { type: "message" }>, now: number): void {
    const partner = isForAll ? EVERYONE : from;
    this.threads.add(partner, { time: now, from, text, ...isBytes && { isBytes } });
    const thread = this.threads.with(partner);
    if (thread !== this.threads.open || !this.#isLooking) thread.markUnread();
    this.#news.push({ kind: "message", from, isForAll, text });
    this.#say({ type: "received", number });
  }

  #settle(id: number, fate: Fate): void {
    const entry = this.#unsettled.get(id);
    if (entry === undefined) return;
    this.#unsettled.delete(id);
    entry.fate = fate;
    const problem = problemText(fate);
    if (problem !== undefined) this.#news.push({ kind: "problem", text: `${problem}: ${entry.text}` });
  }

  #post(partner: string, text: string, now: number): string | undefined {
    if (text.trim() === "") return "";
    if (this.#phase.kind !== "here") return "Not connected: nothing was sent.";
    const length = new TextEncoder().encode(text).length;
    if (length > this.#maxMessage) return `Too long: ${length} bytes of at most ${this.#maxMessage}.`;
    const id = ++this.#lastId;
    const entry: ThreadEntry = { time: now, from: this.name, text, fate: { kind: "on-its-way" } };
    if (this.#unsettled.size === 0) this.#heardAt = now;
    this.#unsettled.set(id, entry);
    this.threads.add(partner, entry);
    this.threads.with(partner).unreadFrom = undefined;
    this.#say({ type: "send", id, ...partner !== EVERYONE && { to: partner }, text });
    return undefined;
  }

  #forgetUnsettled(): void {
    for (const entry of this.#unsettled.values()) entry.fate = { kind: "not-confirmed" };
    if (this.#unsettled.size > 0) {
      this.#news.push({ kind: "problem", text: "The connection is lost: what was on its way is not confirmed." });
    }
    this.#unsettled.clear();
  }

  /** Where it is seen: in the thread with everybody, and in the one that is looked at. */
  #note(text: string, now: number): void {
    for (const partner of new Set([EVERYONE, this.threads.open.partner])) {
      this.threads.add(partner, { time: now, text });
    }
  }
}

function gapText(milliseconds: number | undefined): string {
  const after = milliseconds === undefined ? "" : ` after ${durationText(milliseconds)}`;
  return `Connected again${after}. What others said meanwhile did not arrive here.`;
}

function durationText(milliseconds: number): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");
}
