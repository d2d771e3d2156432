/**
 * `deno task bench [NAME…]`: measures, and prints medians with ratios. `--write` replaces bench/results.md; `--moment` runs
 * each scenario for a moment only, so that CI sees that it works.
 *
 * @module
 */

import { markdownTable } from "markdown-table";
import { count, middle, ratio } from "./figures.ts";
import { describeMachine } from "./machine.ts";
import { SINGLE_FIGURES } from "./single_figures.ts";
import { isInstalled, load, startServer } from "./processes.ts";
import { type Entry, LOAD_SCENARIOS, type LoadScenario, type Span } from "./scenarios.ts";
import type { Measured } from "./load/latencies.ts";

/** How thoroughly is measured. */
interface Effort {
  readonly span: Span;
  readonly repeats: number;
}

const THOROUGH: Effort = { span: { warmup: 1_000, duration: 3_000 }, repeats: 5 };
const MOMENT: Effort = { span: { warmup: 50, duration: 200 }, repeats: 1 };

async function measure(entry: Entry, span: Span): Promise<Measured> {
  await using server = await startServer(entry.server);
  const measured = await load(entry.job(server.port, span));
  return { ...measured, rate: measured.rate * (entry.factor ?? 1) };
}

async function loadSection(scenario: LoadScenario, { span, repeats }: Effort, hasNats: boolean): Promise<string> {
  const entries = scenario.entries.filter((entry) => hasNats || entry.server !== "nats");
  const measured = entries.map((): Measured[] => []);
  // Alternately, so that what the machine does besides falls on all alike.
  for (let round = 0; round < repeats; round++) {
    for (const [i, entry] of entries.entries()) measured[i]!.push(await measure(entry, span));
  }
  const rates = measured.map((runs) => middle(runs.map((run) => run.rate)));
  const rows = entries.map((entry, i) => [
    entry.label,
    count(rates[i]!.median),
    `± ${Math.round(rates[i]!.spread * 50)}%`,
    i === 0 ? "1" : ratio(rates[i]!.median / rates[0]!.median),
    count(middle(measured[i]!.map((run) => run.p50)).median),
    count(middle(measured[i]!.map((run) => run.p99)).median),
  ]);
  const table = markdownTable(
    [["", "messages/s", "spread", "ratio", "p50 µs", "p99 µs"], ...rows],
    { align: ["l", "r", "r", "r", "r", "r"] },
  );
  const skipped = entries.length < scenario.entries.length ? "\n\nnats-server is not installed: skipped." : "";
  return `## ${scenario.name}\n\n${scenario.what[0]!.toUpperCase()}${scenario.what.slice(1)}.\n\n${table}${skipped}\n`;
}

const flags = Deno.args.filter((arg) => arg.startsWith("--") && arg !== "--");
const names = Deno.args.filter((arg) => !arg.startsWith("--"));
const all = [...LOAD_SCENARIOS.map(({ name }) => name), ...SINGLE_FIGURES.map(({ name }) => name)];
const wrong = [
  ...flags.filter((flag) => flag !== "--write" && flag !== "--moment"),
  ...names.filter((name) => !all.includes(name)),
];
const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
if (wrong.length > 0) {
  say(`bench: ${wrong.join(" ")}: choose from ${all.join(", ")}, --moment, --write`);
  Deno.exit(2);
}
const effort = flags.includes("--moment") ? MOMENT : THOROUGH;
const chosen = (name: string) => names.length === 0 || names.includes(name);
const hasNats = await isInstalled("nats-server");
const sections: string[] = [];
for (const scenario of LOAD_SCENARIOS.filter(({ name }) => chosen(name))) {
  sections.push(await loadSection(scenario, effort, hasNats));
  say(sections.at(-1)!);
}
for (const figure of SINGLE_FIGURES.filter(({ name }) => chosen(name))) {
  sections.push(`## ${figure.name}\n\n${await figure.measure(effort === MOMENT)}\n`);
  say(sections.at(-1)!);
}
if (flags.includes("--write")) {
  const intro =
    `Medians of ${effort.repeats} runs of ${effort.span.duration / 1000} s, servers started fresh and measured ` +
    "alternately; ratios are against the first line of each table. `deno task bench --write` replaces this page.";
  const page = `# Results\n\n${await describeMachine()}\n\n${intro}\n\n${sections.join("\n")}`;
  Deno.writeTextFileSync(new URL("results.md", import.meta.url), page);
}
