/**
 * The server's side of one frame client.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import { DELIVERED, GONE, type Outcome, refused } from "../../core/outcome.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { Delivery, Recipient, Waiting } from "../../hub/delivery.ts";
import type { NameFault } from "../../hub/names.ts";
import type { Eviction, Presence } from "../../hub/presence.ts";
import type { ServerContext } from "../dialect.ts";
import { Answering } from "../session/answer_allowance.ts";
import { StreamSession } from "../session/stream_session.ts";
import { encodeFrame, encodeHeader, FrameDecoder, type FrameSink, MAX_MESSAGE } from "./codec.ts";
import { type FrameHeaderFault, NO_ID, SERVER_ID } from "./header.ts";
import { frameName } from "./ids.ts";
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
export class FrameSession extends StreamSession<number> implements FrameSink, Recipient {
  /** Nothing is asked of a client. */
  override readonly isRegistered = true;
  readonly #context: ServerContext;
  readonly #forget: (session: FrameSession) => void;
  #presence: Presence | undefined;
  #id = NO_ID;
  /** What divides the client's bytes into frames. */
  protected override readonly decoder: FrameDecoder = new FrameDecoder(this);
  readonly #answering: Answering;

  /**
   * A client that has connected, and has no ID yet.
   *
   * @param forget called when the link is closed
   */
  constructor(link: Link, context: ServerContext, forget: (session: FrameSession) => void) {
    super(link, "as-known");
    this.#context = context;
    this.#forget = forget;
    this.#answering = new Answering(context.deadlines, () => this.pace());
  }

  /** Gives the client an ID, tells it that, digits and nothing else, and makes it reachable; or closes the link without a word. */
  begin(decided: (hasId: boolean) => void): void {
    const { hub } = this.#context;
    const about = { dialect: "frame", remote: this.link.remote };
    this.ask<Presence | undefined>((answered) => hub.claimId(frameName, about, answered), (presence) => {
      if (presence !== undefined && !this.isFinishing) return this.#secure(presence, decided);
      presence?.leave();
      decided(presence !== undefined);
      this.finish("refused");
    });
  }

  #secure(presence: Presence, decided: (hasId: boolean) => void): void {
    const lost = (why: Eviction) => this.dismiss(why);
    this.#presence = presence;
    this.ask<NameFault | undefined>((decided) => presence.secure({ decided, lost }, "whole"), (fault) => {
      if (this.isFinishing) return;
      // Somebody else has this name on another node: there may be a next one.
      if (fault === "taken") return this.begin(decided);
      decided(fault === undefined);
      if (fault !== undefined || presence.id === undefined) return this.finish("refused");
      this.#id = presence.id;
      this.link.write(encoder.encode(String(this.#id)));
      presence.enter(this);
      this.#log("frame client connected");
    });
  }

  /** Whether too many outcomes are open, or a notice waits. */
  protected override get isTooMuchOpen(): boolean {
    return this.replies.size >= MAX_OPEN || this.#answering.isUnderWay;
  }

  /** Whether half of them are known, and no notice waits. */
  protected override get isEnoughDone(): boolean {
    return this.replies.size < MAX_OPEN / 2 && !this.#answering.isUnderWay;
  }

  /** Reads a few frames, and looks whether to go on. */
  protected override read(bytes: Uint8Array): number {
    const piece = bytes.subarray(0, PIECE);
    this.decoder.push(piece);
    this.pace();
    return piece.length;
  }

  /** The link is closed. */
  override closed(reason: CloseReason): void {
    this.#answering.stop();
    super.closed(reason);
    this.#forget(this);
    if (this.#id !== NO_ID) this.#log("frame client disconnected", { why: reason });
  }

  /** Says why, in a notice, and closes the link. */
  override dismiss(reason: CloseReason): void {
    if (!this.isFinishing && this.#id !== NO_ID) this.#notify(closingNotice(reason));
    this.finish(reason);
  }

  /** Gives the ID up. */
  protected override leave(): void {
    this.decoder.stop();
    this.#presence?.leave();
  }

  /** A frame from the client. */
  message(source: number, destination: number, message: Uint8Array): void {
    if (source !== this.#id) return this.#notify(forgedNotice(this.#id));
    if (destination === NO_ID || destination === SERVER_ID) return this.#notify(DESTINATION_NOTICE);
    if (destination === this.#id) return this.#notify(SELF_NOTICE);
    this.#presence?.send(destination, message, this.replies.add(destination));
  }

  /** An ACK frame, or an empty one: nobody's message (`frame/ack-consumed`, `frame/empty-message`). */
  acknowledged(): void {}

  /** A frame whose message is skipped. */
  tooLong(_source: number, _destination: number, size: number): void {
    this.#notify(tooLongNotice(size));
  }

  /** Where the next frame begins cannot be known any more. */
  unreadable(fault: FrameHeaderFault): void {
    this.#notify(FAULT_NOTICES[fault]);
    this.finish("malformed");
  }

  /** See {@linkcode Recipient.waiting}. */
  get waiting(): Waiting {
    return { bytes: this.link.queued ?? 0 };
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
    this.link.write(encodeHeader(from.id ?? SERVER_ID, this.#id, size));
    if (mark.length > 0) this.link.write(mark);
    this.link.write(body);
    this.link.flushed((isHandedOver) => delivery.settle(isHandedOver ? DELIVERED : GONE));
  }

  /** Tells the client that a message of its own was not delivered. */
  override tell(destination: number, outcome: Outcome): void {
    if (outcome.kind !== "delivered") this.#notify(outcomeNotice(destination, outcome));
  }

  /** Tells the client something; what answers the frame that is being read is longer than that, and is minded. */
  #notify(reason: string): void {
    const frame = encodeFrame(SERVER_ID, this.#id, encoder.encode(reason));
    this.link.write(frame);
    if (!this.input.isRunning) return;
    this.#answering.begin(frame.length);
    this.link.flushed(() => {
      this.#answering.handedOver();
      this.pace();
    });
  }

  #log(text: string, about?: Readonly<Record<string, unknown>>): void {
    this.#context.log("debug", text, { id: this.#id, address: this.link.remote.hostname, ...about });
  }
}

const NOTHING = new Uint8Array();
