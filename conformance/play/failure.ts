/**
 * Why a fixture did not pass, for people and programs.
 *
 * @module
 */

import type { Place } from "../transcript/place.ts";

/** What kind of thing went wrong. */
export type FailureKind =
  /** Something else arrived. */
  | "mismatch"
  /** It did not happen in time. */
  | "timeout"
  /** The server closed the connection. */
  | "closed"
  /** Something arrived that no line expects. */
  | "unexpected"
  /** The server sends without end what no line expects. */
  | "flood"
  /** No connection could be opened. */
  | "unreachable"
  /** A choice was made differently before. */
  | "inconsistent";

/** What one line waited for, and what it got. All texts are spelled with escapes and fit for a terminal. */
export interface Attempt {
  /** The connection's name. */
  readonly connection: string;
  /** What arrived and fits. */
  readonly fits: string;
  /** What could follow: one text, or several where there are alternatives; none if nothing was expected. `withheld`: that is not told. */
  readonly wanted: readonly string[] | "closed" | "withheld";
  /** What followed instead. */
  readonly got: string;
  /** Whether the server closed the connection behind that. */
  readonly isClosed: boolean;
}

/** Why a fixture did not pass. */
export interface Failure {
  /** What kind of thing went wrong. */
  readonly kind: FailureKind;
  /** The step that did not come true. */
  readonly place: Place;
  /** That step as it is written. */
  readonly step: string;
  /** There if it is not told what was expected: neither the step nor its place is known. */
  readonly isWithheld?: true;
  /** What happened, in one line. */
  readonly reason: string;
  /** What was waited for; several where the step has several ways to go on. */
  readonly attempts: readonly Attempt[];
  /** How long it was waited for, in milliseconds, where that was too long. */
  readonly waited?: number;
  /** How long it would have been waited for, in milliseconds, if others had not shown that it is in vain. */
  readonly insteadOf?: number;
  /** How much longer that took than this program had planned, in milliseconds: so long it was kept from working itself. */
  readonly late?: number;
  /** What other connections heard meanwhile that no step has taken, a line each, where a step has waited in vain. */
  readonly meanwhile?: readonly string[];
  /** What probably went wrong, in one line. */
  readonly hint?: string;
  /** What the program that we have started wrote meanwhile, or before it crashed: its last lines, fit for a terminal. */
  readonly lastOutput?: readonly string[];
}

/** A step did not come true. */
export class Unmet extends Error {
  /** Why not. */
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.reason);
    this.name = "Unmet";
    this.failure = failure;
  }
}

/** The same error, with what a client has shown last, if it is a failure. */
export function withLastOutput(error: unknown, lastOutput: readonly string[]): unknown {
  if (!(error instanceof Unmet) || lastOutput.length === 0) return error;
  return new Unmet({ ...error.failure, lastOutput });
}

/** The server does not support what a `may` clause leaves open. */
export class NotSupported extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "Unsupported";
  }
}
