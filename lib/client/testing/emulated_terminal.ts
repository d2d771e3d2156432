/**
 * A terminal for tests: keys go in, and what a person would see comes out.
 *
 * @module
 */

import { PassThrough, Writable } from "node:stream";
import xterm from "@xterm/headless";
import type { JobControl } from "../frontend/job_control.ts";
import type { KeySource } from "../frontend/paste_filter.ts";
import { type SetTimer, systemTimer } from "../session/waiter.ts";

/** How long a test waits for something to be seen, in milliseconds. */
const DEADLINE = 10_000;

/** What a shell does for its jobs, for tests: stopping is noted, and going on is up to the test. */
export class EmulatedJob implements JobControl {
  /** How often the program has had itself stopped. */
  stops = 0;
  /** Has the program go on. */
  goOn: () => void = () => {};

  constructor(readonly mayStop: boolean) {}

  stop(): Promise<void> {
    this.stops++;
    return Promise.resolve();
  }

  onContinue(listener: () => void): () => void {
    this.goOn = listener;
    return () => {};
  }
}

/** The screen and the keyboard of somebody who is not there. */
export class EmulatedTerminal {
  /** The keyboard. */
  readonly input: PassThrough & KeySource = Object.assign(new PassThrough(), {
    setRawMode: (isRaw: boolean) => this.modes.push(isRaw),
  });
  /** The modes that the keyboard was put in, in order: whether each key is passed on at once. */
  readonly modes: boolean[] = [];
  /** Stops the program, if a test wants that. */
  job: EmulatedJob | undefined;
  /** The time, if a test wants it to pass as it says. */
  timer: SetTimer = systemTimer;
  /** What the program writes to. */
  readonly output: Writable & { columns: number };
  /** Sends the signal to stop, as the system would. */
  signal: () => void = () => {};
  /** Whether anybody listens for that signal. */
  hasSignalListener = false;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  #written: () => void = () => {};

  constructor(columns: number, rows: number) {
    const terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 10_000,
      convertEol: true,
      allowProposedApi: true,
    });
    this.#terminal = terminal;
    const write = (chunk: Uint8Array, _encoding: string, done: () => void) =>
      terminal.write(chunk, () => {
        done();
        this.#written();
      });
    this.output = Object.assign(new Writable({ write, decodeStrings: true }), { columns });
  }

  /** Is told when the program wants to hear of signals. */
  readonly onSignal = (listener: () => void): () => void => {
    this.signal = listener;
    this.hasSignalListener = true;
    return () => {
      this.hasSignalListener = false;
    };
  };

  /** Whether the terminal marks what is pasted. */
  get marksPastes(): boolean {
    return this.#terminal.modes.bracketedPasteMode;
  }

  /** Presses keys. */
  type(keys: string): void {
    this.input.write(keys);
  }

  /** Everything on the screen and scrolled off it, row by row, without the empty rows at the end. */
  rows(): string[] {
    const buffer = this.#terminal.buffer.active;
    const rows: string[] = [];
    for (let i = 0; i < buffer.length; i++) rows.push(buffer.getLine(i)?.translateToString(true) ?? "");
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** The character in front of the cursor. */
  beforeCursor(): string {
    const { cursorX, cursorY, baseY } = this.#terminal.buffer.active;
    const [row, column] = cursorX === 0
      ? [baseY + cursorY - 1, this.#terminal.cols - 1]
      : [baseY + cursorY, cursorX - 1];
    return this.#terminal.buffer.active.getLine(row)?.getCell(column)?.getChars() ?? "";
  }

  /** Waits until the rows are as wanted. Rejects with what is on the screen instead if that takes too long. */
  async until(wanted: (rows: string[]) => boolean): Promise<void> {
    const seen = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => seen.reject(new Error(`not seen; the screen:\n${this.rows().join("\n")}`)),
      DEADLINE,
    );
    this.#written = () => wanted(this.rows()) && seen.resolve();
    this.#written();
    try {
      await seen.promise;
    } finally {
      clearTimeout(timer);
      this.#written = () => {};
    }
  }

  /** Makes the terminal wider or narrower, and tells the program, as the system would. */
  resize(columns: number): void {
    this.#terminal.resize(columns, this.#terminal.rows);
    this.output.columns = columns;
    this.output.emit("resize");
  }

  /** Lets go of the emulator. */
  dispose(): void {
    this.#terminal.dispose();
  }
}
