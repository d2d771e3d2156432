/**
 * Plays fixtures against a server that was started for the run: finds out which of them it does not survive, and starts it
 * again.
 *
 * @module
 */

import type { Failure } from "../../play/failure.ts";
import { printHead } from "../../transcript/print.ts";
import type { Fixture } from "../../fixtures/fixture.ts";
import type { Result } from "../../results/verdict.ts";
import type { ServerProcess } from "./server_process.ts";
import { ReadWriteLock } from "./read_write_lock.ts";

/** A server that survives a fixture for so long has survived it, in milliseconds. */
const SURVIVING = 30;
/** The same where the fixture could not go on, because the server has closed what it should not have, or takes no connections. */
const PERHAPS_ENDED = 300;

/** A fixture that is being played. */
interface Playing {
  /** Whether others were played at the same time. */
  isAccompanied: boolean;
}

/** Keeps a server running. */
export class Supervisor {
  readonly #server: ServerProcess;
  readonly #isFresh: boolean;
  readonly #turns = new ReadWriteLock();
  readonly #playing = new Set<Playing>();
  /** How many fixtures that were played when it crashed are still to be played again, and how it did, by the start that it was. */
  readonly #suspects = new Map<number, { left: number; readonly crash: Crash }>();
  /** The starts whose end some fixture has answered for. */
  readonly #explained = new Set<number>();
  #last: Fixture | undefined;
  #starting: Promise<void> | undefined;

  /** Supervises a server, which is started anew for each fixture if `isFresh`. */
  constructor(server: ServerProcess, isFresh: boolean) {
    this.#server = server;
    this.#isFresh = isFresh;
  }

  /**
   * Has a fixture played, by `play`, against a server that runs. If the server ends meanwhile, that is a failure of the
   * fixture; if others were played at the same time, each of them is played again by itself, to see which it was.
   */
  async play(fixture: Fixture, play: () => Promise<Result>): Promise<Result> {
    const own: Playing = { isAccompanied: this.#playing.size > 0 };
    const [start, result] = await this.#turns.together(async () => {
      for (const other of this.#playing) other.isAccompanied = own.isAccompanied = true;
      this.#playing.add(own);
      const watched = await this.#watch(fixture, play);
      this.#playing.delete(own);
      if (own.isAccompanied && watched.crash !== undefined) this.#suspect(watched.start, watched.crash);
      return [watched.start, watched] as const;
    });
    if (result.crash === undefined) return result.result;
    if (!own.isAccompanied) return this.#blame(start, result.result, result.crash);
    return await this.#turns.alone(() => this.#again(fixture, start, play));
  }

  /** Plays a fixture alone that was played when the server crashed. */
  async #again(fixture: Fixture, suspected: number, play: () => Promise<Result>): Promise<Result> {
    const { start, result, crash } = await this.#watch(fixture, play);
    const suspects = this.#suspects.get(suspected)!;
    suspects.left--;
    if (crash !== undefined) {
      this.#explained.add(suspected);
      return this.#blame(start, result, crash);
    }
    if (suspects.left > 0 || this.#explained.has(suspected)) return result;
    this.#explained.add(suspected);
    return crashed(
      result,
      "the server has crashed while several fixtures were played, and survives each of them alone",
      suspects.crash.lastOutput,
    );
  }

  /** Plays a fixture, and sees whether the server survives it. */
  async #watch(fixture: Fixture, play: () => Promise<Result>): Promise<Watched> {
    const before = await this.#ready();
    const start = this.#server.starts;
    const written = this.#server.outputLength;
    const played = await play();
    const isInDoubt = played.failure?.kind === "closed" || played.failure?.kind === "unreachable";
    await this.#server.ends(isInDoubt ? PERHAPS_ENDED : SURVIVING);
    const result = withOutput(played, this.#server.starts === start ? this.#server.outputSince(written) : []);
    const previous = this.#last;
    this.#last = fixture;
    if (before !== undefined) {
      const after = previous === undefined ? "" : ` after ${previous.name} was over`;
      return { start, result: crashed(result, `the server has ended ${before.ending}${after}`, before.lastOutput) };
    }
    const hasEnded = this.#server.starts > start || this.#server.hasEnded;
    if (!hasEnded) return { start, result };
    if (this.#server.starts === start && !this.#server.hasAccepted) return { start, result: this.#notStarted(result) };
    return { start, result, crash: this.#crash() };
  }

  /** Starts the server where it does not run. Gives its end, if no fixture has failed for it yet. */
  async #ready(): Promise<Crash | undefined> {
    const start = this.#server.starts;
    const isUnexplained = this.#server.hasEnded && this.#server.hasAccepted && this.#playing.size <= 1 &&
      !this.#explained.has(start) && !this.#suspects.has(start);
    const crash = isUnexplained ? this.#crash() : undefined;
    if (this.#isFresh && this.#server.hasAccepted) await this.#server.stop();
    await (this.#starting ??= this.#server.start().finally(() => this.#starting = undefined));
    return crash;
  }

  #crash(): Crash {
    return { ending: this.#server.ending, lastOutput: this.#server.lastOutput };
  }

  #suspect(start: number, crash: Crash): void {
    const suspects = this.#suspects.get(start) ?? { left: 0, crash };
    this.#suspects.set(start, suspects);
    suspects.left++;
  }

  #blame(start: number, result: Result, { ending, lastOutput }: Crash): Result {
    this.#explained.add(start);
    return crashed(result, `the server has crashed: it ended ${ending}`, lastOutput);
  }

  #notStarted(result: Result): Result {
    // Whether it ever was there, is for the run to say.
    if (this.#server.starts <= 1) return result;
    const [lastWord = "nothing"] = this.#server.lastOutput.slice(-1);
    const reason = `the server does not start again: it ends ${this.#server.ending}, and says ${lastWord}`;
    const { failure: _failure, ...rest } = result;
    return { ...rest, verdict: "blocked", reason };
  }
}

/** A failure, with what the server wrote while it came about: its own error, often. */
function withOutput(result: Result, output: readonly string[]): Result {
  const { failure } = result;
  return failure === undefined || output.length === 0
    ? result
    : { ...result, failure: { ...failure, lastOutput: output } };
}

/** How a server has ended. */
interface Crash {
  readonly ending: string;
  readonly lastOutput: readonly string[];
}

/** A fixture that was played, and how the server has ended meanwhile, if it has. */
interface Watched {
  readonly start: number;
  readonly result: Result;
  readonly crash?: Crash;
}

/** The result of a fixture that the server did not survive. */
function crashed(result: Result, reason: string, lastOutput: readonly string[]): Result {
  const { fixture, failure } = result;
  const last = fixture.steps.at(-1)!;
  const { place, step, attempts } = failure ?? { place: last.place, step: printHead(last), attempts: [] };
  const told: Failure = {
    kind: failure?.kind ?? "closed",
    place,
    step,
    reason: failure === undefined ? reason : `${reason}; ${failure.reason}`,
    attempts,
    ...(lastOutput.length === 0 ? {} : { lastOutput }),
  };
  const { reason: _reason, ...rest } = result;
  return { ...rest, verdict: "fail", failure: told };
}
