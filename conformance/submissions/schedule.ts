/**
 * Plays what is left to be played, some at a time, and tells how far that is.
 *
 * @module
 */

/** How far a course is. */
export interface Progress {
  /** How many are done, those of an earlier run included. */
  readonly done: number;
  /** How many there are. */
  readonly all: number;
  /** How long the rest may still take, in milliseconds; not there before the first is done. */
  readonly left?: number;
}

/** What is to be done. */
export interface ScheduleOptions<Task, Done> {
  /** What is left. */
  readonly tasks: readonly Task[];
  /** How long those took that are done already, in milliseconds. */
  readonly before: readonly number[];
  /** How many are done at a time. */
  readonly parallel: number;
  /** Begins no more. */
  readonly interrupted: AbortSignal;
  /** Does one. May reject once it is interrupted: then it is left undone. */
  readonly play: (task: Task) => Promise<Done>;
  /** How long one took, in milliseconds. */
  readonly durationOf: (done: Done) => number;
  /** Told of each that is done, one after the other. */
  readonly onDone: (done: Done, progress: Progress) => Promise<void>;
}

/** Does all of it, in order. Rejects with the first error that is no interruption, once what was begun has ended. */
export async function playInTurn<Task, Done>(options: ScheduleOptions<Task, Done>): Promise<void> {
  const { tasks, before, parallel, interrupted, play, durationOf, onDone } = options;
  const durations = [...before];
  const waiting = [...tasks];
  const all = before.length + tasks.length;
  let telling = Promise.resolve();
  let isFailing = false;
  const lane = async () => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      if (interrupted.aborted || isFailing) return;
      try {
        const done = await play(task);
        durations.push(durationOf(done));
        const progress = progressOf(durations, all, parallel);
        await (telling = telling.then(() => onDone(done, progress)));
      } catch (error) {
        if (interrupted.aborted) return;
        isFailing = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: parallel }, lane));
  const failed = lanes.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/**
 * How far it is: the rest takes as long as what was done, one for one.
 *
 * @param durations How long each took that is done, in milliseconds.
 */
export function progressOf(durations: readonly number[], all: number, parallel: number): Progress {
  const done = durations.length;
  if (done === 0) return { done, all };
  const each = durations.reduce((sum, one) => sum + one, 0) / done;
  // The last of a few lanes is as long as one.
  return { done, all, left: Math.ceil((all - done) / parallel) * each };
}

/**
 * A length of time for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([4_200, 90_000, 5_400_000].map(timeText), ["4 s", "2 min", "1 h 30 min"]);
 * ```
 */
export function timeText(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
