/**
 * A relay server that shares no code with ours: small, right, and made to be overridden. All text is bytes, a character each.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import type { Timer } from "../../../lib/core/runtime.ts";
import { latin1Bytes, latin1Text } from "../latin1.ts";
import type { PlainSettings } from "../mutant.ts";
import { type PutIn, puttingInto } from "../put_in.ts";

/** What a socket is registered for. */
export type RelaySide = "TOSEND" | "TORECV";

/** A connection. */
export interface RelaySocket {
  /** What carries it. */
  readonly link: Link;
  /** What has arrived and was not read. */
  unread: string;
  /** Whose it is. */
  user: PlainUser | undefined;
  /** What it is registered for. */
  side: RelaySide | undefined;
  /** What it is still to be told, in this order; empty until it is known. */
  readonly owed: { text: string }[];
  /** Whether it is closed once it was told. */
  isDone: boolean;
}

/** Somebody who has a name. */
export interface PlainUser {
  /** The name. */
  readonly name: string;
  /** The sockets. */
  readonly sockets: Map<RelaySide, RelaySocket>;
  /** What was passed on and not answered, the oldest first. */
  unanswered: PlainDelivery[];
}

/** What became of a message. */
export type PlainOutcome = "delivered" | "unknown" | "refused" | "gone" | "timed-out";

/** Told the outcome; only the first one counts. */
export type Report = (outcome: PlainOutcome) => void;

/** A message that was passed on. */
export interface PlainDelivery {
  /** Its sender's name. */
  readonly from: string;
  /** Tells what became of it. */
  readonly settle: Report;
  /** Whether that was told. */
  isSettled: boolean;
}

/** Why a SEND cannot be read. */
export type PlainFault = "no-party" | "no-length" | "bad-length" | "too-large";

/** A message as it was read. */
export interface PlainMessage {
  /** The first word. */
  readonly verb: string;
  /** What stands behind it. */
  readonly argument: string;
  /** The body of a SEND. */
  readonly body: string;
  /** Why a SEND cannot be read. */
  readonly fault?: PlainFault | undefined;
}

/** Does what the document says. */
export class PlainRelayServer {
  /** Who has connected. */
  readonly sockets: Set<RelaySocket> = new Set();
  /** Who has a name. */
  readonly users: Map<string, PlainUser> = new Map();
  /** The longest body, in bytes. */
  readonly maxMessage: number;
  readonly #settings: PlainSettings;

  constructor(settings: PlainSettings) {
    this.#settings = settings;
    this.maxMessage = settings.maxMessage;
  }

  /** Somebody connects. */
  accept(link: Link): LinkHandler {
    const socket: RelaySocket = { link, unread: "", user: undefined, side: undefined, owed: [], isDone: false };
    this.sockets.add(socket);
    this.connected(socket);
    return {
      receive: (bytes) => this.receive(socket, latin1Text(bytes)),
      ended: () => {
        this.leave(socket);
        link.end("left");
      },
      closed: () => this.leave(socket),
    };
  }

  /** What a socket is told first. */
  connected(_socket: RelaySocket): void {}

  /** Bytes have come. */
  receive(socket: RelaySocket, text: string): void {
    socket.unread += text;
    for (let message = this.next(socket); message !== undefined; message = this.next(socket)) {
      this.handle(socket, message);
    }
  }

  /** The next message, if all of it is there. */
  next(socket: RelaySocket): PlainMessage | undefined {
    socket.unread = socket.unread.replace(/^\n+/, "");
    const end = socket.unread.indexOf("\n\n");
    if (end < 0 || socket.isDone || !this.sockets.has(socket)) return undefined;
    const header = socket.unread.slice(0, end);
    const rest = socket.unread.slice(end + 2);
    const [, verb = "", argument = ""] = /^([^ \n]*) ?([^]*)$/.exec(header)!;
    socket.unread = rest;
    if (verb !== "SEND") return { verb, argument, body: "" };
    const [to = "", ...fields] = argument.split("\n");
    const length = this.length(to, fields);
    if (typeof length === "string") return { verb, argument: to, body: "", fault: length };
    const size = this.size(length, rest);
    if (rest.length < size) {
      socket.unread = `${header}\n\n${rest}`;
      return undefined;
    }
    socket.unread = rest.slice(size);
    return { verb, argument: to, body: rest.slice(0, size) };
  }

  /** The length that a SEND names. */
  length(to: string, fields: readonly string[]): number | PlainFault {
    if (to === "") return "no-party";
    const value = fields.map((field) => /^content-length:(.*)$/i.exec(field)?.[1]).find((each) => each !== undefined);
    if (value === undefined) return "no-length";
    const length = this.number(value);
    if (Number.isNaN(length)) return "bad-length";
    return length > this.maxMessage ? "too-large" : length;
  }

  /** The number that a length is, or `NaN`. */
  number(value: string): number {
    return /^ *[0-9]+ *$/.test(value) ? Number(value) : NaN;
  }

  /** How many bytes a body has of which this much is there. */
  size(length: number, _rest: string): number {
    return length;
  }

  /** Whether a socket is somebody's who has both. */
  isRegistered({ user }: RelaySocket): boolean {
    return user?.sockets.size === 2;
  }

  /** Does what a message asks for. */
  handle(socket: RelaySocket, message: PlainMessage): void {
    const { verb, argument, body, fault } = message;
    const [, side, , name = ""] = /^(TOSEND|TORECV)( ([^]*))?$/.exec(argument) ?? [];
    if (verb === "REGISTER" && side !== undefined) return this.register(socket, side as RelaySide, name);
    if (!this.isRegistered(socket)) return this.tooEarly(socket, message);
    if (fault !== undefined) return this.unreadable(socket, fault);
    if (verb === "SEND" && socket.side === "TOSEND") return this.send(socket, socket.user!, argument, body);
    if (verb === "RECEIVED" && socket.side === "TORECV") return this.received(socket.user!, argument);
    if (verb === "ERROR" && socket.side === "TORECV") return this.rejected(socket.user!);
    if (/^(REGISTER|SEND|RECEIVED|ERROR)$/.test(verb)) this.giveUp(socket);
    else this.unknown(socket);
  }

  /** A socket says something before both are registered. */
  tooEarly(socket: RelaySocket, _message: PlainMessage): void {
    this.say(socket, "ERROR 101 No user registered");
  }

  /** A user says what is no message. */
  unknown(socket: RelaySocket): void {
    this.giveUp(socket);
  }

  /** A user's SEND cannot be read. */
  unreadable(socket: RelaySocket, _fault: PlainFault): void {
    this.giveUp(socket);
  }

  /** Where the next message begins cannot be known any more. */
  giveUp(socket: RelaySocket): void {
    socket.isDone = true;
    this.say(socket, "ERROR 103 Header incomplete");
  }

  /** A socket asks for a name. */
  register(socket: RelaySocket, side: RelaySide, name: string): void {
    const key = this.key(name, side);
    if (key === undefined) this.say(socket, "ERROR 100 Malformed username");
    else if (socket.user !== undefined || !this.isFree(key, side)) this.taken(socket, side, name);
    else this.admit(socket, side, name, key);
  }

  /** What a name counts as; `undefined` if it is malformed. */
  key(name: string, _side: RelaySide): string | undefined {
    return isName(name) ? name : undefined;
  }

  /** Whether a side of a user can be had. */
  isFree(name: string, side: RelaySide): boolean {
    return this.users.get(name)?.sockets.has(side) !== true;
  }

  /** A name is somebody else's. */
  taken(socket: RelaySocket, _side: RelaySide, _name: string): void {
    this.say(socket, "ERROR 100 Malformed username");
  }

  /** A socket gets its name. */
  admit(socket: RelaySocket, side: RelaySide, name: string, key: string): void {
    const user = this.users.get(key) ?? { name: key, sockets: new Map(), unanswered: [] };
    this.users.set(key, user);
    user.sockets.set(side, socket);
    Object.assign(socket, { user, side });
    this.say(socket, `REGISTERED ${side} ${name}`);
    if (this.isRegistered(socket)) this.entered(user);
  }

  /** A user has both sockets. */
  entered(_user: PlainUser): void {}

  /** Closes a socket behind what it was told. */
  close(socket: RelaySocket): void {
    this.leave(socket);
    socket.link.end("malformed");
  }

  /** A socket has closed, or is about to be: its user leaves, and the other one is closed, too. */
  leave(socket: RelaySocket): void {
    this.sockets.delete(socket);
    const { user } = socket;
    if (user === undefined || this.users.get(user.name) !== user) return;
    this.users.delete(user.name);
    for (const other of user.sockets.values()) if (other !== socket) other.link.end("partner-left");
    this.gone(user.unanswered.splice(0));
  }

  /** A user has left without answering these. */
  gone(deliveries: readonly PlainDelivery[]): void {
    for (const { settle } of deliveries) settle("gone");
  }

  /** Those who have both sockets. */
  get present(): PlainUser[] {
    return [...this.users.values()].filter(({ sockets }) => sockets.size === 2);
  }

  /** `SEND`, by somebody who may. */
  send(socket: RelaySocket, from: PlainUser, to: string, body: string): void {
    const tell = this.owe(socket);
    const report = (outcome: PlainOutcome) => this.answer(socket, tell, to, outcome);
    if (to === "ALL") this.broadcast(from, body, report);
    else this.deliver(from, to, body, report);
  }

  /** Passes a message on to one user. */
  deliver(from: PlainUser, to: string, body: string, report: Report): void {
    const recipient = this.find(to, from);
    if (recipient === undefined) this.nobody(to, report, () => this.deliver(from, to, body, report));
    else this.pass(recipient, from.name, body, report);
  }

  /** The user of a name. */
  find(to: string, _from: PlainUser): PlainUser | undefined {
    return this.present.find(({ name }) => name === to);
  }

  /** Nobody has the name that a message is for. */
  nobody(_to: string, report: Report, _again: () => void): void {
    report("unknown");
  }

  /** Passes a message on to all. */
  broadcast(from: PlainUser, body: string, report: Report): void {
    const recipients = this.audience(from);
    if (recipients.length === 0) return report("unknown");
    const collect = this.collect(recipients.length, report);
    for (const to of recipients) this.pass(to, from.name, body, collect);
  }

  /** Who gets what somebody says to all. */
  audience(from: PlainUser): PlainUser[] {
    return this.present.filter((user) => user !== from);
  }

  /** Makes one outcome of several. */
  collect(count: number, report: Report): Report {
    const outcomes: PlainOutcome[] = [];
    return (outcome) => {
      if (outcomes.push(outcome) === count) report(outcomes.find((each) => each !== "delivered") ?? "delivered");
    };
  }

  /** Passes a message on to somebody who is present. */
  pass(to: PlainUser, from: string, body: string, report: Report): PlainDelivery {
    let timer: Timer | undefined = undefined;
    const settle: Report = (outcome) => {
      if (delivery.isSettled) return;
      delivery.isSettled = true;
      timer?.cancel();
      report(outcome);
    };
    const delivery: PlainDelivery = { from, settle, isSettled: false };
    to.unanswered.push(delivery);
    const { runtime, ackTimeout } = this.#settings;
    timer = runtime.after(ackTimeout, () => this.timedOut(to, delivery));
    this.forward(to, from, body);
    return delivery;
  }

  /** Writes a message to its recipient. */
  forward(to: PlainUser, from: string, body: string): void {
    const socket = to.sockets.get("TORECV")!;
    this.put(socket, `FORWARD ${from}\nContent-length: ${body.length}\n\n`);
    this.putBody(socket, body);
  }

  /** A recipient has not answered in time; what it answers later is still this one's. */
  timedOut(_to: PlainUser, { settle }: PlainDelivery): void {
    settle("timed-out");
  }

  /** A recipient has a message of this sender. */
  received(user: PlainUser, from: string): void {
    const delivery = user.unanswered.find((each) => each.from === from);
    user.unanswered = user.unanswered.filter((each) => each !== delivery);
    delivery?.settle("delivered");
  }

  /** A recipient could not read a message: its oldest. */
  rejected(user: PlainUser): void {
    user.unanswered.shift()?.settle("refused");
  }

  /** Tells a sender what became of a message. */
  answer(_socket: RelaySocket, tell: (words: string) => void, to: string, outcome: PlainOutcome): void {
    if (outcome === "delivered") tell(`SENT ${to}`);
    else tell(outcome === "refused" ? "ERROR 103 Header incomplete" : "ERROR 102 Unable to send");
  }

  /** Says something behind what is still to be said. */
  say(socket: RelaySocket, words: string): void {
    this.owe(socket)(words);
  }

  /** Keeps a place for an answer, behind what is still to be said. */
  owe(socket: RelaySocket): (words: string) => void {
    const place = { text: "" };
    socket.owed.push(place);
    return (words) => {
      place.text = `${words}\n\n`;
      while (socket.owed[0] !== undefined && socket.owed[0].text !== "") this.put(socket, socket.owed.shift()!.text);
      if (socket.isDone && socket.owed.length === 0) this.close(socket);
    };
  }

  /** Writes a message without its body. */
  put(socket: RelaySocket, text: string): void {
    if (text !== "") socket.link.write(latin1Bytes(text));
  }

  /** Writes a body. */
  putBody({ link }: RelaySocket, body: string): void {
    link.write(latin1Bytes(body));
  }
}

/** Whether a name is well formed. */
export function isName(name: string): boolean {
  return /^[A-Za-z0-9]+$/.test(name) && name !== "ALL";
}

/** Makes such servers with other functions in the place of some methods. */
export const relay: PutIn<[PlainSettings], PlainRelayServer> = puttingInto(PlainRelayServer);
