/**
 * The server's side of one relay socket.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { EVERYONE } from "../../core/name.ts";
import type { Outcome } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import { type BroadcastLimit, type ServerContext, UNLIMITED } from "../dialect.ts";
import { StreamSession } from "../session/stream_session.ts";
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
export class RelaySession extends StreamSession<string, Uint8Array> implements RelaySink, UserSocket {
  readonly #server: RelayHost;
  /** What divides the peer's bytes into messages. */
  protected override readonly decoder: RelayDecoder;
  readonly #broadcasts: BroadcastLimit;
  #user: RelayUser | undefined;
  #side: Side | undefined;
  /** How many names were refused, and how much else was said too early. */
  #refused = 0;
  #unregistered = 0;

  /** A socket that has connected. Replies are in the order of the messages: two for one recipient cannot be told apart. */
  constructor(server: RelayHost, link: Link, broadcasts: BroadcastLimit = UNLIMITED) {
    super(link, "as-sent");
    this.#server = server;
    this.#broadcasts = broadcasts;
    this.decoder = new RelayDecoder("SEND", server.context.maxMessage, this);
  }

  /** Whether the socket is somebody's who has registered the other one as well: a half holds its name from everybody. */
  override get isRegistered(): boolean {
    return this.#user?.presence !== undefined;
  }

  /** Whether too many replies are owed. */
  protected override get isTooMuchOpen(): boolean {
    return this.replies.size >= MAX_OWED;
  }

  /** Whether half of them have been given. */
  protected override get isEnoughDone(): boolean {
    return this.replies.size < MAX_OWED / 2;
  }

  /** What has arrived in one piece is all passed on: unanswered, it times out together, and not one batch after the other. */
  protected override get stopsAmidPiece(): boolean {
    return false;
  }

  /** Bytes from the peer. */
  override receive(bytes: Uint8Array): void {
    super.receive(bytes);
    // Behind the answers in it, so that usually nothing is unanswered any more.
    this.#user?.heard();
  }

  /** Reads messages. */
  protected override read(bytes: Uint8Array): number {
    return this.decoder.push(bytes);
  }

  /** The link is closed. */
  override closed(reason: CloseReason): void {
    if (this.#user !== undefined) this.#log("debug", "relay socket closed", { why: reason });
    super.closed(reason);
    this.#user = undefined;
    this.#server.forget(this);
  }

  /** Reads no new messages; what this socket's user receives is still acknowledged on it. */
  override drain(): void {
    if (this.#side !== "TORECV") super.drain();
  }

  /** The user leaves, and its other socket is closed as well. */
  protected override leave(reason: CloseReason): void {
    this.decoder.stop();
    this.#user?.leave(this, reason);
  }

  /** Says why, where an error may be said: nothing else than FORWARDs goes to a TORECV socket. */
  override dismiss(reason: CloseReason): void {
    if (this.isFinishing) return;
    // A user who has just left for the same reason was registered.
    const isRegistered = this.#user !== undefined && reason !== "unregistered";
    if (this.#side !== "TORECV") this.#say(errorFor(reason, isRegistered));
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
    const reply = this.replies.add(to);
    if (to === EVERYONE) this.#charge(presence.broadcast(body, reply), body.length);
    else presence.send(to, body, reply);
  }

  #charge(recipients: number, bytes: number): void {
    const isHeld = this.#broadcasts.charge(recipients, bytes, () => {
      if (this.isDraining) return;
      this.input.release();
      this.finishIfAllIsHandled();
    });
    if (isHeld) this.input.hold();
  }

  /** A header that cannot be read. */
  unreadable(fault: HeaderFault): void {
    // Until both sockets are registered everything but REGISTER is error 101, readable or not.
    if (this.#user?.presence === undefined && fault !== "too-long") return this.#refuseUnregistered();
    this.#giveUp();
  }

  /** Answers a SEND with its outcome, and everything else with words. */
  override tell(to: string, known: Outcome | Uint8Array): void {
    if (known instanceof Uint8Array) this.link.write(known);
    else if (known.kind === "delivered") writeMessage(this.link, this.#server.reply, to);
    else this.link.write(known.kind === "refused" && known.reason === "unreadable" ? INCOMPLETE : UNDELIVERED);
  }

  #say(words: Uint8Array): void {
    this.replies.say("", words);
  }

  /** Where the next message begins cannot be known any more (`relay/header-no-length` and its like). */
  #giveUp(): void {
    this.#say(INCOMPLETE);
    this.finish("malformed");
  }

  #refuseUnregistered(): void {
    this.#say(UNREGISTERED);
    if (++this.#unregistered >= MAX_UNREGISTERED) this.finish("refused");
  }

  /** Says whether this was a REGISTER as the documents know it. */
  #register(argument: string): boolean {
    const match = /^(TOSEND|TORECV)(?: ([^]*))?$/.exec(argument);
    if (match === null) return false;
    const side = match[1] as Side;
    const name = match[2] ?? "";
    const user = this.#user === undefined ? this.#server.register(this, side, name) : "taken";
    if (typeof user === "string") this.#refuseName();
    else this.#await(user, side);
    return true;
  }

  #await(user: RelayUser, side: Side): void {
    this.#user = user;
    this.#side = side;
    this.ask<boolean>((answered) => user.whenDecided(answered), (isHeld) => {
      if (this.isFinishing) return;
      if (!isHeld) {
        this.#user = this.#side = undefined;
        // The socket that it was to go with has not got the name: it may go with the one that has.
        if (!user.isBegunBy(this) && this.#register(`${side} ${user.name}`)) return;
        return this.#refuseName();
      }
      this.#say(encodeMessage(`REGISTERED ${side} ${user.name}`));
      this.#log("debug", "relay socket registered", { side });
    });
  }

  #refuseName(): void {
    this.#say(MALFORMED);
    if (++this.#refused >= MAX_REFUSED) this.finish("refused");
  }

  #log(level: "debug", text: string, about: Record<string, unknown>): void {
    this.#server.context.log(level, text, { user: this.#user?.name, address: this.link.remote.hostname, ...about });
  }
}
