/**
 * The folder with a course's marks: what was done in it before, so that what is finished is not played again.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { visibleText } from "../../lib/core/visible.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { sleep } from "../play/sleep.ts";
import { Destination } from "../reports/destination.ts";
import { openFolder } from "../results/folder.ts";
import type { SubmissionOutcome } from "./outcome.ts";
import { REPORT_FILES } from "./play_arguments.ts";
import type { Submission } from "./submission.ts";

/** What two runs must have alike for their marks to stand in one table: a name for each, and its value. */
export type Settings = Readonly<Record<string, string>>;

const RUN = "run.json";
const GRADING = "grading.yaml";
const LOCK = "run.lock";
/** What may be there of a run that was killed before it began. */
const OWN = /^(run\.(json|lock)|grading\.yaml)/;
const RUN_SCHEMA = "urn:chat:conform-submissions-run:1";
const OUTCOME_SCHEMA = "urn:chat:conform-submission:1";

/** How long another run may still hold a folder that is about to end, in milliseconds. */
const HELD = 500;

/** A folder with marks, in which nobody else writes. Disposing it lets others. */
export class MarksFolder implements Disposable {
  /** Its absolute path. */
  readonly path: string;
  #lock: Deno.FsFile | undefined;

  private constructor(path: string) {
    this.path = path;
  }

  /** Lets others write in it. */
  [Symbol.dispose](): void {
    this.#lock?.close();
    this.#lock = undefined;
  }

  /** The file that says what clauses are worth. */
  get grading(): string {
    return `${this.path}/${GRADING}`;
  }

  /**
   * Opens it for a run; makes it if it is not there.
   *
   * @param startsOver Whether what is finished in it goes.
   * @throws {ChatError} `usage` for a folder with something else in it, with marks of another run, or in which another run writes;
   * `unwritable`.
   */
  static async open(path: string, settings: Settings, startsOver: boolean): Promise<MarksFolder> {
    await openFolder(path, "marks");
    const folder = new MarksFolder(await Deno.realPath(path));
    const shown = visibleText(path);
    const before = await folder.#readRun();
    if (before === undefined) {
      for await (const { name } of Deno.readDir(folder.path)) {
        if (OWN.test(name)) continue;
        const what = `${shown} holds something else than marks, such as ${visibleText(name)}`;
        throw new ChatError("usage", `${what}: name another folder with --output DIR`);
      }
      await folder.#hold(shown);
      return folder;
    }
    await folder.#hold(shown);
    if (startsOver) await folder.#forget(before.folders);
    else {
      const names = new Set([...Object.keys(before.settings), ...Object.keys(settings)]);
      const changed = [...names].filter((name) => before.settings[name] !== settings[name]);
      if (changed.length > 0) {
        folder[Symbol.dispose]();
        throw new ChatError(
          "usage",
          `the marks in ${shown} are those of another run: ${changed.join(", ")} ${
            changed.length === 1 ? "was" : "were"
          } different. Name another folder with --output DIR, or play all again in this one with --start-over`,
        );
      }
    }
    return folder;
  }

  /** Writes down what is going to be done in it. */
  async begin(settings: Settings, grading: string, submissions: readonly Submission[]): Promise<void> {
    const folders = submissions.map(({ folder }) => folder);
    await this.#writeJson(RUN, { schema: RUN_SCHEMA, settings, folders });
    await this.write(GRADING, grading);
  }

  /** What became of a submission, if it is finished. */
  async outcomeOf({ name, folder }: Submission): Promise<SubmissionOutcome | undefined> {
    const file = await readJson(`${this.path}/${folder}/${REPORT_FILES.outcome}`);
    if (file?.schema !== OUTCOME_SCHEMA || file.name !== name) return undefined;
    const { schema: _schema, ...outcome } = file;
    // A file of this schema was written below.
    return outcome as unknown as SubmissionOutcome;
  }

  /** Writes down that a submission is finished. */
  async finish(outcome: SubmissionOutcome): Promise<void> {
    await this.#writeJson(`${outcome.folder}/${REPORT_FILES.outcome}`, { schema: OUTCOME_SCHEMA, ...outcome });
  }

  /** Replaces a file in it. */
  async write(name: string, text: string): Promise<void> {
    using file = await Destination.open(`${this.path}/${name}`, "the file");
    await file.replace(text);
  }

  /** Holds it for this run: the system lets go of it however that ends. */
  async #hold(shown: string): Promise<void> {
    const lock = await Deno.open(`${this.path}/${LOCK}`, { write: true, create: true });
    const held = new AbortController();
    const late = sleep(REAL_TIME, HELD, held.signal).then(() => false, () => true);
    const isHeld = await Promise.race([lock.lock(true).then(() => true), late]);
    held.abort();
    if (!isHeld) {
      throw new ChatError(
        "usage",
        `another run is writing marks in ${shown}: wait for it, or name another with --output DIR`,
      );
    }
    this.#lock = lock;
  }

  async #writeJson(name: string, value: object): Promise<void> {
    await this.write(name, `${JSON.stringify(value, undefined, 2)}\n`);
  }

  async #readRun(): Promise<{ readonly settings: Settings; readonly folders: readonly string[] } | undefined> {
    const file = await readJson(`${this.path}/${RUN}`);
    if (file?.schema !== RUN_SCHEMA) return undefined;
    return { settings: file.settings as Settings, folders: file.folders as readonly string[] };
  }

  async #forget(folders: readonly string[]): Promise<void> {
    for (const folder of folders) {
      await Deno.remove(`${this.path}/${folder}`, { recursive: true }).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  }
}

/** What is in a file; nothing if it is not there, or no object in JSON: whoever was killed while writing it has left none. */
async function readJson(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
