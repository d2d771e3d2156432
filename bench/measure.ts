/**
 * Measures a scenario, and says what came out.
 *
 * @module
 */

import { markdownTable } from "markdown-table";
import type { Programs } from "./c/build.ts";
import { count, middle, ratio } from "./figures.ts";
import type { Medians, Verdict } from "./goals.ts";
import { type Measured, noiseOf } from "./measured.ts";
import { load, type Span, startServer } from "./processes.ts";
import type { Entry, LoadScenario } from "./scenarios.ts";

/** How thoroughly is measured. */
export interface Effort {
  /** How long each run takes. */
  readonly span: Span;
  /** How many runs there are. */
  readonly repeats: number;
  /** How many other users there may be. */
  readonly mostOthers: number;
}

/** What measuring takes. */
export interface Means {
  /** The bench's own programs. */
  readonly programs: Programs;
  /** Whether nats-server is installed. */
  readonly hasNats: boolean;
}

async function run(entry: Entry, { span, mostOthers }: Effort, { programs }: Means): Promise<Measured> {
  await using server = await startServer(entry.server, programs);
  const measured = await load(programs, entry.plan(server.port, mostOthers), server, span);
  return { ...measured, messages: measured.messages * (entry.factor ?? 1) };
}

/** The server's processor time a message, in microseconds. */
function processorOf({ server, messages }: Measured): number {
  return server / messages * 1e6;
}

function mediansOf(runs: readonly Measured[]): Medians {
  const median = (of: (run: Measured) => number) => middle(runs.map(of)).median;
  return {
    processor: median(processorOf),
    rate: median(({ messages, seconds }) => messages / seconds),
    p50: median(({ p50 }) => p50),
    p99: median(({ p99 }) => p99),
  };
}

function tableOf(entries: readonly Entry[], runs: readonly Measured[][], medians: readonly Medians[]): string {
  const rows = entries.map(({ label }, i) => {
    const { processor, rate, p50, p99 } = medians[i]!;
    const { spread } = middle(runs[i]!.map(processorOf));
    const against = i === 0 ? "1" : ratio(processor / medians[0]!.processor);
    const generator = middle(runs[i]!.map((run) => run.generator / run.seconds)).median;
    return [
      label,
      processor.toFixed(processor < 10 ? 2 : 1),
      `± ${Math.round(spread * 50)}%`,
      against,
      count(rate),
      count(p50),
      count(p99),
      `${Math.round(generator * 100)}%`,
    ];
  });
  return markdownTable(
    [["", "processor µs", "spread", "ratio", "messages/s", "p50 µs", "p99 µs", "generator"], ...rows],
    { align: ["l", "r", "r", "r", "r", "r", "r", "r"] },
  );
}

/** A scenario's section of the results, what became of its goals, and whether the machine was too busy. */
export interface ScenarioResult {
  /** In Markdown. */
  readonly section: string;
  /** One for each goal. */
  readonly verdicts: readonly Verdict[];
  /** Whether the figures are worth nothing. */
  readonly isBusy: boolean;
}

/** Measures all lines of a scenario, alternately. */
export async function measureScenario(scenario: LoadScenario, effort: Effort, means: Means): Promise<ScenarioResult> {
  const { name, what, goals = [] } = scenario;
  const entries = scenario.entries.filter(({ server }) => means.hasNats || server !== "nats");
  const runs = entries.map((): Measured[] => []);
  // Alternately, and there and back, so that what the machine does besides falls on all alike.
  for (let round = 0; round < effort.repeats; round++) {
    const order = [...entries.entries()];
    if (round % 2 === 1) order.reverse();
    for (const [i, entry] of order) runs[i]!.push(await run(entry, effort, means));
  }
  const medians = runs.map(mediansOf);
  const noise = noiseOf(runs.flat(), navigator.hardwareConcurrency);
  const skipped = entries.length < scenario.entries.length ? "\n\nnats-server is not installed: skipped." : "";
  const byLabel = new Map(entries.map(({ label }, i) => [label, medians[i]!]));
  const sentence = `${what[0]!.toUpperCase()}${what.slice(1)}.`;
  return {
    section: `## ${name}\n\n${sentence}\n\n${tableOf(entries, runs, medians)}${skipped}\n\n${noise.text}\n`,
    verdicts: goals.map(({ level, what, judge }) => ({ scenario: name, level, what, finding: judge(byLabel) })),
    isBusy: noise.isBusy,
  };
}
