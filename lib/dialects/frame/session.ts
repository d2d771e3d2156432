/**
 * The server's side of one frame client.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { DELIVERED, GONE, type Outcome, refused } from "../../core/outcome.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Delivery, OutcomeObserver, Recipient } from "../../hub/delivery.ts";
import type { Presence } from "../../hub/presence.ts";
import type { ServerContext, ServerSession } from "../dialect.ts";
import { Answering } from "../session/answer_allowance.ts";
import { PausableInput } from "../session/pausable_input.ts";
import { encodeFrame, encodeHeader, FrameDecoder, type FrameSink, MAX_MESSAGE } from "./codec.ts";
import { type HeaderFault, NO_ID, SERVER_ID } from "./header.ts";
import {
  closingNotice,
  DESTINATION_NOTICE,
  FAULT_NOTICES,
  forgedNotice,
  outcomeNotice,
  passedOnMark,
  SELF_NOTICE,
  tooLongNotice,
} from "./notices.ts";

/** Of how many messages the outcome may be open before their sender is read no further (backpressure). */
const MAX_OPEN = 256;

/** How many bytes are looked at before it is asked whether the client is to be read further: a few dozen frames at most. */
const PIECE = 1024;

const encoder = new TextEncoder();

/** One client: it holds an ID, and is present in the hub, from {@linkcode FrameSession.begin} until it leaves. */
export class FrameSession implements ServerSession, FrameSink, Recipient {
  /** The ID is all that a client is asked for, and it has it. */
  readonly isRegistered = true;
  readonly #context: ServerContext;
  readonly #forget: (session: FrameSession) => void;
  readonly #link: Link;
  readonly #presence: Presence;
  readonly #id: number;
  readonly #decoder = new FrameDecoder(this);
  readonly #intake = new PausableInput((bytes) => this.#take(bytes));
  readonly #answering: Answering;
  /** How many messages have no outcome yet. */
  #open = 0;
  /** Whether the client is read no further: too many outcomes are open, or a notice is under way. */
  #isHeld = false;
  #isDraining = false;
  #hasPeerEnded = false;
  /** Why the link is to be closed once the client has been told all that it is owed. */
  #leaving: CloseReason | undefined;

  /**
   * Takes its link, the presence that {@linkcode Hub.claimId} gave, what all dialects' servers share, and how its
   * server forgets it when the link is closed.
   */
  constructor(link: Link, presence: Presence, context: ServerContext, forget: (session: FrameSession) => void) {
    if (presence.id === undefined) throw new TypeError("a frame client needs an ID");
    this.#context = context;
    this.#forget = forget;
    this.#link = link;
    this.#presence = presence;
    this.#id = presence.id;
    this.#answering = new Answering(context.deadlines, () => this.#pace());
  }

  /** Tells the client its ID, digits and nothing else, and makes it reachable. */
  begin(): void {
    this.#link.write(encoder.encode(String(this.#id)));
    this.#presence.enter(this);
    this.#log("frame client connected");
  }

  /** Whether the client may still have to be told what became of a message. */
  get isBusy(): boolean {
    return this.#open > 0;
  }

  /** How many frames the client has sent. */
  get complete(): number {
    return this.#decoder.complete;
  }

  /** The number of the frame that is being read. */
  get unfinished(): number {
    return this.#decoder.unfinished;
  }

  /** Bytes from the client. */
  receive(bytes: Uint8Array): void {
    this.#intake.push(bytes);
    this.#pace();
  }

  #take(bytes: Uint8Array): number {
    const piece = bytes.subarray(0, PIECE);
    this.#decoder.push(piece);
    this.#pace();
    return piece.length;
  }

  /** The client sends no more: it leaves when all that it has sent is handled, and is told what became of its messages. */
  ended(): void {
    this.#hasPeerEnded = true;
    this.#leaveIfAllIsHandled();
  }

  /** The link is closed. */
  closed(reason: CloseReason): void {
    this.#answering.stop();
    this.#leave(reason);
    this.#forget(this);
    this.#log("frame client disconnected", { why: reason });
  }

  /** Takes no new messages. */
  drain(): void {
    if (!this.#isHeld) this.#link.pause();
    this.#isDraining = true;
    this.#intake.hold();
  }

  /** Says why, in a notice, and closes the link. */
  dismiss(reason: CloseReason): void {
    if (this.#leaving === undefined) this.#notify(closingNotice(reason));
    this.#leave(reason);
  }

  /** A frame from the client. */
  message(source: number, destination: number, message: Uint8Array): void {
    if (source !== this.#id) return this.#notify(forgedNotice(this.#id));
    if (destination === NO_ID || destination === SERVER_ID) return this.#notify(DESTINATION_NOTICE);
    if (destination === this.#id) return this.#notify(SELF_NOTICE);
    this.#open++;
    this.#presence.send(destination, message, new Answer(this, destination));
  }

  /** An ACK frame, or an empty one: nobody's message (`frame/ack-consumed`, `frame/empty-message`). */
  acknowledged(): void {}

  /** A frame whose message is skipped. */
  tooLong(_source: number, _destination: number, size: number): void {
    this.#notify(tooLongNotice(size));
  }

  /** Where the next frame begins cannot be known any more. */
  unreadable(fault: HeaderFault): void {
    this.#notify(FAULT_NOTICES[fault]);
    this.#leave("malformed");
  }

  /**
   * Passes a message on as a frame from its sender's ID; from the server with the sender's name if it has no ID. An empty one
   * would be an ACK frame, which is nobody's message, and at which the document's own client stops to receive.
   */
  deliver(delivery: Delivery): void {
    const { from, body } = delivery;
    if (body.length === 0) return delivery.settle(refused("empty"));
    const mark = from.id === undefined ? encoder.encode(passedOnMark(from.name)) : NOTHING;
    const size = mark.length + body.length;
    if (size > MAX_MESSAGE) return delivery.settle(refused("too-long"));
    this.#link.write(encodeHeader(from.id ?? SERVER_ID, this.#id, size));
    if (mark.length > 0) this.#link.write(mark);
    this.#link.write(body);
    this.#link.flushed((isHandedOver) => delivery.settle(isHandedOver ? DELIVERED : GONE));
  }

  /** The outcome of one of the client's messages is known; {@linkcode Answer} calls this. */
  answered(destination: number, outcome: Outcome): void {
    this.#open--;
    if (outcome.kind !== "delivered") this.#notify(outcomeNotice(destination, outcome));
    if (this.#leaving !== undefined) this.#endIfDone(this.#leaving);
    else this.#pace();
  }

  /** Tells the client something; what answers the frame that is being read is longer than that, and is minded. */
  #notify(reason: string): void {
    const frame = encodeFrame(SERVER_ID, this.#id, encoder.encode(reason));
    this.#link.write(frame);
    if (!this.#intake.isRunning) return;
    this.#answering.begin(frame.length);
    this.#link.flushed(() => {
      this.#answering.handedOver();
      this.#pace();
    });
  }

  /** Reads no further while too much is open, or a notice waits, and reads on when that is over. */
  #pace(): void {
    if (this.#isDraining || this.#leaving !== undefined) return;
    if (!this.#isHeld && (this.#open >= MAX_OPEN || this.#answering.isUnderWay)) {
      this.#isHeld = true;
      this.#intake.hold();
      this.#link.pause();
    } else if (this.#isHeld && this.#open < MAX_OPEN / 2 && !this.#answering.isUnderWay) {
      this.#isHeld = false;
      this.#intake.release();
      if (!this.#isHeld) this.#link.resume();
    }
    this.#leaveIfAllIsHandled();
  }

  #leaveIfAllIsHandled(): void {
    if (this.#hasPeerEnded && this.#intake.isEmpty) this.#leave("left");
  }

  /** Gives the ID up, reads no more, and closes the link when the outcome of the last message is told. */
  #leave(reason: CloseReason): void {
    if (this.#leaving !== undefined) return;
    this.#leaving = reason;
    this.#decoder.stop();
    this.#intake.stop();
    this.#presence.leave();
    this.#endIfDone(reason);
  }

  #endIfDone(reason: CloseReason): void {
    if (this.#open === 0) this.#link.end(reason);
  }

  #log(text: string, about?: Readonly<Record<string, unknown>>): void {
    this.#context.log("debug", text, { id: this.#id, address: this.#link.remote.hostname, ...about });
  }
}

const NOTHING = new Uint8Array();

/** A message's outcome, on its way to its sender. */
class Answer implements OutcomeObserver {
  readonly #session: FrameSession;
  readonly #destination: number;

  constructor(session: FrameSession, destination: number) {
    this.#session = session;
    this.#destination = destination;
  }

  settled(outcome: Outcome): void {
    this.#session.answered(this.#destination, outcome);
  }
}
