/**
 * `chat conform --self-test`: tests the fixtures themselves. Servers that are wrong on purpose must each be caught by the
 * fixtures of the clause that they break, useless ones must pass nothing, and right ones everything.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import { type ConformIo, STATUS } from "../conform.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { paint } from "../reports/text/paint.ts";
import { NO_PROGRESS } from "../reports/text/progress.ts";
import { select } from "../fixtures/filter.ts";
import { countServers, examine, type Subject } from "./examine.ts";
import { showConclusion, showExamination } from "./report.ts";

/** The options of a self-test. */
export interface SelfTestOptions {
  /** Globs for clauses, fixtures or files: only what concerns them is tested. None means all. */
  readonly filters: readonly string[];
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

async function testAll({ filters }: SelfTestOptions, io: ConformIo): Promise<number> {
  const started = performance.now();
  const subjects: Subject[] = [];
  for (const cast of MUTANT_SETS) {
    const library = await loadLibrary(cast.dialect, { dirs: [], embedded: true });
    const fixtures = select(library.fixtures, filters);
    if (fixtures.length === 0 && filters.length > 0) continue;
    subjects.push({ cast, library, fixtures });
  }
  if (subjects.length === 0) {
    io.err(`chat conform: nothing was selected: no fixture matches ${filters.join(" or ")}\n`);
    return STATUS.nothing;
  }
  const all = subjects.reduce((sum, subject) => sum + countServers(subject), 0);
  let tried = 0;
  const onTried = () => {
    tried++;
    if (io.isTerminal) io.out(`${NO_PROGRESS}${tried} of ${all} servers tried`);
  };
  const examinations = await examine(subjects, onTried);
  if (io.isTerminal) io.out(NO_PROGRESS);
  const colors = paint(io.color);
  for (const examination of examinations) io.out(`${showExamination(examination, colors)}\n\n`);
  io.out(`${showConclusion(examinations, performance.now() - started, colors)}\n`);
  return examinations.some(({ problems }) => problems.length > 0) ? STATUS.fails : STATUS.conforms;
}
