/**
 * Keys on their way from the terminal, with what is pasted told apart (bracketed paste).
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import { countLineBreaks, MAX_UNASKED } from "./paste_question.ts";
import { type SetTimer, systemTimer } from "../session/waiter.ts";

/** What a terminal is told so that it marks what is pasted. */
export const BRACKETS_ON = "\x1b[?2004h";
/** The same, to have it stop. */
export const BRACKETS_OFF = "\x1b[?2004l";

const START = "\x1b[200~";
const END = "\x1b[201~";
/** The longest paste that is kept, in bytes; nobody means to send more than that as lines of chat. */
const MAX_PASTE = 1_000_000;
/**
 * What comes in pieces has its next piece this soon after the last, in milliseconds: a paste into a terminal that marks
 * nothing, and a mark, whose beginning is otherwise a key (Esc).
 */
const BETWEEN_PIECES = 100;

/** A terminal's input; one that is no terminal cannot be made raw. */
export type KeySource = Readable & { setRawMode?(isRaw: boolean): unknown };

/** Something that was pasted. */
export interface Paste {
  /** The text; nothing if it was too long. */
  readonly text: string | undefined;
}

/**
 * Passes keys on and takes what is pasted out. In its place {@linkcode PASTED} is passed on, so that it keeps its place
 * among the keys: whoever meets that takes the paste with {@linkcode PasteFilter.nextPaste}. Where the terminal marks nothing,
 * it is a paste all the same if more lines come at once than anybody types.
 */
export class PasteFilter extends Transform {
  readonly #source: KeySource;
  readonly #pastes: Paste[] = [];
  /** What may be the beginning of a mark. */
  #held = "";
  /** What was pasted up to now, byte for byte, while something is. */
  #pasted: string | undefined;
  /** Whether that was not marked, and may go on for a moment. */
  #isUnmarked = false;
  readonly #timer: SetTimer;
  #stopTimer: () => void = () => {};

  constructor(source: KeySource, timer: SetTimer = systemTimer) {
    super();
    this.#source = source;
    this.#timer = timer;
    source.pipe(this);
  }

  /** Has the terminal pass on each key at once, or line by line. */
  setRawMode(isRaw: boolean): this {
    this.#source.setRawMode?.(isRaw);
    return this;
  }

  /** The paste that {@linkcode PASTED} stands for; `undefined` if the terminal itself has sent that. */
  nextPaste(): Paste | undefined {
    return this.#pastes.shift();
  }

  /** Sorts keys from what is pasted; the marks may come in pieces. */
  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#stopTimer();
    let text = this.#held + chunk.toString("latin1");
    for (;;) {
      const isMarked = this.#pasted !== undefined && !this.#isUnmarked;
      const mark = isMarked ? END : START;
      const at = text.indexOf(mark);
      if (at < 0) {
        const kept = overlap(text, mark);
        this.#pass(text.slice(0, text.length - kept));
        this.#held = text.slice(text.length - kept);
        if (this.#held !== "" && this.#pasted === undefined) this.#soon(() => this.#release());
        return done();
      }
      this.#pass(text.slice(0, at));
      text = text.slice(at + mark.length);
      this.#finish();
      if (mark === START) this.#pasted = "";
    }
  }

  /** What is begun and not marked has come to its end. */
  override _flush(done: TransformCallback): void {
    this.#release();
    if (this.#isUnmarked) this.#finish();
    this.#stopTimer();
    done();
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#stopTimer();
  }

  #pass(text: string): void {
    if (text === "") return;
    if (this.#pasted === undefined && countLineBreaks(text) > MAX_UNASKED) {
      this.#isUnmarked = true;
      this.#pasted = "";
    }
    if (this.#pasted === undefined) return void this.push(Buffer.from(text, "latin1"));
    if (this.#pasted.length <= MAX_PASTE) this.#pasted += text;
    if (!this.#isUnmarked) return;
    this.#soon(() => this.#finish());
  }

  #soon(callback: () => void): void {
    this.#stopTimer();
    this.#stopTimer = this.#timer(BETWEEN_PIECES, callback);
  }

  /** It was no mark. */
  #release(): void {
    const held = this.#held;
    this.#held = "";
    this.#pass(held);
  }

  #finish(): void {
    if (this.#pasted === undefined) return;
    this.#stopTimer();
    const bytes = this.#pasted;
    this.#pasted = undefined;
    this.#isUnmarked = false;
    this.#pastes.push({ text: bytes.length > MAX_PASTE ? undefined : Buffer.from(bytes, "latin1").toString("utf8") });
    this.push(Buffer.from(PASTED, "latin1"));
  }
}

/**
 * What a paste is passed on as: a key that no keyboard has, and that readline leaves alone. Not all versions of it know a key
 * with three digits, like the mark itself.
 */
export const PASTED = "\x1b[99~";

/** How much of the end of a text may be the beginning of a mark. */
function overlap(text: string, mark: string): number {
  let length = Math.min(text.length, mark.length - 1);
  while (!mark.startsWith(text.slice(text.length - length))) length--;
  return length;
}
