/**
 * `chat conform --submissions`: marks all programs of a course.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { VERSION } from "../../lib/core/version.ts";
import { visibleText } from "../../lib/core/visible.ts";
import { readClientCommand } from "../client/client_target.ts";
import { readInput } from "../client/command.ts";
import type { ConformOptions } from "../conform_options.ts";
import { gradingText } from "../grading/grading_file.ts";
import type { ConformIo } from "../io.ts";
import { countText } from "../reports/words.ts";
import { NO_PROGRESS } from "../reports/text/progress.ts";
import { STATUS } from "../results/exit_status.ts";
import { readCommand, takesPort } from "../run/server/command.ts";
import { byHand, clustersOf } from "./clusters.ts";
import { findSubmissions, leftOutText } from "./find_submissions.ts";
import { indexPage } from "./page/index_page.ts";
import type { SubmissionLimits } from "./limited/limits.ts";
import { MarksFolder, type Settings } from "./marks_folder.ts";
import type { SubmissionOutcome } from "./outcome.ts";
import { keepApart, withAbsolutePaths } from "./places.ts";
import { settingsOf } from "./play_arguments.ts";
import { playSubmission } from "./play_submission.ts";
import { playInTurn, type Progress, timeText } from "./schedule.ts";
import { readSheet, type Sheet } from "./sheet.ts";
import type { Submission } from "./submission.ts";
import { type Course, type CourseRow, marksCsv, marksJson } from "./table.ts";

/** What is asked for. */
export interface SubmissionsOptions {
  /** The folder in which each folder is a submission. */
  readonly submissions: string;
  /** The folder for the marks. */
  readonly output: string;
  /** Whether what is finished in it is played again. */
  readonly startOver: boolean;
  /** How many are played at a time. */
  readonly parallel: number;
  /** What builds each before it is played. */
  readonly buildCommand?: string | undefined;
  /** How long that may take, in milliseconds. */
  readonly buildTimeout: number;
  /** What each may take. */
  readonly limits: SubmissionLimits;
  /** How each is played. */
  readonly conform: ConformOptions;
}

/** So much of a name, and so much of all names, is shown in a line that must not wrap, in characters. */
const [LONGEST_NAME, LONGEST_LINE] = [30, 70];

/**
 * Plays all submissions that are not finished, and writes their marks. The exit status is 0 once all are marked, whatever they got; 2
 * for wrong usage, 4 where there are none, and that of {@linkcode ConformIo.interrupted} if it was broken off.
 */
export async function markSubmissions(options: SubmissionsOptions, io: ConformIo): Promise<number> {
  try {
    return await new Marking(options, io).mark();
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    io.err(`chat conform: ${error.message}\n`);
    return STATUS.misused;
  }
}

/** The marking of a course. */
class Marking {
  readonly #options: SubmissionsOptions;
  readonly #io: ConformIo;
  readonly #outcomes = new Map<Submission, SubmissionOutcome>();
  /** Those that are being played. */
  readonly #playing = new Set<Submission>();

  constructor(options: SubmissionsOptions, io: ConformIo) {
    this.#options = options;
    this.#io = io;
  }

  async mark(): Promise<number> {
    const { submissions: folder, output, startOver } = this.#options;
    const conform = await withAbsolutePaths(this.#options.conform);
    const parallel = this.#parallel();
    const { root, submissions, leftOut } = await findSubmissions(folder);
    const note = leftOutText(leftOut);
    if (note !== undefined) this.#note(note);
    if (Deno.build.os === "windows") {
      this.#note("this system does not show what a program takes: only --max-time and --build-timeout hold");
    }
    if (submissions.length === 0) {
      this.#note(`nothing was selected: there is no folder in ${visibleText(folder)}, and each submission is one`);
      return STATUS.nothing;
    }
    const { grading: file } = conform;
    const grading = file === undefined ? undefined : { text: await gradingText(file), file };
    const sheet = await readSheet(conform, grading, new Date(REAL_TIME.wallClock()));
    if (sheet.fixtures.length === 0) {
      const what = conform.filters.length > 0
        ? `no fixture matches ${conform.filters.join(" or ")}`
        : "there are no fixtures";
      this.#note(`nothing was selected: ${what} (${sheet.dialect}); --list shows what there is`);
      return STATUS.nothing;
    }
    await keepApart(root, output);
    const settings = await this.#settings(root, conform, sheet);
    using marks = await MarksFolder.open(output, settings, startOver);
    await marks.begin(settings, sheet.grading, submissions);
    return await this.#markIn(marks, { ...this.#options, conform, parallel }, sheet, submissions);
  }

  async #markIn(
    marks: MarksFolder,
    options: SubmissionsOptions,
    sheet: Sheet,
    submissions: readonly Submission[],
  ): Promise<number> {
    for (const submission of submissions) {
      const outcome = await marks.outcomeOf(submission);
      if (outcome !== undefined) this.#outcomes.set(submission, outcome);
    }
    const finished = [...this.#outcomes.values()];
    if (finished.length > 0) {
      const are = finished.length === 1 ? "is" : "are";
      this.#note(
        `${finished.length} of ${countText(submissions.length, "submission")} ${are} finished already, ` +
          "and not played again (--start-over plays all again)",
      );
    }
    const interrupted = this.#io.interrupted ?? new AbortController().signal;
    const write = () => this.#write(marks, sheet, submissions);
    await write();
    await playInTurn({
      tasks: submissions.filter((one) => !this.#outcomes.has(one)),
      before: finished.map(({ duration }) => duration),
      parallel: options.parallel,
      interrupted,
      play: async (submission) => {
        this.#playing.add(submission);
        this.#showPlaying();
        const where = { sheet, output: marks.path, grading: marks.grading };
        const outcome = await playSubmission(submission, { ...options, ...where }, interrupted);
        return { submission, outcome };
      },
      durationOf: ({ outcome }) => outcome.duration,
      onDone: async ({ submission, outcome }, progress) => {
        this.#outcomes.set(submission, outcome);
        await marks.finish(outcome);
        await write();
        this.#io.out(`${this.#io.isTerminal ? NO_PROGRESS : ""}${progressLine(outcome, progress)}\n`);
        this.#playing.delete(submission);
        this.#showPlaying();
      },
    });
    await write();
    return this.#conclude(submissions, interrupted);
  }

  /** What is said in the end, and the exit status. */
  #conclude(submissions: readonly Submission[], interrupted: AbortSignal): number {
    const { output } = this.#options;
    const outcomes = [...this.#outcomes.values()];
    const index = `${visibleText(output)}/index.html`;
    if (interrupted.aborted) {
      this.#io.out(this.#io.isTerminal ? NO_PROGRESS : "");
      const left = countText(submissions.length - outcomes.length, "submission");
      this.#note(`broken off: ${left} left to play; the same command goes on with them. What is known: ${index}`);
      return typeof interrupted.reason === "number" ? interrupted.reason : STATUS.misused;
    }
    const lines = [
      `${countText(outcomes.length, "submission")} marked: ${index}, marks.csv and marks.json beside it`,
      ...clustersOf(outcomes).slice(0, 3).map(({ names, text }) => `${names.length} of ${outcomes.length} ${text}`),
    ];
    const toLookAt = byHand(outcomes).length;
    if (toLookAt > 0) lines.push(`${toLookAt} to look at by hand`);
    this.#io.out(`\n${lines.map((line) => `${visibleText(line)}\n`).join("")}`);
    if (outcomes.every(({ ending }) => ending === "does not start")) {
      this.#note(
        `none of them starts, the first because ${outcomes[0]!.why}. Is the command right? ` +
          "It is run in each submission's folder, for which {dir} stands",
      );
    }
    return STATUS.conforms;
  }

  async #write(marks: MarksFolder, sheet: Sheet, submissions: readonly Submission[]): Promise<void> {
    const { conform: { serverCommand, client } } = this.#options;
    const rows: CourseRow[] = submissions.map((submission) => ({
      submission,
      outcome: this.#outcomes.get(submission),
    }));
    const course: Course = {
      marked: new Date(REAL_TIME.wallClock()),
      dialect: sheet.dialect,
      command: [serverCommand, client?.command].filter((one) => one !== undefined).join(", "),
      hashes: sheet.hashes,
      clauses: sheet.marks.clauses,
      rows,
    };
    await marks.write("marks.csv", marksCsv(course));
    await marks.write("marks.json", marksJson(course));
    await marks.write("index.html", await indexPage(course));
  }

  /** How many are played at a time: programs with one port meet on it. Throws for commands that cannot be understood. */
  #parallel(): number {
    const { parallel, buildCommand, conform: { serverCommand, client, targets } } = this.#options;
    if (buildCommand !== undefined) readCommand(buildCommand);
    const server = serverCommand === undefined ? undefined : readCommand(serverCommand);
    const hasOwnPort = server !== undefined && (!takesPort(server) || targets.some(({ port }) => port !== undefined));
    const words = client && readClientCommand(client);
    if (client?.input !== undefined) readInput(client.input);
    const knowsOnePort = words !== undefined && client?.listen !== undefined;
    if (parallel > 1 && (hasOwnPort || knowsOnePort)) {
      this.#note("they have one port, so that one is played at a time: put {port} into their command to change that");
      return 1;
    }
    return parallel;
  }

  /** What must be the same where marks stand in one table. */
  async #settings(root: string, conform: ConformOptions, sheet: Sheet): Promise<Settings> {
    const { buildCommand = "", buildTimeout, limits } = this.#options;
    const commands = ["--server-cmd", "--client-cmd"];
    const words = settingsOf(conform);
    const isCommand = (word: string) => commands.some((name) => word.startsWith(`${name}=`));
    return {
      "--submissions": root,
      "the command": words.filter(isCommand).join(" "),
      "how it is played": words.filter((word) => !isCommand(word)).join(" "),
      "--build-cmd": buildCommand,
      "--detail": conform.detail ?? "full",
      "the limits": [buildTimeout, limits.time, limits.memory, limits.processes, limits.disk].join(" "),
      "the grading": await digestOf(sheet.grading),
      "the version": VERSION,
      "the fixtures": [...sheet.hashes, await digestOf(sheet.fixtures.map(({ name }) => name).join("\n"))].join(" "),
    };
  }

  /** On a terminal one line says which are being played. */
  #showPlaying(): void {
    if (!this.#io.isTerminal || this.#playing.size === 0) return;
    const names = [...this.#playing].map(({ name }) => visibleText(name).slice(0, LONGEST_NAME)).join(", ");
    this.#io.out(`${NO_PROGRESS}… ${names.slice(0, LONGEST_LINE)}`);
  }

  #note(text: string): void {
    this.#io.err(`${this.#io.isTerminal ? NO_PROGRESS : ""}chat conform: ${text}\n`);
  }
}

/** `3/60 alice: 34 of 40 points, about 6 min left`. */
function progressLine({ name, points, most, ending }: SubmissionOutcome, { done, all, left }: Progress): string {
  const how = ending === "played" ? "" : ` (${ending})`;
  const rest = left === undefined || done === all ? "" : `, about ${timeText(left)} left`;
  return `${done}/${all} ${visibleText(name)}: ${points} of ${countText(most, "point")}${how}${rest}`;
}

async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest, 0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
