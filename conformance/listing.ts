/**
 * `chat conform --list`: what would be played.
 *
 * @module
 */

import type { ConformOptions } from "./conform_options.ts";
import { select } from "./fixtures/filter.ts";
import { loadOutlines, type Outline } from "./fixtures/outline.ts";
import { FROZEN_SUITE } from "./fixtures/suite_version.ts";
import type { ConformIo } from "./io.ts";
import { showList } from "./reports/text/fixture_list.ts";
import { paint } from "./reports/text/paint.ts";
import { STATUS } from "./results/exit_status.ts";
import { dialectsToList, rolesOf } from "./roles.ts";

/** Lists what would be played, and gives the exit status. */
export async function list(options: ConformOptions, io: ConformIo): Promise<number> {
  const lists = isOutlined(options) ? outlinesOf(options) : await wholeOf(options);
  if (lists.every(({ length }) => length === 0)) return tellNothing(dialectsToList(options), options, io);
  const colors = paint(io.color);
  for (const fixtures of lists) io.out(showList(fixtures, colors));
  return STATUS.conforms;
}

/** Tells that nothing of these dialects was selected, and gives the exit status for that. */
export function tellNothing(dialects: readonly string[], { filters }: ConformOptions, io: ConformIo): number {
  const what = filters.length > 0 ? `no fixture matches ${filters.join(" or ")}` : "there are no fixtures";
  const names = [...new Set(dialects)].join(", ");
  io.err(`chat conform: nothing was selected: ${what} (${names}); --list shows what there is\n`);
  return STATUS.nothing;
}

/** Whether the headers of embedded fixtures say it all. Somebody's own are read whole: they may be wrong. */
function isOutlined({ fixtures, embedded, stress, client, serverCommand }: ConformOptions): boolean {
  const hasPairs = client !== undefined && serverCommand !== undefined;
  return fixtures.length === 0 && embedded && stress === undefined && !hasPairs;
}

function outlinesOf(options: ConformOptions): Outline[][] {
  const { filters, suite = FROZEN_SUITE } = options;
  return rolesOf(options).flatMap((role) => {
    return dialectsToList(options).map((dialect) => select(loadOutlines(dialect, suite, role), filters));
  });
}

async function wholeOf(options: ConformOptions): Promise<Outline[][]> {
  const { selectionsOf } = await import("./selection.ts");
  return (await selectionsOf(options)).map(({ fixtures, concurrent }) => [...fixtures, ...concurrent]);
}
