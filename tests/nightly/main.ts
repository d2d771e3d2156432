/**
 * `deno task nightly [SCALE]`: what takes minutes or hours, and of which CI does one each: many seeds, long load, long fuzzing.
 * SCALE divides how many there are: `deno task nightly 100` shows in minutes that all of it runs.
 *
 * @module
 */

const encoder = new TextEncoder();

/** Says a line. */
function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** One thing to do; `args` are those of `deno`. */
interface Step {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Seeds begin anew each night, and each step says which failed. */
const BEGINNING = Math.floor(Date.now() / 1000) % 0x7fff_ffff;

const [argument = "1"] = Deno.args;
const scale = Number(argument);
if (!(scale >= 1)) {
  say(`usage: deno task nightly [SCALE], where SCALE is 1 or more, not ${JSON.stringify(argument)}`);
  Deno.exit(2);
}

function scaled(count: number): number {
  return Math.max(1, Math.round(count / scale));
}

function seeds(count: number): number[] {
  return Array.from({ length: scaled(count) }, (_, i) => BEGINNING + i);
}

/** How many steps go on at a time. */
const CORES = Math.max(1, navigator.hardwareConcurrency);

/** Tests of many clients at once whose names have these words, with so many seeds. */
function manyAtOnce(name: string, count: number, words: string): Step {
  const args = ["test", "--no-check", "--allow-all", "--filter", words, "conformance/stress/stress_test.ts"];
  return { name: `${name}, ${scaled(count)} seeds`, args, env: { STRESS_SEEDS: `${scaled(count)}` } };
}

const STEPS: readonly Step[] = [
  ...seeds(100).map((seed) => ({
    name: `the truth, seed ${seed}`,
    args: ["task", "--quiet", "simulate", "--seed", `${seed}`, "--messages", "50000"],
  })),
  {
    name: "the truth, a million messages",
    args: ["task", "--quiet", "simulate", "--messages", `${scaled(1_000_000)}`],
  },
  ...Array.from({ length: CORES }, (_, i) => {
    const share = scaled(1_000 / CORES);
    return {
      name: `right servers, ${share} seeds from ${BEGINNING + i * share}`,
      args: [
        "run",
        "--no-check",
        "--allow-all",
        "tests/nightly/right_servers.ts",
        `${BEGINNING + i * share}`,
        `${share}`,
      ],
    };
  }),
  {
    name: `clusters, ${scaled(1_000)} seeds from ${BEGINNING}`,
    args: ["run", "--no-check", "--allow-all", "tests/nightly/clusters.ts", `${BEGINNING}`, `${scaled(1_000)}`],
  },
  {
    name: "three servers and a nats-server that are killed, stopped and cut off",
    args: ["run", "--no-check", "--allow-all", "tests/nightly/real_cluster.ts", `${10 / scale}`],
  },
  {
    name: "a drill: reloads, certificates, denials, kicks and a drain under load, with metrics every second",
    args: ["run", "--no-check", "--allow-all", "tests/nightly/operations.ts", `${Math.max(5, 60 / scale)}`],
  },
  manyAtOnce("right servers under stress", 1_000, "is not blamed"),
  manyAtOnce("races in the simulation", 100, "is found out"),
  ...seeds(20).map((seed) => ({
    name: `the self-test, seed ${seed}`,
    args: ["task", "--quiet", "chat", "conform", "--self-test", "--seed", `${seed}`],
  })),
  ...Array.from({ length: CORES }, (_, i) => {
    const share = scaled(500 / CORES);
    return {
      name: `servers that are wrong in several ways, ${share} from ${BEGINNING + i * share}`,
      args: ["run", "--no-check", "--allow-all", "tests/nightly/combined.ts", `${BEGINNING + i * share}`, `${share}`],
    };
  }),
  { name: "a course of twenty", args: ["run", "--no-check", "--allow-all", "tests/nightly/course.ts"] },
  {
    name: "our own clients in a terminal, all fixtures",
    args: ["test", "--no-check", "--allow-all", "--filter", "our own", "tests/client_cmd_test.ts"],
    env: { CLIENT_FIXTURES: "all" },
  },
  { name: "fuzzing", args: ["task", "--quiet", "fuzz"] },
  { name: "load that must not make it grow", args: ["task", "--quiet", "soak", `${scaled(10)}`] },
];

async function run({ name, args, env = {} }: Step): Promise<boolean> {
  const began = performance.now();
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: { ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { success, stdout, stderr } = await command.output();
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  say(`${success ? "ok    " : "FAILED"}  ${name} (${seconds} s)`);
  if (!success) { for (const text of [stdout, stderr]) say(new TextDecoder().decode(text).trimEnd()); }
  return success;
}

let failed = 0;
const waiting = [...STEPS];
await Promise.all(Array.from({ length: CORES }, async () => {
  for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) if (!await run(step)) failed++;
}));
say(`${STEPS.length - failed} of ${STEPS.length} are green`);
Deno.exit(failed === 0 ? 0 : 1);
