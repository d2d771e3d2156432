/**
 * `chat conform --self-test`: tests the fixtures themselves. Servers that are wrong on purpose must each be caught by the
 * fixtures of the clause that they break, useless ones must pass nothing, and right ones everything.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import type { ConformIo } from "../io.ts";
import { STATUS } from "../results/exit_status.ts";
import { paint } from "../reports/text/paint.ts";
import { NO_PROGRESS } from "../reports/text/progress.ts";
import { countServers, examinationsOf, tryHere } from "./examine.ts";
import { showConclusion, showExamination } from "./report.ts";
import { loadSubjects, type Selection, type Subject } from "./subjects.ts";
import { startThread, threadsFor, tryEach } from "./threads.ts";
import type { Tried } from "./trials.ts";

/** The options of a self-test. */
export interface SelfTestOptions extends Selection {
  /** Decides what is left to chance; 1 by default, so that each run says the same. */
  readonly seed?: number | undefined;
}

/**
 * Runs it, writes the report, and gives the exit status: 0 all is as it should be, 1 it is not, 2 a fixture is broken itself,
 * 4 nothing was selected.
 */
export async function selfTest(options: SelfTestOptions, io: ConformIo): Promise<number> {
  try {
    return await testAll(options, io);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    io.err(`chat conform: ${error.message}\n`);
    return STATUS.misused;
  }
}

async function testAll({ seed = 1, ...selection }: SelfTestOptions, io: ConformIo): Promise<number> {
  const started = REAL_TIME.now();
  const subjects = await loadSubjects(selection);
  if (subjects.length === 0) {
    io.err(`chat conform: nothing was selected: no fixture matches ${selection.filters.join(" or ")}\n`);
    return STATUS.nothing;
  }
  const examinations = examinationsOf(subjects, await tryAll(subjects, selection, seed, io));
  const colors = paint(io.color);
  for (const examination of examinations) io.out(`${showExamination(examination, colors)}\n\n`);
  io.out(`${showConclusion(examinations, REAL_TIME.now() - started, colors)}\n`);
  return examinations.some(({ problems }) => problems.length > 0) ? STATUS.fails : STATUS.conforms;
}

async function tryAll(
  subjects: readonly Subject[],
  selection: Selection,
  seed: number,
  io: ConformIo,
): Promise<Tried[]> {
  const all = countServers(subjects);
  let tried = 0;
  const onTried = () => {
    tried++;
    if (io.isTerminal) io.out(`${NO_PROGRESS}${tried} of ${all} servers tried`);
  };
  const count = threadsFor(all);
  const threads = count === 1 ? [] : Array.from({ length: count }, () => startThread({ selection, seed }));
  try {
    const ways = threads.length === 0 ? [tryHere(subjects, seed)] : threads.map(({ tryServer }) => tryServer);
    return await tryEach(all, ways, onTried);
  } finally {
    for (const thread of threads) thread.end();
    if (io.isTerminal) io.out(NO_PROGRESS);
  }
}
