/**
 * One start of a client under test: the port between what plays a fixture to it and the program.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";

/** How a program has ended. */
export interface ProgramEnd {
  /** Its exit status; 128 and its number for a signal. */
  readonly status: number;
  /** The same in words, behind "it has ended": `with exit status 1`. */
  readonly words: string;
}

/** A client that was started. */
export interface ClientRun {
  /** Called whenever it has shown something, or has ended. */
  onChange: () => void;
  /** Whether its user has a terminal, and not a pipe. */
  readonly hasTerminal: boolean;
  /** All that it has shown, see {@linkcode Screen}. */
  readonly screen: ScreenView;
  /** How it has ended, if it has, and all that it has shown has been read. */
  readonly ending: ProgramEnd | undefined;
  /** Types for its user. */
  type(text: string): void;
  /** How much processor time it and all that it has started have taken, in milliseconds; nothing where the system does not tell. */
  processorTime(): Promise<number | undefined>;
  /** The contents of the files of its working folder whose name is this, in which a `*` stands for any characters. */
  filesLike(name: string): Promise<Uint8Array[]>;
  /** Ends it, and all that it has started. */
  stop(): Promise<void>;
}

/** What a client has shown. */
export interface ScreenView {
  /** How many characters it has shown so far. */
  readonly length: number;
  /** What it has shown from there on. */
  since(position: number): string;
}

/** What a client is told when it is started. */
export interface ClientPlace {
  /** Where we listen. */
  readonly server: Endpoint;
  /** Its user's name. */
  readonly name: string;
  /** A port that is free for it to listen on. */
  readonly clientPort: number;
}

/**
 * Starts a client. Throws `unreachable` if it cannot be started.
 */
export type Launch = (place: ClientPlace) => Promise<ClientRun>;

/** A client that can be started for any server. */
export interface StartableClient {
  /** Starts it. */
  readonly launch: Launch;
  /** Whether it is told its user's name when it is started. */
  readonly takesName: boolean;
}
