/**
 * What a dialect brings to have small runs of many clients written as transcripts.
 *
 * @module
 */

import type { UserScript } from "../shrinking/script.ts";

/** A transcript that may show what was found. */
export interface OrderedTranscript {
  /** In what order things happen in it, in a few words. */
  readonly how: string;
  /** What a server does that passes, in a sentence. */
  readonly title: string;
  /** How they come, a line each: what does not pass these shows nothing of what is done then. */
  readonly setUp: readonly string[];
  /** What they do then. */
  readonly steps: readonly string[];
}

/** Writes transcripts of one dialect. */
export interface Transcriber {
  /** The dialect. */
  readonly dialect: string;
  /**
   * Transcripts in which the same is done as in a script, the simplest first; a server that is right passes all of them.
   *
   * @param wrong what was found, in words.
   */
  candidates(script: UserScript, wrong: string): OrderedTranscript[];
}
