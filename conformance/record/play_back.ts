/**
 * Plays a recorded transcript back against its server until it passes three times in a row, loosening what is not the same each time.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Clauses } from "../fixtures/clauses.ts";
import { type Fixture, type Prelude, readFixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { TargetRun } from "../results/verdict.ts";
import { callerOf } from "../transcript/place.ts";
import { loosen } from "./loosen.ts";
import type { RecordedStep } from "./recorded_steps.ts";
import { type TranscriptHead, writeTranscript, type WrittenTranscript } from "./transcript_text.ts";

/** So often in a row it must pass. */
export const PLAYS = 3;
/** So much is loosened at most. */
const MOST_LOOSENED = 40;
/** The transcript's name where it is read before it is written. */
const FILE = "recorded.chat";

/** What a transcript is played back with. */
export interface PlayBackOptions {
  /** The dialect. */
  readonly dialect: string;
  /** Its prelude. */
  readonly prelude: Prelude;
  /** Its clauses. */
  readonly clauses: Clauses;
  /** What stands above the steps. */
  readonly head: TranscriptHead;
  /** Plays it once. */
  play(library: Library, fixtures: readonly Fixture[]): Promise<TargetRun>;
}

/** A transcript that has been played back. */
export interface PlayedBack {
  /** Its text, with what could not be pinned in its remarks. */
  readonly text: string;
  /** What could not be pinned, a line each. */
  readonly notes: readonly string[];
  /** Why it does not pass three times in a row, in a line, if it does not. */
  readonly failure?: string;
}

/**
 * Plays it back. A server that is not there any more may be what the session is about.
 *
 * @throws {ChatError} `fixture` if what was recorded makes no transcript.
 */
export async function playBack(recorded: readonly RecordedStep[], options: PlayBackOptions): Promise<PlayedBack> {
  const { head } = options;
  const said = new Set<string>();
  let loosenings = 0;
  let steps = [...recorded];
  for (let passes = 0; passes < PLAYS;) {
    const notes = [...said];
    const transcript = writeTranscript(withNotes(head, notes), steps);
    const outcome = await playOnce(transcript, steps, options);
    if (outcome === "pass") {
      passes++;
      continue;
    }
    const isEnough = ++loosenings > MOST_LOOSENED;
    if (typeof outcome === "string" || isEnough) {
      const failure = typeof outcome === "string" ? outcome : "too much of it is not the same each time";
      const failed = withNotes(head, notes, `Played back, it does not pass: ${failure}`);
      return { text: writeTranscript(failed, steps).text, notes, failure };
    }
    ({ steps } = outcome);
    said.add(outcome.note);
    passes = 0;
  }
  const notes = [...said];
  return { text: writeTranscript(withNotes(head, notes), steps).text, notes };
}

/** Plays it once: it passes, or what it can be loosened to, or why it cannot be. */
async function playOnce(
  { text, stepAt }: WrittenTranscript,
  steps: readonly RecordedStep[],
  { dialect, prelude, clauses, play }: PlayBackOptions,
): Promise<"pass" | { steps: RecordedStep[]; note: string } | string> {
  const fixtures = readFixture(text, FILE, "recorded", prelude, clauses);
  const played = await play({ dialect, clauses, fixtures }, fixtures).catch((error: unknown) => {
    if (error instanceof ChatError && error.code === "unreachable") return error.message;
    throw error;
  });
  if (typeof played === "string") return played;
  const { results, isBrokenOff } = played;
  const [result] = results;
  if (isBrokenOff || result === undefined) return "it was broken off";
  const { verdict, failure, reason, wire } = result;
  if (verdict === "pass") return "pass";
  if (failure === undefined) return reason ?? verdict;
  const failed = stepAt(callerOf(failure.place).line);
  const loosened = failed && loosen(steps, failed, failure, wire?.names ?? new Map());
  return loosened ?? `\`${failure.step}\`: ${failure.reason}`;
}

function withNotes(head: TranscriptHead, notes: readonly string[], failure?: string): TranscriptHead {
  const said = notes.map((note) => `Not pinned: ${note}.`);
  return { ...head, remarks: [...head.remarks, ...said, ...failure === undefined ? [] : [failure]] };
}
