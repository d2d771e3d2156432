/**
 * Plays one submission: builds it, and has this program test it, each within limits.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { visibleText } from "../../lib/core/visible.ts";
import type { ConformOptions } from "../conform_options.ts";
import { Outputs } from "../results/outputs.ts";
import { readCommand } from "../run/server/command.ts";
import { type LimitedEnd, runLimited } from "./limited/limited_program.ts";
import type { SubmissionLimits } from "./limited/limits.ts";
import { outcomeOf, type SubmissionEnd, type SubmissionOutcome, unplayedOutcome } from "./outcome.ts";
import { playArguments, REPORT_FILES, reportsFor } from "./play_arguments.ts";
import type { Sheet } from "./sheet.ts";
import type { Submission } from "./submission.ts";

/** How submissions are played. */
export interface SubmissionPlayOptions {
  /** The options of each one's run. Paths in them are absolute. */
  readonly conform: ConformOptions;
  /** What builds one first. */
  readonly buildCommand?: string | undefined;
  /** How long that may take, in milliseconds. */
  readonly buildTimeout: number;
  /** What each one may take. */
  readonly limits: SubmissionLimits;
  /** By what they are marked. */
  readonly sheet: Sheet;
  /** The folder for all marks, as an absolute path. */
  readonly output: string;
  /** The file that says what clauses are worth, as an absolute path. */
  readonly grading: string;
}

/** It is to end by itself when its time is up, and to write down what it knows; by then it is late, in milliseconds. */
const LATE = 30_000;
/** How long that may take once it is asked to, in milliseconds. */
const ENDING = 10_000;
const MAIN = new URL("../../main.ts", import.meta.url).href;

/**
 * Plays a submission, and gives what became of it, whatever that is; rejects with the reason of `interrupted` if that came first.
 */
export async function playSubmission(
  submission: Submission,
  options: SubmissionPlayOptions,
  interrupted: AbortSignal,
): Promise<SubmissionOutcome> {
  const began = REAL_TIME.now();
  const folder = `${options.output}/${submission.folder}`;
  // Here the next run finds it and takes it away, if this one is killed.
  const temporary = `${folder}/temporary`;
  await makeAnew(folder, temporary);
  try {
    const attempt = new Attempt(submission, options, folder, temporary, interrupted);
    const played = await attempt.play();
    interrupted.throwIfAborted();
    return await attempt.conclude({ ...played, duration: Math.round(REAL_TIME.now() - began) });
  } finally {
    await Deno.remove(temporary, { recursive: true }).catch(() => {});
  }
}

/** Makes its folder, whatever an earlier run has left of it. */
async function makeAnew(folder: string, temporary: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true }).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    await Deno.mkdir(temporary, { recursive: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ChatError("unwritable", `${visibleText(folder)} cannot be made: ${visibleText(why)}`, { cause });
  }
}

/** What has come of it, as far as its report does not say it. */
type Played = Omit<SubmissionEnd, "duration">;

class Attempt {
  readonly #submission: Submission;
  readonly #options: SubmissionPlayOptions;
  readonly #folder: string;
  readonly #temporary: string;
  readonly #interrupted: AbortSignal;

  constructor(
    submission: Submission,
    options: SubmissionPlayOptions,
    folder: string,
    temporary: string,
    interrupted: AbortSignal,
  ) {
    this.#submission = submission;
    this.#options = options;
    this.#folder = folder;
    this.#temporary = temporary;
    this.#interrupted = interrupted;
  }

  async play(): Promise<Played> {
    const { problem } = this.#submission;
    if (problem !== undefined) return { ending: "does not start", why: problem };
    try {
      return await this.#build() ?? await this.#run();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ending: "does not start", why: `nothing can be started in its folder: ${visibleText(error.message)}` };
    }
  }

  /** Reads what its report says; writes one where there was no run. */
  async conclude(end: SubmissionEnd): Promise<SubmissionOutcome> {
    const { sheet: { marks } } = this.#options;
    if (end.ending === "does not build" || end.ending === "does not start") {
      await this.#reportUnplayed(end.why ?? "");
      return unplayedOutcome(this.#submission, marks, end);
    }
    try {
      const report: unknown = JSON.parse(await Deno.readTextFile(`${this.#folder}/${REPORT_FILES.json}`));
      return outcomeOf(this.#submission, report, marks, end);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const why = end.why ?? `its report cannot be read: ${visibleText(error.message)}`;
      return unplayedOutcome(this.#submission, marks, { ...end, ending: "broken off", why });
    }
  }

  async #build(): Promise<Played | undefined> {
    const { buildCommand, buildTimeout, limits } = this.#options;
    if (buildCommand === undefined) return undefined;
    const words = readCommand(buildCommand).map((word) => word.replaceAll("{dir}", () => this.#submission.path));
    const ended = await this.#limited(words, { ...limits, time: buildTimeout }, 0);
    await this.#log("build", ended);
    if (ended.passed === undefined && ended.status.success) return undefined;
    const how = ended.passed === undefined ? `it ends ${endingText(ended)}` : `its build ${ended.passed}`;
    return { ending: "does not build", why: [how, ...ended.output.slice(-1)].join(": ") };
  }

  async #run(): Promise<Played> {
    const { conform, limits, grading } = this.#options;
    const words = [...ownWords(), ...playArguments(conform, limits.time, { folder: this.#folder, grading })];
    const ended = await this.#limited(words, { ...limits, time: limits.time + LATE }, ENDING);
    await this.#log("chat conform", ended);
    if (ended.passed !== undefined) return { ending: "broken off", why: `it ${ended.passed}` };
    const at = ended.output.findLastIndex((line) => line.startsWith(SAYS));
    const said = ended.output[at]?.slice(SAYS.length);
    const isLate = ended.output.some((line) => line.endsWith("as --max-time says"));
    if (isLate && ended.status.code <= 2) return { why: `it ran for more than ${limits.time / 1_000} s (--max-time)` };
    switch (ended.status.code) {
      case 0:
      case 1:
        return {};
      case 2:
      case 3: {
        if (await this.#wasPlayed()) return {};
        // Behind it stands what the program wrote last, which says most.
        const last = at < 0 ? undefined : ended.output.slice(at + 1).findLast((line) => line.trim() !== "")?.trim();
        const words = [said ?? "it cannot be reached", ...last === undefined ? [] : [last]];
        // That a disk is full is not known to be the submission's fault.
        const isOurs = /could not be written|cannot be written/.test(said ?? "");
        return { ending: isOurs ? "broken off" : "does not start", why: words.join(": ") };
      }
      default:
        return { ending: "broken off", why: `the test has ended ${endingText(ended)}: look at ${REPORT_FILES.log}` };
    }
  }

  /** Whether anything was, by the report. */
  async #wasPlayed(): Promise<boolean> {
    const outcome = await this.conclude({ duration: 0 });
    return outcome.fixtures > 0;
  }

  #limited(words: readonly string[], limits: SubmissionLimits, ending: number): Promise<LimitedEnd> {
    return runLimited({
      words,
      cwd: this.#submission.path,
      temporary: this.#temporary,
      limits,
      ending,
      interrupted: this.#interrupted,
    });
  }

  async #log(title: string, ended: LimitedEnd): Promise<void> {
    const text = [`${title}: ended ${endingText(ended)}`, ...ended.output.map((line) => `    ${line}`), ""].join("\n");
    await Deno.writeTextFile(`${this.#folder}/${REPORT_FILES.log}`, text, { append: true });
  }

  async #reportUnplayed(why: string): Promise<void> {
    const { conform, sheet: { dialect, fixtures }, grading } = this.#options;
    const reports = reportsFor(conform, this.#folder);
    const silent = { out: () => {}, err: () => {}, isTerminal: false, color: false };
    using outputs = await Outputs.open({ ...conform, reports, grading }, silent);
    const isClient = conform.serverCommand === undefined;
    outputs.setTarget({ spec: { ...isClient && { role: "client" }, dialect, hostname: "127.0.0.1" }, fixtures });
    await outputs.finishUnreachable(why);
  }
}

/** How lines begin that this program says about itself. */
const SAYS = "chat conform: ";

/** The words that start this program again. */
function ownWords(): string[] {
  const program = Deno.execPath();
  // It gives back itself what it does not need.
  return Deno.build.standalone ? [program] : [program, "run", "--quiet", "--no-prompt", "--allow-all", MAIN];
}

function endingText({ status: { code, signal } }: LimitedEnd): string {
  return signal === null ? `with exit status ${code}` : `by the signal ${signal}`;
}
