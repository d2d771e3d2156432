/**
 * A folder into which what many clients have found is written as transcripts, where clients alone can force it to happen.
 *
 * @module
 */

import { ChatError } from "../../../lib/core/error.ts";
import type { Trust } from "../../../lib/transport/tls/tls.ts";
import { type Library, loadLibrary } from "../../fixtures/library.ts";
import { MUTANT_SETS } from "../../mutants/mutant_sets.ts";
import { countText } from "../../reports/words.ts";
import { openFolder } from "../../results/folder.ts";
import type { TargetRun } from "../../results/verdict.ts";
import { runTarget } from "../../run/run.ts";
import type { ServerProcess } from "../../run/server/server_process.ts";
import { play } from "../../self_test/play.ts";
import type { Shrunk } from "../shrinking/shrink.ts";
import { scriptText } from "../shrinking/script.ts";
import type { OrderedTranscript } from "./transcriber.ts";
import { TRANSCRIBERS } from "./transcribers.ts";

/** A transcript must fail so often, and never pass. */
const PLAYS = 5;
/** A step may take so long, in milliseconds, or less if that was asked for. */
const TIMEOUT = 2_000;

/** The server in question. */
export interface TranscriptTarget {
  /** The target, and how it is accommodated. */
  readonly run: TargetRun;
  /** The server, if it was started for the run. */
  readonly server?: ServerProcess | undefined;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls?: Trust | undefined;
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number;
  /** Breaks it off. */
  readonly interrupted?: AbortSignal | undefined;
}

/** The folder of `--write-fixture`. */
export class TranscriptFolder {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder if it is not there. Throws `unwritable`, in one line, if nothing can be written in it. */
  static async open(folder: string): Promise<TranscriptFolder> {
    await openFolder(folder, "fixtures");
    return new TranscriptFolder(folder);
  }

  /**
   * Writes a finding as a transcript that fails each time against its server, and that servers pass which are right.
   *
   * @param clause the clause, with its dialect.
   * @param shrunk the smallest run in which it was found, if it was found again.
   * @returns which file it is in, or why there is none: a line for people.
   * @throws {ChatError} `unwritable`.
   */
  async write(clause: string, shrunk: Shrunk | undefined, target: TranscriptTarget): Promise<string> {
    const { dialect } = target.run.target;
    const transcriber = TRANSCRIBERS.find((one) => one.dialect === dialect);
    if (transcriber === undefined) {
      const known = TRANSCRIBERS.map((one) => one.dialect).join(", ");
      return `no fixture was written: only findings in ${known} can be, so far`;
    }
    if (target.interrupted?.aborted) return "no fixture was written: the run was broken off";
    if (shrunk === undefined) return "no fixture was written: it was not found again in a smaller run";
    const candidates = transcriber.candidates(shrunk.script, shrunk.finding.text);
    const [any] = candidates;
    if (any === undefined) return "no fixture was written: nothing in the smallest run is in the words of fixtures";
    if (await this.#failures(textOf(clause, { ...any, steps: [] }, shrunk), target) > 0) {
      return "no fixture was written: as fixtures have clients come, they do not get in; the fixtures say why";
    }
    const played: string[] = [];
    for (const candidate of candidates) {
      const text = textOf(clause, candidate, shrunk);
      const failures = await this.#failures(text, target);
      const isForced = failures >= PLAYS;
      if (isForced && await this.#isFair(text, dialect)) return await this.#keep(clause, text, candidate);
      const came = isForced
        ? "right servers fail, too"
        : failures === 0
        ? "passed"
        : `failed ${failures} times, then passed`;
      played.push(`${candidate.how} (${came})`);
    }
    return "no fixture was written: it takes threads that meet, and clients cannot make them. " +
      `Played ${played.join("; ")}`;
  }

  /** How often it fails in a row against the server, so many times at most. */
  async #failures(text: string, { run, server, tls, timeout, interrupted }: TranscriptTarget): Promise<number> {
    return await this.#read(run.target.dialect, text, async (library) => {
      const accommodations = (run.accommodated ?? []).map(({ accommodation }) => accommodation);
      const fixtures = library.accommodate?.(accommodations) ?? library.fixtures;
      let failures = 0;
      while (failures < PLAYS) {
        await server?.start();
        if (interrupted?.aborted) return failures;
        const played = await runTarget(run.target, library, fixtures, {
          timeout: Math.min(timeout, TIMEOUT),
          jobs: 1,
          onResult: () => {},
          server,
          tls,
          interrupted,
        });
        const failed = played.results.find(({ verdict }) => verdict === "fail");
        if (failed === undefined) return failures;
        // What fails is played again before that is final.
        const { recurrence } = failed;
        failures += recurrence?.failed ?? 1;
        if (recurrence !== undefined && recurrence.failed < recurrence.played) return failures;
      }
      return failures;
    });
  }

  /** Whether servers pass it that are right. */
  async #isFair(text: string, dialect: string): Promise<boolean> {
    const right = MUTANT_SETS.find((set) => set.dialect === dialect)?.right ?? [];
    return await this.#read(dialect, text, async (library) => {
      for (const server of right) {
        const results = await play(server, library, library.fixtures, { seed: 1, jobs: 1 });
        if (!results.every(({ verdict }) => verdict === "pass")) return false;
      }
      return right.length > 0;
    });
  }

  /** Reads a transcript as it will be read, from a folder of its own in this one. */
  async #read<T>(dialect: string, text: string, use: (library: Library) => Promise<T>): Promise<T> {
    const dir = await Deno.makeTempDir({ dir: this.#folder, prefix: ".chat-" });
    try {
      await Deno.writeTextFile(`${dir}/tried.chat`, text);
      return await use(await loadLibrary(dialect, { dirs: [dir], embedded: false, isStress: true }));
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  }

  async #keep(clause: string, text: string, { how }: OrderedTranscript): Promise<string> {
    const file = `${this.#folder}/${clause}-forced.chat`;
    try {
      await Deno.mkdir(file.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(file, text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new ChatError("unwritable", `the fixture ${file} cannot be written: ${why}`, { cause });
    }
    return `as a fixture, which fails each time: ${file} (${how})`;
  }
}

function textOf(
  clause: string,
  { how, title, setUp, steps }: OrderedTranscript,
  { script, found, runs }: Shrunk,
): string {
  const header = [
    `# Found by --stress with ${scriptText(script)}, in ${found} of ${countText(runs, "run")}.`,
    `# Here the order is forced: ${how}.`,
    `title: ${title}`,
    `clause: ${clause}`,
  ];
  return `${[...header, "", ...setUp, ...steps].join("\n")}\n`;
}
