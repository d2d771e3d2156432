/**
 * When a failure comes about, as playing its fixture again has shown.
 *
 * @module
 */

/** On which occasions a fixture fails that has failed once. */
export type Occurrence =
  /** Each time that it was played. */
  | "always"
  /** Only while others are played: what they share, or a race. */
  | "beside"
  /** Only after others have come and gone: what they have left behind. */
  | "after"
  /** Now and then, for no reason that could be found. */
  | "sometimes";

/** What playing a failed fixture again has shown. */
export interface Recurrence {
  /** On which occasions it fails. */
  readonly when: Occurrence;
  /** How often it was played, the first time included. */
  readonly played: number;
  /** How often it failed. */
  readonly failed: number;
  /** Whether it was played on a fresh server as well. */
  readonly isFresh: boolean;
  /** The fixture beside or after which it fails, where that was found. */
  readonly culprit?: string;
}

/** What is said of a failure: `fails always: 2 of 2 times, alone and on a fresh server, too`. */
export function recurrenceText({ when, played, failed, isFresh, culprit }: Recurrence): string {
  const times = `${failed} of ${played} times`;
  const alone = isFresh ? "alone on a fresh server" : "alone";
  switch (when) {
    case "always":
      return `fails always: ${times}, also ${alone}`;
    case "beside":
      return `fails only beside ${culprit ?? "others"} (what they share, or a race): it passes ${alone}`;
    case "after":
      return `fails only after ${culprit ?? "others"} (what was left behind): it passes ${alone}`;
    case "sometimes":
      return `fails only sometimes: ${times}`;
  }
}
