/**
 * `deno task bench [NAME…]`: measures, and prints medians with ratios. `--write` replaces bench/results.md; `--moment` runs
 * each scenario for a moment only, so that CI sees that it works.
 *
 * @module
 */

import { markdownTable } from "markdown-table";
import { buildPrograms } from "./c/build.ts";
import { type Verdict, verdictCells } from "./goals.ts";
import { describeMachine } from "./machine.ts";
import { type Effort, measureScenario } from "./measure.ts";
import { isInstalled } from "./processes.ts";
import { LOAD_SCENARIOS } from "./scenarios.ts";
import { SINGLE_FIGURES } from "./single_figures.ts";

const THOROUGH: Effort = { span: { warmup: 1_000, duration: 3_000 }, repeats: 5, mostOthers: Infinity };
const MOMENT: Effort = { span: { warmup: 50, duration: 100 }, repeats: 1, mostOthers: 50 };

function verdictTable(verdicts: readonly Verdict[]): string {
  return markdownTable([["scenario", "", "goal", "measured", ""], ...verdicts.map(verdictCells)]);
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
const isMoment = flags.includes("--moment");
const effort = isMoment ? MOMENT : THOROUGH;
const chosen = (name: string) => names.length === 0 || names.includes(name);
const built = await buildPrograms();
await using programs = typeof built === "string" ? undefined : built;
if (programs === undefined && flags.includes("--write")) {
  say(`bench: --write would empty bench/results.md: ${built}`);
  Deno.exit(2);
}
const hasNats = await isInstalled("nats-server");
const sections: string[] = [];
const verdicts: Verdict[] = [];
const busy: string[] = [];
for (const scenario of LOAD_SCENARIOS.filter(({ name }) => chosen(name))) {
  if (programs === undefined) {
    say(`## ${scenario.name}\n\nSkipped: ${built}.\n`);
    continue;
  }
  const measured = await measureScenario(scenario, effort, { programs, hasNats });
  sections.push(measured.section);
  verdicts.push(...measured.verdicts);
  if (measured.isBusy) busy.push(scenario.name);
  say(measured.section);
}
for (const figure of SINGLE_FIGURES.filter(({ name }) => chosen(name))) {
  const measured = await figure.measure(isMoment, programs);
  sections.push(`## ${figure.name}\n\n${measured.text}\n`);
  verdicts.push(...measured.verdicts ?? []);
  say(sections.at(-1)!);
}
const worth = busy.length === 0
  ? ""
  : `**The machine was busy: the figures of ${busy.join(", ")} are worth nothing. Run them again on a quiet one.**\n`;
if (!isMoment) say(worth);
if (verdicts.length > 0 && !isMoment) say(`## Goals\n\n${verdictTable(verdicts)}\n`);
if (flags.includes("--write")) {
  const intro =
    `Medians of ${effort.repeats} runs of ${effort.span.duration / 1000} s, servers started fresh and measured ` +
    "alternately. **Processor time** is the server's, user and system, for each message: the figure of record, and the ratios " +
    "are its. Messages a second and latencies stand beside it; they are those of a server that shares the machine with " +
    "the load generator (one thread in C, over epoll), of whose core `generator` says how much it took. The byte relay in C " +
    "does nothing but copy: the limit of what sockets allow. `deno task bench --write` replaces this page.";
  const goals = verdicts.length === 0 ? "" : `## Goals\n\n${verdictTable(verdicts)}\n\n`;
  const page = `# Results\n\n${await describeMachine()}\n\n${worth === "" ? "" : `${worth}\n`}${intro}\n\n${goals}${
    sections.join("\n")
  }`;
  Deno.writeTextFileSync(new URL("results.md", import.meta.url), page);
}
