/**
 * What is known of a dialect to write a session in it as a transcript.
 *
 * @module
 */

import type { Snippet } from "./snippet.ts";
import type { SessionValues } from "./session_values.ts";

/** Who has said something. */
export type Speaker = "client" | "server";

/** A message of a session, whole, or what there is of it. */
export interface SessionMessage {
  /** The connection, counted from 0. */
  readonly connection: number;
  /** Who has said it. */
  readonly from: Speaker;
  /** The bytes. */
  readonly bytes: Uint8Array;
  /** Whether it is the first on its connection from that side. */
  readonly isFirst: boolean;
}

/** A message as a transcript has it. */
export type WrittenMessage =
  /** Bytes that are sent, or expected. */
  | { readonly snippets: readonly Snippet[] }
  /** A macro of the dialect's prelude that expects it. */
  | { readonly macro: string }
  /** What the dialect's prelude has left out wherever it comes. */
  | { readonly aside: string };

/** A session in one dialect. Its messages are told it one after the other: first all are learned, then all are written. */
export interface DialectReading {
  /** Whether what is written at once is a message where no line end divides it from the next. */
  readonly isDividedByTime?: boolean;
  /** How long the first whole message is with which these bytes begin; 0 if it is not whole yet. */
  cut(message: SessionMessage): number;
  /** Sees what is a name in it. */
  learn(message: SessionMessage): void;
  /** Writes it. */
  write(message: SessionMessage): WrittenMessage;
  /** What a connection may be called, if anything that was said on it tells that. */
  nameOf(connection: number): string | undefined;
  /** A request and its answer, after which the server has said all it had to say on a connection; `undefined` if there is none. */
  fence?(connection: number, isOpen: (connection: number) => boolean): readonly string[] | undefined;
}

/** What a connection is called in the transcript. */
export type ConnectionNames = (connection: number) => string;

/** Begins a reading. */
export type BeginReading = (values: SessionValues, called: ConnectionNames) => DialectReading;
