/**
 * The server's side of one relay socket.
 *
 * @module
 */

import { Fifo } from "../../core/fifo.ts";
import type { Link } from "../../core/link.ts";
import { EVERYONE } from "../../core/name.ts";
import type { Outcome } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { OutcomeObserver } from "../../hub/delivery.ts";
import { type BroadcastLimit, type ServerContext, type ServerSession, UNLIMITED } from "../dialect.ts";
import { PausableInput } from "../session/pausable_input.ts";
import { encodeMessage, RelayDecoder, type RelaySink, writeMessage } from "./codec.ts";
import type { Header, HeaderFault } from "./header.ts";
import type { RelayUser, Side, UserSocket } from "./user.ts";

/** How many answers may be owed to a sender before it is read no further (backpressure). */
const MAX_OWED = 256;

/** How many names a socket may ask for that it cannot have: clients that loop are not to keep the server busy. */
const MAX_REFUSED = 10;
/** How much a socket may say before it may say it. Some begin to send before both sockets are registered. */
const MAX_UNREGISTERED = 100;

// Also for a name that is taken: public clients compare the phrase, and there is no other for 100 in the document.
const MALFORMED = encodeMessage("ERROR 100 Malformed username");
const UNREGISTERED = encodeMessage("ERROR 101 No user registered");
const UNDELIVERED = encodeMessage("ERROR 102 Unable to send");
const INCOMPLETE = encodeMessage("ERROR 103 Header incomplete");

/** The ERROR that tells a socket why it is closed; the code says what became of what is not read any more. */
export function errorFor(reason: CloseReason, isRegistered: boolean): Uint8Array {
  const code = !isRegistered ? 101 : reason === "stalled" ? 103 : 102;
  return encodeMessage(`ERROR ${code} ${CLOSE_REASONS[reason]}`);
}

/** What a session asks of its server. */
export interface RelayHost {
  /** What all dialects' servers share. */
  readonly context: ServerContext;
  /** The word for a delivered message. */
  readonly reply: "SENT" | "SEND";
  /**
   * Gives a socket its user, or says why not: `malformed`, or `taken` where the name, or this side of its user, is
   * somebody else's.
   */
  register(socket: UserSocket, side: Side, name: string): RelayUser | "malformed" | "taken";
  /** The session's link is closed. */
  forget(session: RelaySession): void;
}

/** One socket: nobody's until it registers, then its user's to send on, or to receive on. */
export class RelaySession implements ServerSession, RelaySink, UserSocket {
  readonly #server: RelayHost;
  readonly #decoder: RelayDecoder;
  readonly #broadcasts: BroadcastLimit;
  /** Keeps what has been read of a peer that is held for what it has had passed on to many. */
  readonly #intake = new PausableInput((bytes) => this.#decoder.push(bytes));
  #user: RelayUser | undefined;
  #side: Side | undefined;
  /** Answers in the order of what they answer: neither an ERROR nor two SENTs for one recipient can be told apart. */
  readonly #owed = new Fifo<Answer>();
  /** Whether the link is read no further: too many answers are owed, or the server is shutting down. */
  #held: "owed" | "draining" | undefined;
  #hasPeerEnded = false;
  /** Why the link is to be closed once all answers are given. */
  #finishing: CloseReason | undefined;
  /** How many names were refused, and how much else was said too early. */
  #refused = 0;
  #unregistered = 0;

  /** Takes the server it belongs to, its link, and how much it may have passed on to many. */
  constructor(
    server: RelayHost,
    /** The socket. */
    readonly link: Link,
    broadcasts: BroadcastLimit = UNLIMITED,
  ) {
    this.#server = server;
    this.#broadcasts = broadcasts;
    this.#decoder = new RelayDecoder("SEND", server.context.maxMessage, this);
  }

  /** Whether an answer is owed on this socket. */
  get isBusy(): boolean {
    return this.#owed.size > 0;
  }

  /** Whether the socket is somebody's who has registered the other one as well: a half holds its name from everybody. */
  get isRegistered(): boolean {
    return this.#user?.presence !== undefined;
  }

  /** How many messages the peer has sent. */
  get complete(): number {
    return this.#decoder.complete;
  }

  /** The number of the message that is being read. */
  get unfinished(): number {
    return this.#decoder.unfinished;
  }

  /** Whether the decoder has to stop behind the message that it is at. */
  get isHeld(): boolean {
    return this.#intake.isHeld;
  }

  /** Bytes from the peer. */
  receive(bytes: Uint8Array): void {
    this.#intake.push(bytes);
    // Behind the answers in it, so that usually nothing is unanswered any more.
    this.#user?.heard();
    if (this.#owed.size >= MAX_OWED && this.#held === undefined) this.#hold("owed");
  }

  /** The peer sends no more: its user leaves, and is still told what became of its messages. */
  ended(): void {
    this.#hasPeerEnded = true;
    this.#finishIfAllIsHandled();
  }

  /** The link is closed. */
  closed(reason: CloseReason): void {
    this.#stopReading();
    if (this.#user !== undefined) this.#log("debug", "relay socket closed", { why: reason });
    this.#user?.leave(this, reason);
    this.#user = undefined;
    this.#server.forget(this);
  }

  /** Takes no new messages; what this socket's user receives is still acknowledged on it. */
  drain(): void {
    if (this.#side !== "TORECV") this.#hold("draining");
  }

  /** Reads no more, gives the answers that are owed, then closes. */
  finish(reason: CloseReason): void {
    if (this.#finishing !== undefined) return;
    this.#finishing = reason;
    this.#stopReading();
    this.#user?.leave(this, reason);
    this.#giveAnswers();
  }

  /** Says why, where an error may be said: nothing else than FORWARDs goes to a TORECV socket. */
  dismiss(reason: CloseReason): void {
    if (this.#finishing !== undefined) return;
    // A user who has just left for the same reason was registered.
    const isRegistered = this.#user !== undefined && reason !== "unregistered";
    if (this.#side !== "TORECV") this.#answer(errorFor(reason, isRegistered));
    this.finish(reason);
  }

  /** A message without a body. */
  message(header: Header): void {
    const { verb, argument } = header;
    if (verb === "REGISTER" && this.#register(argument)) return;
    if (this.#user?.presence === undefined) return this.#refuseUnregistered();
    if (this.#side === "TORECV" && verb === "RECEIVED") return this.#user.received(argument);
    if (this.#side === "TORECV" && verb === "ERROR") return this.#user.rejected();
    this.#giveUp();
  }

  /** A SEND, complete with its body. */
  body(to: string, body: Uint8Array): void {
    const presence = this.#user?.presence;
    if (presence === undefined) return this.#refuseUnregistered();
    if (this.#side !== "TOSEND") return this.#giveUp();
    const answer = new Answer(this, to);
    this.#owed.push(answer);
    if (to === EVERYONE) this.#charge(presence.broadcast(body, answer), body.length);
    else presence.send(to, body, answer);
  }

  #charge(recipients: number, bytes: number): void {
    const isHeld = this.#broadcasts.charge(recipients, bytes, () => {
      if (this.#held === "draining") return;
      this.#intake.release();
      this.#finishIfAllIsHandled();
    });
    if (isHeld) this.#intake.hold();
  }

  #finishIfAllIsHandled(): void {
    if (this.#hasPeerEnded && this.#intake.isEmpty) this.finish("left");
  }

  #stopReading(): void {
    this.#decoder.stop();
    this.#intake.stop();
  }

  /** A header that cannot be read. */
  unreadable(fault: HeaderFault): void {
    // Until both sockets are registered everything but REGISTER is error 101, readable or not.
    if (this.#user?.presence === undefined && fault !== "too-long") return this.#refuseUnregistered();
    this.#giveUp();
  }

  /** Writes the answers that are known, up to the first that is not; {@linkcode Answer} calls this. */
  #giveAnswers(): void {
    for (let next = this.#owed.peek(); next?.said !== undefined; next = this.#owed.peek()) {
      if (next.said === "delivered") writeMessage(this.link, this.#server.reply, next.to);
      else this.link.write(next.said);
      this.#owed.shift();
    }
    if (this.#finishing !== undefined) {
      if (this.#owed.size === 0) this.link.end(this.#finishing);
    } else if (this.#held === "owed" && this.#owed.size < MAX_OWED / 2) {
      this.#held = undefined;
      this.link.resume();
    }
  }

  #hold(why: "owed" | "draining"): void {
    if (this.#held === undefined) this.link.pause();
    this.#held = why;
  }

  /** An answer has become known. */
  answered(answer: OutcomeObserver): void {
    if (this.#owed.peek() === answer) this.#giveAnswers();
  }

  #answer(said: Uint8Array): void {
    const answer = new Answer(this, "", said);
    this.#owed.push(answer);
    this.answered(answer);
  }

  /** Where the next message begins cannot be known any more (`relay/header-no-length` and its like). */
  #giveUp(): void {
    this.#answer(INCOMPLETE);
    this.finish("malformed");
  }

  #refuseUnregistered(): void {
    this.#answer(UNREGISTERED);
    if (++this.#unregistered >= MAX_UNREGISTERED) this.finish("refused");
  }

  /** Says whether this was a REGISTER as the documents know it. */
  #register(argument: string): boolean {
    const match = /^(TOSEND|TORECV)(?: ([^]*))?$/.exec(argument);
    if (match === null) return false;
    const side = match[1] as Side;
    const name = match[2] ?? "";
    const user = this.#user === undefined ? this.#server.register(this, side, name) : "taken";
    if (typeof user === "string") {
      this.#answer(MALFORMED);
      if (++this.#refused >= MAX_REFUSED) this.finish("refused");
      return true;
    }
    this.#user = user;
    this.#side = side;
    this.#answer(encodeMessage(`REGISTERED ${side} ${name}`));
    this.#log("debug", "relay socket registered", { side });
    return true;
  }

  #log(level: "debug", text: string, about: Record<string, unknown>): void {
    this.#server.context.log(level, text, { user: this.#user?.name, address: this.link.remote.hostname, ...about });
  }
}

/** An answer that is owed to a sender; what is said is there once it is known. */
class Answer implements OutcomeObserver {
  readonly #session: RelaySession;

  constructor(session: RelaySession, readonly to: string, public said?: "delivered" | Uint8Array) {
    this.#session = session;
  }

  settled(outcome: Outcome): void {
    this.said = answerTo(outcome);
    this.#session.answered(this);
  }
}

/** What a sender is told of its message's outcome. */
function answerTo(outcome: Outcome): "delivered" | Uint8Array {
  if (outcome.kind === "delivered") return "delivered";
  return outcome.kind === "refused" && outcome.reason === "unreadable" ? INCOMPLETE : UNDELIVERED;
}
