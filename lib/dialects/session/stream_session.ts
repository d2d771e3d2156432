/**
 * The bookkeeping of a server's session on a stream, the same in all dialects: what is owed, when to read on, when to end.
 *
 * @module
 */

import type { Link } from "../../core/link.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import type { ServerSession } from "../dialect.ts";
import { PausableInput } from "./pausable_input.ts";
import { PendingReplies, type ReplyOrder, type ReplyWriter } from "./pending_replies.ts";

/** How far a decoder, which divides bytes into messages, has come. */
export interface DecodingProgress {
  /** How many messages were complete. */
  readonly complete: number;
  /** 0 between two messages; amid a message its number, counted from 1. */
  readonly unfinished: number;
}

/**
 * A session that reads its peer no faster than what the peer sends can be answered (backpressure), takes no new messages once it
 * is drained, and ends its link when all that is owed is told. A dialect says what it reads, what counts as too much, and in
 * which words it answers; `To` is what it calls a recipient, `Words` what it answers besides outcomes.
 */
export abstract class StreamSession<To, Words = never> implements ServerSession, ReplyWriter<To, Words> {
  /** The connection. */
  readonly link: Link;
  /** What arrives, and what is kept of it while it is held. */
  protected readonly input: PausableInput = new PausableInput((bytes) => this.read(bytes));
  /** What the peer is still to be told of its messages. */
  protected readonly replies: PendingReplies<To, Words>;
  #isLinkPaused = false;
  #isDraining = false;
  #hasPeerEnded = false;
  #isAsking = false;
  /** Why the link is to be closed once all that is owed is told. */
  #finishing: CloseReason | undefined;

  /** The link is open, and nothing was read. */
  constructor(link: Link, order: ReplyOrder) {
    this.link = link;
    this.replies = new PendingReplies(this, order);
  }

  /** Whether the peer has said who it is, as far as its dialect asks. */
  abstract readonly isRegistered: boolean;
  /** What divides the peer's bytes into messages. */
  protected abstract readonly decoder: DecodingProgress;
  /** Whether so much is open that the peer is to be read no further. */
  protected abstract readonly isTooMuchOpen: boolean;
  /** Whether so much of that is done that the peer may be read on. */
  protected abstract readonly isEnoughDone: boolean;

  /** Reads a piece, and says how many bytes of it: fewer than all if {@linkcode StreamSession.isHeld}. */
  protected abstract read(bytes: Uint8Array): number;
  /** Says why, and closes the link. */
  abstract dismiss(reason: CloseReason): void;
  /** See {@linkcode ReplyWriter.tell}. */
  abstract tell(to: To, known: Outcome | Words): void;
  /** The peer leaves: others are told. May be called again. */
  protected abstract leave(reason: CloseReason): void;

  /** Whether the outcome of a message is still to be told. */
  get isBusy(): boolean {
    return this.replies.size > 0;
  }

  /** How many messages the peer has sent. */
  get complete(): number {
    return this.decoder.complete;
  }

  /** The number of the message that is being read. */
  get unfinished(): number {
    return this.decoder.unfinished;
  }

  /** Whether the decoder has to stop behind the message that it is at. */
  get isHeld(): boolean {
    return this.input.isHeld;
  }

  /** Whether no new messages are taken. */
  protected get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Whether nothing is read any more, and the link ends when all that is owed is told. */
  protected get isFinishing(): boolean {
    return this.#finishing !== undefined;
  }

  /** Whether the session stops amid what has arrived in one piece, or behind the piece. */
  protected get stopsAmidPiece(): boolean {
    return true;
  }

  /** Whether all that has arrived is handled. */
  protected get isAllHandled(): boolean {
    return this.input.isEmpty;
  }

  /** Bytes from the peer. */
  receive(bytes: Uint8Array): void {
    this.input.push(bytes);
    this.pace();
  }

  /** The peer sends no more: what it has sent is still handled, and it is told what becomes of that. */
  ended(): void {
    this.#hasPeerEnded = true;
    this.finishIfAllIsHandled();
  }

  /** The link is closed. */
  closed(reason: CloseReason): void {
    this.finish(reason);
  }

  /** Reads no new messages. */
  drain(): void {
    if (!this.#isLinkPaused) this.link.pause();
    this.#isDraining = true;
    if (this.stopsAmidPiece) this.input.hold();
  }

  /** Reads no more, has the peer leave, and ends the link when all that is owed is told. */
  finish(reason: CloseReason): void {
    if (this.#finishing !== undefined) return;
    this.#finishing = reason;
    this.input.stop();
    this.leave(reason);
    this.#endIfAllIsTold();
  }

  /** See {@linkcode ReplyWriter.told}. */
  told(): void {
    if (this.#finishing === undefined) this.pace();
    else this.#endIfAllIsTold();
  }

  /** Reads no further while too much is open, and reads on when enough of that is done. */
  protected pace(): void {
    if (this.#isDraining || this.#finishing !== undefined) return;
    const mustWait = this.#isAsking || (this.#isLinkPaused ? !this.isEnoughDone : this.isTooMuchOpen);
    if (mustWait !== this.#isLinkPaused) this.#pauseOrResume();
    this.finishIfAllIsHandled();
  }

  #pauseOrResume(): void {
    this.#isLinkPaused = !this.#isLinkPaused;
    if (this.#isLinkPaused) {
      if (this.stopsAmidPiece) this.input.hold();
      this.link.pause();
    } else {
      if (this.stopsAmidPiece) this.input.release();
      // What was kept may have been too much again.
      if (!this.#isLinkPaused) this.link.resume();
    }
  }

  /** The peer sends no more, and all that it has sent is handled: it has left. */
  protected finishIfAllIsHandled(): void {
    if (this.#hasPeerEnded && this.isAllHandled && !this.#isAsking) this.finish("left");
  }

  /**
   * Asks what is answered at once, or, where other nodes have a say in it, later: what the peer sends meanwhile is kept.
   *
   * @param handle called with the answer, also if the session is finishing by then.
   */
  protected ask<Answer>(
    question: (answered: (answer: Answer) => void) => void,
    handle: (answer: Answer) => void,
  ): void {
    let isAnswered = false;
    question((answer) => {
      isAnswered = true;
      if (!this.#isAsking) return handle(answer);
      this.#isAsking = false;
      handle(answer);
      if (this.#isAsking) return; // something else
      if (!this.stopsAmidPiece && !this.#isDraining) this.input.release();
      this.pace();
    });
    if (isAnswered) return;
    this.#isAsking = true;
    if (!this.stopsAmidPiece) this.input.hold();
    this.pace();
  }

  /** Ends the link, behind the last words where there are any. */
  protected end(reason: CloseReason): void {
    this.link.end(reason);
  }

  #endIfAllIsTold(): void {
    if (this.#finishing !== undefined && this.replies.size === 0) this.end(this.#finishing);
  }
}
