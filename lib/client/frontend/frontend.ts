/**
 * The port between a conversation and whoever holds it: a person at a terminal, or a script at a pipe.
 *
 * @module
 */

/** What comes of asking for a line. */
export type Entry =
  /** A line, without its line break. */
  | { readonly kind: "line"; readonly text: string }
  /** A line that cannot be used, and why; the next one may be asked for. */
  | { readonly kind: "unreadable"; readonly why: string }
  /** There are no more lines. */
  | { readonly kind: "end" };

/** The end of the input. */
export const END: Entry = { kind: "end" };

/** What the end of a line's beginning could become. */
export interface Completion {
  /** The part that would be replaced, at the end. */
  readonly on: string;
  /** With what, the likeliest first. */
  readonly candidates: readonly string[];
}

/** What helps a person to write lines. */
export interface Assistance {
  /** What was entered before, the latest first. */
  readonly history: readonly string[];
  /** Keeps what was entered. */
  remember(line: string): void;
  /** Says what could be written, by what is in front of the cursor. */
  complete(before: string): Completion;
  /** Tells what the front end itself has to say, as all else is told. */
  tell(text: string): void;
}

/** What is asked for: a line of the conversation, or the answer to a question, which nobody wants to see again. */
export type AskedFor = "line" | "answer";

/** Where lines come from, and where text goes. All text is printed as it is: whoever prints it has escaped it. */
export interface Frontend {
  /** Whether somebody is there who can be asked. */
  readonly interactive: boolean;

  /** Aborted when there is no use in going on: Ctrl-C, or nobody reads what is printed. */
  readonly interrupted: AbortSignal;

  /** Prints whole lines, without the last line break, and leaves alone what is being typed. */
  print(text: string): void;

  /** Prints what went wrong, where a script does not mistake it for part of the conversation. */
  complain(text: string): void;

  /** Names who helps to write lines; a script needs no help. */
  assist(assistance: Assistance): void;

  /** Asks for the next line; never called while another call waits. Shows the prompt to a person only. */
  read(prompt: string, asked?: AskedFor): Promise<Entry>;

  /** Shows another prompt for the line that is being asked for; what is typed stays. */
  reprompt(prompt: string): void;

  /** Wants no more lines: {@linkcode Frontend.read} gives the end, also where it is waiting already. */
  endInput(): void;

  /** Names who is told when printed text piles up (`true`) and when it no longer does (`false`). */
  onPressure(listener: (piledUp: boolean) => void): void;

  /** Gives the terminal back; resolves when everything printed is out. */
  close(): Promise<void>;
}
