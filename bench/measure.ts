/**
 * Measures a scenario, and says what came out.
 *
 * @module
 */

import { markdownTable } from "markdown-table";
import { count, middle, ratio } from "./figures.ts";
import type { Medians, Verdict } from "./goals.ts";
import { load, startServer, withCrowd } from "./processes.ts";
import type { Entry, LoadScenario, Span } from "./scenarios.ts";
import type { Measured } from "./load/latencies.ts";

/** How thoroughly is measured. */
export interface Effort {
  /** How long each run takes. */
  readonly span: Span;
  /** How many runs there are. */
  readonly repeats: number;
  /** How large a crowd may be. */
  readonly maxCrowd: number;
}

async function run(entry: Entry, { span, maxCrowd }: Effort): Promise<Measured> {
  await using server = await startServer(entry.server);
  const job = entry.job(server.port, { ...span, server: server.pid });
  const measured = await withCrowd(server.port, Math.min(entry.crowd ?? 0, maxCrowd), () => load(job));
  const { factor = 1 } = entry;
  const processor = measured.processor === undefined ? {} : { processor: measured.processor / factor };
  return { ...measured, rate: measured.rate * factor, ...processor };
}

function mediansOf(runs: readonly Measured[]): Medians {
  const median = (of: (run: Measured) => number) => middle(runs.map(of)).median;
  const isKnown = runs.every(({ processor }) => processor !== undefined);
  return {
    rate: median(({ rate }) => rate),
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
    processor: isKnown ? median(({ processor }) => processor!) : undefined,
  };
}

/** Measures all lines of a scenario, alternately; gives its section of the results, and what became of its goals. */
export async function measureScenario(
  scenario: LoadScenario,
  effort: Effort,
  hasNats: boolean,
): Promise<{ section: string; verdicts: Verdict[] }> {
  const entries = scenario.entries.filter((entry) => hasNats || entry.server !== "nats");
  const runs = entries.map((): Measured[] => []);
  // Alternately, so that what the machine does besides falls on all alike.
  for (let round = 0; round < effort.repeats; round++) {
    for (const [i, entry] of entries.entries()) runs[i]!.push(await run(entry, effort));
  }
  const medians = runs.map(mediansOf);
  const rows = entries.map(({ label }, i) => {
    const { rate, p50, p99, processor } = medians[i]!;
    const { spread } = middle(runs[i]!.map((each) => each.rate));
    const against = i === 0 ? "1" : ratio(rate / medians[0]!.rate);
    const cost = processor === undefined ? "" : processor.toFixed(1);
    return [label, count(rate), `± ${Math.round(spread * 50)}%`, against, count(p50), count(p99), cost];
  });
  const table = markdownTable(
    [["", "messages/s", "spread", "ratio", "p50 µs", "p99 µs", "processor µs"], ...rows],
    { align: ["l", "r", "r", "r", "r", "r", "r"] },
  );
  const { name, what, goals = [] } = scenario;
  const skipped = entries.length < scenario.entries.length ? "\n\nnats-server is not installed: skipped." : "";
  const byLabel = new Map(entries.map(({ label }, i) => [label, medians[i]!]));
  return {
    section: `## ${name}\n\n${what[0]!.toUpperCase()}${what.slice(1)}.\n\n${table}${skipped}\n`,
    verdicts: goals.map((goal) => ({
      scenario: name,
      level: goal.level,
      what: goal.what,
      finding: goal.judge(byLabel),
    })),
  };
}
