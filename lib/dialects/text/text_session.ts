/**
 * The server's side of a connection that carries text: what the sessions of slash and room have in common.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { DELIVERED, GONE, type Outcome, type Refusal, refused } from "../../core/outcome.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Delivery, Recipient, Waiting } from "../../hub/delivery.ts";
import type { Form } from "../../hub/forms.ts";
import type { Introduction } from "../../hub/member.ts";
import type { NameFault } from "../../hub/names.ts";
import type { Eviction, Presence } from "../../hub/presence.ts";
import { type BroadcastLimit, type ServerContext, UNLIMITED } from "../dialect.ts";
import { Answering } from "../session/answer_allowance.ts";
import { type DecodingProgress, StreamSession } from "../session/stream_session.ts";
import { TextWriter } from "./text_writer.ts";

/** Of how many messages the outcome may be open before their sender is read no further (backpressure). */
const MAX_OPEN = 64;
/** How many bytes may wait to be written to a client before it is closed, where the server does not say. */
const MAX_QUEUE = 1024 * 1024;
/** The share of that, and how much at most, that may wait before a client is read no further: its answers cannot pile up. */
const WAITING_SHARE = 1 / 4;
const MAX_WAITING = 64 * 1024;
/** The share that may wait before messages of others are refused, unless there is nothing but the one. */
const BACKLOG_SHARE = 1 / 2;
/** How often a client may give a name that it cannot have. */
const MAX_TRIES = 5;

const encoder = new TextEncoder();

/** The server that a {@linkcode TextSession} belongs to. */
export interface TextHost {
  /** What all dialects' servers share. */
  readonly context: ServerContext;
  /** The dialect's name. */
  readonly dialect: string;
  /** The session's link is closed. */
  forget(session: TextSession): void;
}

/** Divides bytes into messages. */
export interface TextDecoding extends DecodingProgress {
  /**
   * Reads a piece.
   *
   * @returns how many bytes of it: fewer than all if {@linkcode TextSession.isHeld}.
   */
  push(bytes: Uint8Array): number;
}

/**
 * One client: it chooses a name, is then present in the hub, and is read no faster than what it says can be passed on.
 * A dialect says how it reads, and in which words it answers.
 */
export abstract class TextSession extends StreamSession<string | undefined> implements Recipient {
  /** The server that it belongs to. */
  protected readonly host: TextHost;
  readonly #broadcasts: BroadcastLimit;
  #presence: Presence | undefined;
  readonly #writer: TextWriter;
  readonly #maxQueue: number;
  readonly #answering: Answering;
  /** What is being said piece by piece. */
  #recital: Iterator<string> | undefined;
  #isReciting = false;
  /** Whether what it has had passed on to others is enough for now. */
  #isOverspent = false;
  #isPresent = false;
  #tries = 0;
  /** The last words. */
  #farewell: string | undefined;

  /** A client that has connected. Outcomes are told in the order of the messages. */
  constructor(host: TextHost, link: Link, broadcasts: BroadcastLimit = UNLIMITED) {
    super(link, "as-sent");
    this.host = host;
    this.#broadcasts = broadcasts;
    this.#maxQueue = host.context.maxQueue ?? MAX_QUEUE;
    const { deadlines, queued } = host.context;
    this.#answering = new Answering(deadlines, () => this.pace());
    this.#writer = new TextWriter(link, this.#maxQueue, () => !this.speaksLines, () => this.pace(), queued);
  }

  /**
   * Whether what the client is told ends in a line break. Without one nothing divides one message from the next, so that each
   * is handed over by itself.
   */
  protected abstract readonly speaksLines: boolean;

  /** What divides the client's bytes into messages. */
  protected abstract override readonly decoder: TextDecoding;

  /** Says what the server says before anybody else. */
  abstract greet(): void;

  /** A message as it goes over the wire to those who speak lines, each line with its sender's mark. */
  protected abstract readonly form: Form<Uint8Array | Refusal>;

  /** Tells the client what became of a message, if its dialect does; `to` is `undefined` for a broadcast. */
  abstract override tell(to: string | undefined, outcome: Outcome): void;

  /** The last words to a client whose connection the server closes. */
  protected abstract farewell(reason: CloseReason): string;

  /** Whether the client has a name. */
  override get isRegistered(): boolean {
    return this.#presence !== undefined;
  }

  /** Whether the client is reachable, so that it is told who comes and goes. */
  get isPresent(): boolean {
    return this.#isPresent;
  }

  /** Who the client is, once it has a name. */
  get presence(): Presence | undefined {
    return this.#presence;
  }

  /** Reads messages. */
  protected override read(bytes: Uint8Array): number {
    return this.decoder.push(bytes);
  }

  /** The link is closed. */
  override closed(reason: CloseReason): void {
    this.#writer.closed();
    this.#answering.stop();
    super.closed(reason);
    this.host.forget(this);
    if (this.#presence !== undefined) this.log("closed", { why: reason });
  }

  /** Says why, and closes the link. */
  override dismiss(reason: CloseReason): void {
    this.finish(reason, this.farewell(reason));
  }

  /** See {@linkcode Recipient.waiting}. */
  get waiting(): Waiting {
    return { bytes: this.link.queued ?? 0 };
  }

  /** Passes a message on, each line with its sender's mark; delivered when all of it is handed over. */
  deliver(delivery: Delivery): void {
    if (this.isFinishing) return delivery.settle(GONE);
    const bytes = this.#framed(delivery.as(this.form));
    if (typeof bytes === "string") return delivery.settle(refused(bytes));
    if (!this.#hasRoomFor(bytes.length)) return delivery.settle(refused("overloaded"));
    this.write(bytes, (isHandedOver) => delivery.settle(isHandedOver ? DELIVERED : GONE));
  }

  /** Tells the client what it has said to everybody, as all others are told; `false` if it is too long with its marks. */
  protected repeat(from: Presence, body: Uint8Array): boolean {
    const bytes = this.#framed(this.form({ from, audience: "everyone", body }));
    if (typeof bytes === "string") return false;
    this.write(bytes);
    return true;
  }

  /**
   * Tells the client something. What answers the message that is being read is handed over before the next one is read: it is
   * mostly longer, and whoever sends many would have everybody wait for the answers.
   */
  say(text: string): void {
    if (this.input.isRunning) this.#answer(text);
    else this.write(this.#encode(text));
  }

  /** Says texts one after the other, no faster than the client takes them; what it sends meanwhile is read behind that. */
  protected recite(texts: Iterator<string>): void {
    this.#recital = texts;
    this.pace();
  }

  /** Writes bytes, and says whether they were handed over. */
  protected write(bytes: Uint8Array, flushed?: (isHandedOver: boolean) => void): void {
    this.#writer.write(bytes, flushed);
    this.pace();
  }

  /**
   * Claims a name; the client is not reachable before {@linkcode TextSession.enter}.
   *
   * @param decided told why it cannot be had, if it cannot; not called if the client leaves before that is known.
   */
  protected claim(name: string, about: Pick<Introduction, "title">, decided: (fault?: NameFault) => void): void {
    const { dialect, context: { hub } } = this.host;
    const presence = this.#presence = hub.claim(name, { dialect, remote: this.link.remote, ...about });
    if (presence === undefined) return decided(hub.nameFault(name, about.title) ?? "taken");
    const lost = (why: Eviction) => this.dismiss(why);
    this.ask<NameFault | undefined>((decided) => presence.secure({ decided, lost }, "whole"), (fault) => {
      if (fault !== undefined) this.#presence = undefined;
      if (!this.isFinishing) decided(fault);
    });
  }

  /** The name cannot be had: asks again, or says the last words after the last try. */
  protected askAgain(question: string, lastWords: string): void {
    if (++this.#tries >= MAX_TRIES) this.finish("refused", lastWords);
    else this.say(question);
  }

  /** Makes the client reachable. */
  protected enter(): void {
    this.#isPresent = true;
    this.#presence?.enter(this);
    this.log("registered");
  }

  /** Sends a message to one name, or to everybody; {@linkcode TextSession.tell} tells what became of it, in order. */
  protected send(to: string | undefined, body: Uint8Array): void {
    const reply = this.replies.add(to);
    if (to === undefined) this.#charge(this.#presence?.broadcast(body, reply) ?? 0, body.length);
    else this.#presence?.send(to, body, reply);
    this.pace();
  }

  #charge(recipients: number, bytes: number): void {
    this.#isOverspent = this.#broadcasts.charge(recipients, bytes, () => {
      this.#isOverspent = false;
      this.pace();
    });
  }

  /** The client leaves: others are told at once, the link is closed when all that is owed is said, and the last words. */
  override finish(reason: CloseReason, farewell?: string): void {
    if (this.isFinishing) return;
    this.#farewell = farewell;
    super.finish(reason);
  }

  /** Others are told that the client has left. */
  protected override leave(): void {
    this.#isPresent = false;
    this.#presence?.leave();
  }

  /** Ends the link behind the last words. */
  protected override end(reason: CloseReason): void {
    if (this.#farewell !== undefined) this.#writer.write(this.#encode(this.#farewell));
    this.#writer.end(reason);
  }

  /** Writes a line to the log: `slash client registered`. */
  protected log(what: string, about?: Readonly<Record<string, unknown>>): void {
    const { context, dialect } = this.host;
    const { hostname: address } = this.link.remote;
    context.log("debug", `${dialect} client ${what}`, { user: this.#presence?.name, address, ...about });
  }

  #answer(text: string): void {
    const bytes = this.#encode(text);
    this.#answering.begin(bytes.length);
    this.write(bytes, () => this.#answering.handedOver());
  }

  #encode(text: string): Uint8Array {
    return encoder.encode(this.speaksLines ? `${text}\n` : text);
  }

  /** A message as this client gets it: all who do get the same bytes, which the link copies. */
  #framed(message: Uint8Array | Refusal): Uint8Array | Refusal {
    if (typeof message === "string") return message;
    const bytes = this.speaksLines ? message : message.subarray(0, -1);
    return bytes.length > this.#maxQueue ? "too-long" : bytes;
  }

  /** Whether the client takes what it is sent, so that somebody's message can wait as well; the only one always can. */
  #hasRoomFor(bytes: number): boolean {
    const { waiting } = this.#writer;
    return waiting === 0 || waiting + bytes <= this.#maxQueue * BACKLOG_SHARE;
  }

  /** How many bytes may wait before the client is read no further. */
  get #maxWaiting(): number {
    return Math.min(MAX_WAITING, this.#maxQueue * WAITING_SHARE);
  }

  /** Whether something that the client has asked for was not handed over yet. */
  get #isAnswering(): boolean {
    return this.#recital !== undefined || this.#answering.isUnderWay;
  }

  /** Whether too much is open or waiting, or the client has had passed on enough. */
  protected override get isTooMuchOpen(): boolean {
    return this.replies.size >= MAX_OPEN || this.#writer.waiting >= this.#maxWaiting || this.#isAnswering ||
      this.#isOverspent;
  }

  /** Whether half of it is gone. */
  protected override get isEnoughDone(): boolean {
    return this.replies.size < MAX_OPEN / 2 && this.#writer.waiting < this.#maxWaiting / 2 && !this.#isAnswering &&
      !this.#isOverspent;
  }

  /** Whether all that the client has sent is handled, and answered. */
  protected override get isAllHandled(): boolean {
    return super.isAllHandled && this.#recital === undefined;
  }

  /** Goes on with what is said piece by piece, and reads on if it is time. */
  protected override pace(): void {
    if (this.#isReciting || this.isFinishing) return;
    this.#goOnReciting();
    super.pace();
  }

  #goOnReciting(): void {
    this.#isReciting = true;
    while (this.#recital !== undefined && this.#writer.waiting < this.#maxWaiting) {
      const next = this.#recital.next();
      if (next.done) this.#recital = undefined;
      else this.#answer(next.value);
    }
    this.#isReciting = false;
  }
}
