/**
 * A web server that shares no code with ours but for the WebSocket: small, right, and made to be overridden.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import type { Timer } from "../../../lib/core/runtime.ts";
import type { PlainSettings } from "../mutant.ts";
import { type PutIn, puttingInto } from "../put_in.ts";
import { overWebSocket } from "./over_web_socket.ts";

/** A value of JSON with keys. */
export type Fields = Readonly<Record<string, unknown>>;

/** A connection. */
export interface WebPeer {
  /** What carries it. */
  readonly link: Link;
  /** The name, from joining to leaving. */
  name: string | undefined;
  /** The number of the last message that it was sent. */
  last: number;
  /** What it was sent and has not acknowledged, by number. */
  readonly unanswered: Map<number, UnansweredMessage>;
}

/** What became of a message. */
export type WebOutcomeKind = "delivered" | "unknown" | "gone" | "timed-out";

/** Told the outcome; only the first one counts. */
export type OutcomeReport = (outcome: WebOutcomeKind) => void;

/** A message that was passed on. */
export interface UnansweredMessage {
  /** Tells what became of it. */
  readonly settle: OutcomeReport;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Does what the document says. */
export class PlainWebServer {
  /** Who has connected. */
  readonly peers: Set<WebPeer> = new Set();
  /** The longest body, in bytes. */
  readonly maxMessage: number;
  readonly #settings: PlainSettings;

  constructor(settings: PlainSettings) {
    this.#settings = settings;
    this.maxMessage = settings.maxMessage;
  }

  /** Somebody connects. */
  accept(link: Link): LinkHandler {
    return overWebSocket(link, (socket) => {
      const peer: WebPeer = { link: socket, name: undefined, last: 0, unanswered: new Map() };
      this.peers.add(peer);
      this.greet(peer);
      return {
        receive: (bytes) => this.receive(peer, decoder.decode(bytes)),
        ended: () => this.ended(peer),
        closed: () => this.gone(peer),
      };
    });
  }

  /** The first words. */
  greet(peer: WebPeer): void {
    this.say(peer, { type: "hello", protocol: "chat.web.1", software: "plain", maxMessage: this.maxMessage });
  }

  /** Sends a message. */
  say(peer: WebPeer, message: Fields): void {
    peer.link.write(encoder.encode(JSON.stringify(message)));
  }

  /** Those who have joined. */
  get present(): WebPeer[] {
    return [...this.peers].filter(({ name }) => name !== undefined);
  }

  /** A message has come. */
  receive(peer: WebPeer, text: string): void {
    let message: unknown;
    try {
      message = JSON.parse(text);
    } catch {
      return this.notJson(peer);
    }
    if (typeof message !== "object" || message === null || Array.isArray(message)) return this.notJson(peer);
    this.handle(peer, message as Fields);
  }

  /** What has come is no object of JSON. */
  notJson(peer: WebPeer): void {
    this.complain(peer, "bad-json");
  }

  /** Does what a message asks for. */
  handle(peer: WebPeer, message: Fields): void {
    switch (message.type) {
      case "join":
        return typeof message.name === "string" ? this.join(peer, message.name) : this.bad(peer);
      case "send":
        return this.readSend(peer, message);
      case "received":
        return isNumber(message.number) ? this.received(peer, message.number) : this.bad(peer);
      case "leave":
        return this.leave(peer);
      case undefined:
        return this.bad(peer);
      default:
        return this.unknownType(peer, message);
    }
  }

  /** A type that there is none of. */
  unknownType(peer: WebPeer, _message: Fields): void {
    this.complain(peer, "unknown-type");
  }

  /** Something is missing, or of another type. */
  bad(peer: WebPeer, id?: number): void {
    this.complain(peer, "bad-message", id);
  }

  /** Tells an error. */
  complain(peer: WebPeer, code: string, id?: number): void {
    this.say(peer, { type: "error", code, ...id !== undefined && { id }, reason: "no" });
  }

  /** Somebody asks for a name. */
  join(peer: WebPeer, name: string): void {
    if (peer.name !== undefined) return this.again(peer, name);
    if (!this.isName(name)) return this.refuse(peer, "malformed");
    if (!this.isFree(name)) return this.refuse(peer, "taken");
    this.admit(peer, name);
  }

  /** Somebody asks for another name. */
  again(peer: WebPeer, _name: string): void {
    this.complain(peer, "joined-already");
  }

  /** Whether a name is well formed. */
  isName(name: string): boolean {
    return /^[A-Za-z0-9]{1,255}$/.test(name) && name !== "ALL";
  }

  /** Whether nobody has a name. */
  isFree(name: string): boolean {
    return this.present.every((peer) => peer.name !== name);
  }

  /** A name cannot be had. */
  refuse(peer: WebPeer, code: string): void {
    this.say(peer, { type: "refused", code, reason: "no" });
  }

  /** Somebody gets a name. */
  admit(peer: WebPeer, name: string): void {
    const others = this.present;
    peer.name = name;
    this.say(peer, { type: "joined", name, present: this.listed(others, peer) });
    this.tellOthers(peer, { type: "present", name, dialect: "web" });
  }

  /** Who is told to be there. */
  listed(others: readonly WebPeer[], _peer: WebPeer): Fields[] {
    return others.map(({ name }) => ({ name, dialect: "web" }));
  }

  /** Tells everybody else something. */
  tellOthers(peer: WebPeer, message: Fields): void {
    for (const other of this.present) if (other !== peer) this.say(other, message);
  }

  /** Reads a `send`. */
  readSend(peer: WebPeer, { id, to, text, base64 }: Fields): void {
    if (!isNumber(id)) return this.bad(peer);
    const isOne = typeof text === "string" && base64 === undefined || typeof base64 === "string" && text === undefined;
    const isBase64 = typeof base64 !== "string" || base64.length % 4 === 0;
    if (!isOne || !isBase64 || to !== undefined && typeof to !== "string") return this.bad(peer, id);
    if (peer.name === undefined) return this.tooEarly(peer, id);
    const body = typeof text === "string" ? { text } : this.fromBase64(base64 as string);
    if (body.text !== undefined && !body.text.isWellFormed()) return this.notTaken(peer, id, "not-text");
    if (encoder.encode(body.text ?? "").length > this.maxMessage) return this.notTaken(peer, id, "too-long");
    this.send(peer, id, to, body);
  }

  /** A `send` before `joined`. */
  tooEarly(peer: WebPeer, id: number): void {
    this.complain(peer, "not-joined", id);
  }

  /** A body that was written in base64, as it is passed on. */
  fromBase64(base64: string): Body {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    try {
      return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch {
      return { base64 };
    }
  }

  /** A message is not passed on. */
  notTaken(peer: WebPeer, id: number, reason: string): void {
    this.say(peer, { type: "outcome", id, kind: "refused", reason });
  }

  /** Somebody who has joined sends something. */
  send(peer: WebPeer, id: number, to: string | undefined, body: Body): void {
    if (to === undefined) return this.broadcast(peer, id, body);
    this.deliver(peer, to, body, (outcome) => this.answer(peer, id, outcome));
  }

  /** Passes a message on to one. */
  deliver(peer: WebPeer, to: string, body: Body, report: OutcomeReport): void {
    const recipient = this.find(to, peer);
    if (recipient === undefined) report("unknown");
    else this.pass(recipient, peer, "you", body, report);
  }

  /** Who has a name. */
  find(to: string, _from: WebPeer): WebPeer | undefined {
    return this.present.find(({ name }) => name === to);
  }

  /** Passes a message on to all others. */
  broadcast(peer: WebPeer, id: number, body: Body): void {
    const recipients = this.audience(peer);
    const outcomes: WebOutcomeKind[] = [];
    if (recipients.length === 0) return this.answerAll(peer, id, [], 0);
    for (const to of recipients) {
      this.pass(to, peer, "all", body, (outcome) => {
        outcomes.push(outcome);
        this.counted(peer, id, outcomes, recipients.length);
      });
    }
  }

  /** Who gets what somebody says to all. */
  audience(peer: WebPeer): WebPeer[] {
    return this.present.filter((other) => other !== peer);
  }

  /** One more outcome of a broadcast is known. */
  counted(peer: WebPeer, id: number, outcomes: readonly WebOutcomeKind[], recipients: number): void {
    if (outcomes.length === recipients) this.answerAll(peer, id, outcomes, recipients);
  }

  /** Tells what became of a broadcast. */
  answerAll(peer: WebPeer, id: number, outcomes: readonly WebOutcomeKind[], recipients: number): void {
    const kind = outcomes.length === 0 ? "unknown" : outcomes.find((each) => each !== "delivered") ?? "delivered";
    const delivered = outcomes.filter((each) => each === "delivered").length;
    this.answer(peer, id, kind, { delivered, recipients });
  }

  /** Passes a message on to somebody. */
  pass(to: WebPeer, from: WebPeer, audience: "you" | "all", body: Body, report: OutcomeReport): void {
    const number = this.number(to);
    let isSettled = false;
    let timer: Timer | undefined = undefined;
    const settle: OutcomeReport = (outcome) => {
      if (isSettled) return;
      isSettled = true;
      timer?.cancel();
      report(outcome);
    };
    to.unanswered.set(number, { settle });
    const { runtime, ackTimeout } = this.#settings;
    timer = runtime.after(ackTimeout, () => this.timedOut(settle));
    this.say(to, { type: "message", number, from: from.name, to: audience, ...body });
  }

  /** The number of the next message. */
  number(to: WebPeer): number {
    return ++to.last;
  }

  /** A recipient has not answered in time. */
  timedOut(settle: OutcomeReport): void {
    settle("timed-out");
  }

  /** A recipient has a message. */
  received(peer: WebPeer, number: number): void {
    if (peer.name === undefined) return this.complain(peer, "not-joined");
    const delivery = peer.unanswered.get(number);
    peer.unanswered.delete(number);
    delivery?.settle("delivered");
  }

  /** Tells a sender what became of a message. */
  answer(peer: WebPeer, id: number, kind: string, more: Fields = {}): void {
    if (this.peers.has(peer)) this.say(peer, { type: "outcome", id, kind, ...more });
  }

  /** Somebody leaves. */
  leave(peer: WebPeer): void {
    this.say(peer, { type: "bye", code: "left", reason: "goodbye" });
    this.gone(peer);
    peer.link.end("left");
  }

  /** Somebody has closed the connection. */
  ended(peer: WebPeer): void {
    this.gone(peer);
    peer.link.end("left");
  }

  /** Somebody is gone. */
  gone(peer: WebPeer): void {
    if (!this.peers.delete(peer)) return;
    const { name } = peer;
    if (name !== undefined) this.left(peer, name);
    this.unanswered([...peer.unanswered.values()]);
  }

  /** Somebody who had joined is gone. */
  left(peer: WebPeer, name: string): void {
    this.tellOthers(peer, { type: "absent", name });
  }

  /** Somebody is gone who has not answered these. */
  unanswered(deliveries: readonly UnansweredMessage[]): void {
    for (const { settle } of deliveries) settle("gone");
  }
}

/** A body as it is passed on. */
export interface Body {
  /** Where it is text. */
  readonly text?: string;
  /** Where it is not. */
  readonly base64?: string;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Makes such servers with other functions in the place of some methods. */
export const web: PutIn<[PlainSettings], PlainWebServer> = puttingInto(PlainWebServer);
