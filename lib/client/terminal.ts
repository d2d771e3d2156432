/**
 * The front end for people: a line being typed at the bottom, everything else above it.
 *
 * @module
 */

import { createInterface, type Interface } from "node:readline";
import type { Writable } from "node:stream";
import { type Asked, type Assistance, END, type Entry, type Frontend } from "./frontend.ts";
import { MAX_HISTORY } from "./history.ts";
import { MAX_LINE } from "./lines.ts";
import { Output } from "./output.ts";
import { BRACKETS_OFF, BRACKETS_ON, type KeySource, type Paste, PASTED, PasteFilter } from "./paste_filter.ts";
import { PasteQuestion } from "./paste_question.ts";
import { type Replacement, TabCycle } from "./tab_cycle.ts";
import { wrapLine } from "./wrap.ts";

/** What a terminal's front end needs. */
export interface TerminalStreams {
  /** What is typed. */
  readonly input: KeySource;
  /** The screen. */
  readonly output: Writable & { readonly columns?: number };
  /** Names who is told that the system wants us to stop; returns how to be told no more. */
  onSignal(listener: () => void): () => void;
}

/** Where the screen's width is not known. */
const USUAL_COLUMNS = 80;

/** A line that is being edited, as readline has it: all of these may be set. */
interface Editor extends Interface {
  line: string;
  cursor: number;
  readonly history: string[];
}

/**
 * Edits a line with `node:readline`, and keeps it whole while other things are printed.
 * Ctrl-D ends the input, Ctrl-C (or a signal to stop) interrupts.
 */
export class TerminalFrontend implements Frontend {
  /** A person is there. */
  readonly interactive = true;
  readonly #screen: TerminalStreams["output"];
  readonly #output: Output;
  readonly #line: Editor;
  readonly #keys: PasteFilter;
  readonly #interrupt = new AbortController();
  readonly #ignoreSignals: () => void;
  /** Lines that were entered before anybody asked. */
  readonly #entered: Entry[] = [];
  #prompt = "";
  #asking: ((entry: Entry) => void) | undefined;
  #asked: Asked = "line";
  #assistance: Assistance | undefined;
  readonly #tab = new TabCycle();
  #paste: PasteQuestion | undefined;
  #ended = false;

  /** Takes the streams; from here on, keys are read one by one. */
  constructor(streams: TerminalStreams) {
    this.#screen = streams.output;
    this.#output = new Output(streams.output);
    this.#output.broken.addEventListener("abort", () => this.#interrupted());
    this.#ignoreSignals = streams.onSignal(() => {
      // Once the input has ended, the terminal itself shows what is typed, and so the ^C.
      if (this.#ended) this.#output.write("\n");
      this.#interrupted();
    });
    this.#keys = new PasteFilter(streams.input);
    this.#line = createInterface({
      input: this.#keys,
      output: streams.output,
      terminal: true,
      prompt: "",
      historySize: MAX_HISTORY,
      removeHistoryDuplicates: true,
      completer: (before: string) => this.#complete(before),
    }) as Editor;
    this.#keys.on("keypress", (_text, key?: { sequence?: string }) => {
      if (key?.sequence === PASTED) this.#pasted(this.#keys.nextPaste());
    });
    this.#output.write(BRACKETS_ON);
    // A terminal that goes away fails to be read; that ends the input like Ctrl-D. Some versions of readline pass it on.
    streams.input.on("error", () => this.endInput());
    this.#line.on("error", () => this.endInput());
    this.#line.on("history", (history) => {
      if (!this.#isForLater) history.shift();
    });
    this.#line.on("line", (text) => this.#enter(text));
    this.#line.on("SIGINT", () => this.#interrupted());
    // Ctrl-Z: without a listener, readline would leave the terminal in the wrong mode and stop itself, for which Deno wants
    // the permission to run any program.
    this.#line.on("SIGTSTP", () => {});
    this.#line.on("close", () => this.#end());
  }

  /** Aborted by Ctrl-C, by a signal to stop, and when the screen is gone. */
  get interrupted(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** Prints lines above the line that is being typed. */
  print(text: string): void {
    const columns = this.#screen.columns ?? USUAL_COLUMNS;
    const rows = text.split("\n").flatMap((line) => wrapLine(line, columns)).join("\n");
    if (!this.#isTyping) return this.#output.write(`${rows}\n`);
    const above = this.#line.getCursorPos().rows;
    // Redrawing moves up by as many rows as the cursor was below the prompt, so that many are added first.
    this.#output.write(`${up(above)}\r${CLEAR_BELOW}${rows}\n${"\n".repeat(above)}`);
    this.#line.prompt(true);
  }

  /** Prints what went wrong, in the same place as everything else. */
  complain(text: string): void {
    this.print(`-- ${text}`);
  }

  /** Has lines completed, and brings back earlier ones. */
  assist(assistance: Assistance): void {
    this.#assistance = assistance;
    this.#line.history.push(...assistance.history);
  }

  /** Shows the prompt, and gives what is entered. */
  read(prompt: string, asked: Asked = "line"): Promise<Entry> {
    const entry = this.#entered.shift();
    if (entry !== undefined) return Promise.resolve(entry);
    if (this.#ended) return Promise.resolve(END);
    return new Promise((resolve) => {
      this.#asking = resolve;
      this.#asked = asked;
      this.#prompt = prompt;
      if (this.#paste === undefined) this.#showPrompt();
    });
  }

  /** Shows another prompt. */
  reprompt(prompt: string): void {
    if (prompt === this.#prompt || this.#asking === undefined) return;
    this.#prompt = prompt;
    if (this.#paste === undefined) this.#showPrompt();
  }

  /** Gives up the line that is being typed. */
  endInput(): void {
    this.#line.close();
  }

  /** Names who is told when the screen cannot follow. */
  onPressure(listener: (piledUp: boolean) => void): void {
    this.#output.onPressure(listener);
  }

  /** Ends the editing, and waits until everything is on the screen. */
  async close(): Promise<void> {
    this.endInput();
    this.#ignoreSignals();
    await this.#output.flushed();
  }

  /** Whether a prompt, or something that was typed before there is one, is on the last row. */
  get #isTyping(): boolean {
    return !this.#ended && (this.#asking !== undefined || this.#line.line !== "" || this.#paste !== undefined);
  }

  /** Whether what is entered may be wanted again. */
  get #isForLater(): boolean {
    return this.#paste === undefined && (this.#asking === undefined || this.#asked === "line");
  }

  #showPrompt(): void {
    this.#line.setPrompt(this.#prompt);
    this.#line.prompt(true);
  }

  #complete(before: string): Replacement {
    const { complete } = this.#assistance ?? {};
    return complete === undefined || !this.#isForLater ? [[], before] : this.#tab.press(before, complete);
  }

  #pasted(paste: Paste | undefined): void {
    if (paste === undefined || this.#ended || this.#paste !== undefined) return;
    const { text } = paste;
    if (text === undefined) return this.complain("what was pasted is too long: it was left out");
    const question = new PasteQuestion(text, this.#line);
    if (!question.isNeeded) return this.#line.write(question.text);
    this.#paste = question;
    Object.assign(this.#line, { line: "", cursor: 0 });
    this.#line.setPrompt(question.prompt);
    this.#line.prompt(true);
  }

  #answered(question: PasteQuestion, answer: string): void {
    this.#paste = undefined;
    Object.assign(this.#line, question.before);
    if (this.#isTyping) this.#showPrompt();
    if (question.isYes(answer)) this.#line.write(question.text);
    else this.complain("what was pasted was left out");
  }

  #enter(text: string): void {
    if (this.#paste !== undefined) return this.#answered(this.#paste, text);
    if (this.#isForLater && text.trim() !== "") this.#assistance?.remember(text);
    if (text.length * BYTES_PER_UNIT > MAX_LINE) return this.#give({ kind: "unreadable", why: "the line is too long" });
    this.#give({ kind: "line", text });
  }

  #give(entry: Entry): void {
    const asking = this.#asking;
    this.#asking = undefined;
    this.#prompt = "";
    this.#line.setPrompt("");
    if (asking === undefined) this.#entered.push(entry);
    else asking(entry);
  }

  #interrupted(): void {
    this.#interrupt.abort();
    this.endInput();
  }

  #end(): void {
    if (this.#ended) return;
    if (this.#isTyping) this.#output.write("\n");
    this.#ended = true;
    this.#output.write(BRACKETS_OFF);
    if (this.#asking !== undefined) this.#give(END);
  }
}

const CLEAR_BELOW = "\x1b[J";
/** UTF-8 takes at most three bytes for what JavaScript counts as one. */
const BYTES_PER_UNIT = 3;

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
