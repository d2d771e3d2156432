/**
 * The front end for people: a line being typed at the bottom, everything else above it.
 *
 * @module
 */

import { createInterface, type Interface } from "node:readline";
import type { Writable } from "node:stream";
import { type AskedFor, type Assistance, END, type Entry, type Frontend } from "./frontend.ts";
import { MAX_HISTORY } from "./history.ts";
import { HistorySearch } from "./history_search.ts";
import type { JobControl } from "./job_control.ts";
import { MAX_INPUT_LINE } from "./line_reader.ts";
import { StreamOutput } from "../output/output_stream.ts";
import { BRACKETS_OFF, BRACKETS_ON, type KeySource, type Paste, PASTED, PasteFilter } from "./paste_filter.ts";
import { type Edited, PasteQuestion } from "./paste_question.ts";
import { type Replacement, TabCycle } from "./tab_cycle.ts";
import { type SetTimer, systemTimer } from "../session/waiter.ts";
import { wrapLine } from "../../terminal/wrap.ts";

/** What a terminal's front end needs. */
export interface TerminalStreams {
  /** What is typed. */
  readonly input: KeySource;
  /** The screen. */
  readonly output: Writable & { readonly columns?: number };
  /** Names who is told that the system wants us to stop; returns how to be told no more. */
  onSignal(listener: () => void): () => void;
  /** What suspends us; nothing does where the system has no such thing. */
  readonly job?: JobControl | undefined;
  /** Tells the time; the system's by default. */
  readonly timer?: SetTimer;
}

/** Where the screen's width is not known. */
const USUAL_COLUMNS = 80;

/** A line that is being edited, as readline has it: all of these may be set. */
interface Editor extends Interface {
  line: string;
  cursor: number;
  readonly history: string[];
  /** How many rows the cursor is below the prompt, as it was shown last. */
  prevRows: number;
}

/** A key, as `node:readline` tells of it. */
interface Key {
  readonly sequence?: string;
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/** Who is told of keys. */
type KeyListener = (text: string | undefined, key: Key | undefined) => void;

/**
 * Edits a line with `node:readline`, and keeps it whole while other things are printed.
 * Ctrl-D ends the input, Ctrl-C (or a signal to stop) interrupts, Ctrl-Z suspends, Ctrl-R searches.
 */
export class TerminalFrontend implements Frontend {
  /** A person is there. */
  readonly interactive = true;
  readonly #screen: TerminalStreams["output"];
  readonly #output: StreamOutput;
  readonly #line: Editor;
  readonly #keys: PasteFilter;
  readonly #interrupt = new AbortController();
  readonly #ignoreSignals: () => void;
  /** Lines that were entered before anybody asked. */
  readonly #entered: Entry[] = [];
  #prompt = "";
  #asking: ((entry: Entry) => void) | undefined;
  #asked: AskedFor = "line";
  #assistance: Assistance | undefined;
  readonly #tab = new TabCycle();
  #paste: PasteQuestion | undefined;
  #search: HistorySearch | undefined;
  readonly #job: JobControl | undefined;
  readonly #timer: SetTimer;
  readonly #ignoreContinuing: () => void;
  #stopTimer: () => void = () => {};
  /** The terminal is given back until we go on. */
  #isAway = false;
  #ended = false;

  /** From here on, keys are read one by one. */
  constructor(streams: TerminalStreams) {
    this.#screen = streams.output;
    this.#output = new StreamOutput(streams.output);
    this.#output.broken.addEventListener("abort", () => this.#interrupted());
    this.#ignoreSignals = streams.onSignal(() => {
      // Once the input has ended, the terminal itself shows what is typed, and so the ^C.
      if (this.#ended) this.#output.write("\n");
      this.#interrupted();
    });
    this.#timer = streams.timer ?? systemTimer;
    this.#job = streams.job;
    this.#ignoreContinuing = streams.job?.onContinue(() => this.#goOn()) ?? (() => {});
    this.#keys = new PasteFilter(streams.input, this.#timer);
    this.#line = createInterface({
      input: this.#keys,
      output: streams.output,
      terminal: true,
      prompt: "",
      historySize: MAX_HISTORY,
      removeHistoryDuplicates: true,
      completer: (before: string) => this.#complete(before),
    }) as Editor;
    // Keys that mean something else to us must not get to readline.
    const edit = this.#keys.listeners("keypress") as KeyListener[];
    this.#keys.removeAllListeners("keypress");
    this.#keys.on("keypress", (text?: string, key?: Key) => {
      if (!this.#pressed(text, key ?? {})) { for (const listener of edit) listener(text, key); }
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
  read(prompt: string, asked: AskedFor = "line"): Promise<Entry> {
    const entry = this.#entered.shift();
    if (entry !== undefined) return Promise.resolve(entry);
    if (this.#ended) return Promise.resolve(END);
    return new Promise((resolve) => {
      this.#asking = resolve;
      this.#asked = asked;
      this.#prompt = prompt;
      if (!this.#isAside) this.#showPrompt();
    });
  }

  /** Shows another prompt. */
  reprompt(prompt: string): void {
    if (prompt === this.#prompt || this.#asking === undefined) return;
    this.#prompt = prompt;
    if (!this.#isAside) this.#showPrompt();
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
    this.#keys.stop();
    this.#stopTimer();
    this.#ignoreSignals();
    this.#ignoreContinuing();
    await this.#output.flushed();
  }

  /** Whether a prompt, or something that was typed before there is one, is on the last row. */
  get #isTyping(): boolean {
    if (this.#ended || this.#isAway) return false;
    return this.#asking !== undefined || this.#line.line !== "" || this.#isAside;
  }

  /** Whether something else is on the last row for a moment than what was asked for. */
  get #isAside(): boolean {
    return this.#paste !== undefined || this.#search !== undefined;
  }

  /** Whether what is entered may be wanted again. */
  get #isForLater(): boolean {
    return this.#paste === undefined && (this.#asking === undefined || this.#asked === "line");
  }

  #showPrompt(): void {
    this.#show(this.#prompt);
  }

  /** Shows a prompt, and what is being edited, or what is put in its place. */
  #show(prompt: string, { line, cursor }: Edited = this.#line): void {
    Object.assign(this.#line, { line, cursor });
    this.#line.setPrompt(prompt);
    if (!this.#isAway) this.#line.prompt(true);
  }

  /** Says whether a key was for us; all others are for readline. */
  #pressed(text: string | undefined, key: Key): boolean {
    if (this.#ended) return true;
    if (this.#isAway) return true;
    if (this.#search !== undefined && this.#searched(this.#search, text, key)) return true;
    if (key.sequence === PASTED) {
      this.#pasted(this.#keys.nextPaste());
      return true;
    }
    if (!key.ctrl) return false;
    switch (key.name) {
      case "z":
        if (this.#job !== undefined) this.#suspend(this.#job);
        return true;
      case "r":
        if (this.#isForLater) this.#showSearch(new HistorySearch(this.#line.history, this.#line));
        return true;
      case "d":
        // Whoever ends the answer to a question does not mean to end the conversation.
        if (this.#paste === undefined || this.#line.line !== "") return false;
        this.#answered(this.#paste, "");
        return true;
    }
    return false;
  }

  #showSearch(search: HistorySearch): void {
    this.#search = search;
    this.#show(search.prompt, search);
  }

  /** Says whether a key was for the search; another one takes what was found, and is for the line. */
  #searched(search: HistorySearch, text: string | undefined, { ctrl, meta, name }: Key): boolean {
    const isAbandoned = name === "escape" || ctrl === true && name === "g";
    const isText = text !== undefined && text !== "" && !ctrl && !meta && !/\p{Cc}/u.test(text);
    if (ctrl && name === "r") search.older();
    else if (ctrl && name === "s") search.newer();
    else if (name === "backspace" || ctrl && name === "h") search.erase();
    else if (isText) search.type(text);
    else {
      this.#search = undefined;
      this.#show(this.#asking === undefined ? "" : this.#prompt, isAbandoned ? search.before : search);
      return isAbandoned;
    }
    this.#showSearch(search);
    return true;
  }

  /** Gives the terminal back, and has us stopped. What is being typed comes back with us. */
  #suspend(job: JobControl): void {
    if (!job.mayStop) return this.#tell("Ctrl-Z suspends only with the permission to run programs (--allow-run)");
    if (this.#isTyping) this.#output.write(`${up(this.#line.getCursorPos().rows)}\r${CLEAR_BELOW}`);
    this.#output.write(BRACKETS_OFF);
    this.#keys.setRawMode(false);
    this.#isAway = true;
    // Nothing stops a program that no shell waits for, and so nobody tells it to go on.
    const goOn = () => this.#stopTimer = this.#timer(STOPPING, () => this.#isAway && this.#goOn());
    job.stop().then(goOn, goOn);
  }

  /** Has the terminal again, whoever had it meanwhile. */
  #goOn(): void {
    if (this.#ended) return;
    this.#stopTimer();
    this.#isAway = false;
    // Who has stopped us may have changed the mode behind our back; what is set already would not be set again.
    this.#keys.setRawMode(false);
    this.#keys.setRawMode(true);
    this.#output.write(`${BRACKETS_ON}\r${CLEAR_BELOW}`);
    this.#line.prevRows = 0;
    if (this.#isTyping) this.#line.prompt(true);
  }

  #complete(before: string): Replacement {
    const { complete } = this.#assistance ?? {};
    return complete === undefined || !this.#isForLater ? [[], before] : this.#tab.press(before, complete);
  }

  #pasted(paste: Paste | undefined): void {
    if (paste === undefined || this.#ended) return;
    const { text } = paste;
    if (text === undefined) return this.#tell("what was pasted is too long: it was left out");
    if (this.#paste !== undefined) {
      return this.#tell("what was pasted was left out: there is a question to answer first");
    }
    const question = new PasteQuestion(text, this.#line);
    if (!question.isNeeded) return this.#line.write(question.text);
    this.#paste = question;
    this.#show(question.prompt, { line: "", cursor: 0 });
  }

  #answered(question: PasteQuestion, answer: string): void {
    this.#paste = undefined;
    Object.assign(this.#line, question.before);
    if (this.#isTyping) this.#showPrompt();
    if (question.isYes(answer)) this.#line.write(question.text);
    else this.#tell("what was pasted was left out");
  }

  /** Tells something as all else is told, once somebody knows how. */
  #tell(text: string): void {
    if (this.#assistance === undefined) this.complain(text);
    else this.#assistance.tell(text);
  }

  #enter(text: string): void {
    if (this.#paste !== undefined) return this.#answered(this.#paste, text);
    if (this.#isForLater && text.trim() !== "") this.#assistance?.remember(text);
    if (text.length * BYTES_PER_UNIT > MAX_INPUT_LINE) {
      return this.#give({ kind: "unreadable", why: "the line is too long" });
    }
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
/** How long the system takes at most to stop us, in milliseconds. */
const STOPPING = 200;
/** UTF-8 takes at most three bytes for what JavaScript counts as one. */
const BYTES_PER_UNIT = 3;

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
