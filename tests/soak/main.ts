/**
 * `deno task soak [MINUTES]`: steady load from all dialects on a server in a process of its own, whose memory must not grow
 * steadily; then a million messages in the simulation.
 *
 * @module
 */

import { DIALECTS } from "../../lib/dialects/registry.ts";
import { startServer } from "../program.ts";
import { type Counts, Crowd } from "./crowd.ts";
import { growsSteadily, leastOfParts, residentMemory } from "./memory.ts";

const MINUTES = Number(Deno.args[0] ?? 5);
/** How many users of each dialect talk at a time. */
const USERS = 10;
const SAMPLES = 200;
const ROOT = new URL("../../", import.meta.url);

const inMegabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Loads a server and gives the samples of its memory. */
async function soak(): Promise<number[]> {
  const { server, ports } = await startServer("--log-level", "error", "--drain-timeout", "5s");
  await using _ = server;
  const counts: Counts = { entered: 0, received: 0, arrivals: 0 };
  const crowds = DIALECTS.map(({ name }) => new Crowd(name, { hostname: "127.0.0.1", port: ports.get(name)! }, counts));
  const lives = crowds.map((crowd) => crowd.live(USERS));
  const samples: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    await new Promise((resolve) => setTimeout(resolve, MINUTES * 60_000 / SAMPLES));
    samples.push(await residentMemory(server.pid));
  }
  for (const crowd of crowds) crowd.end();
  await Promise.all(lives);
  server.signal("SIGTERM");
  const { status, stdout, stderr } = await server.finished();
  say(
    `soak: ${MINUTES} min, ${counts.arrivals} arrivals, ${counts.entered} lines, ${counts.received} messages received`,
  );
  say(stdout.split("\n").filter((line) => line.includes(" accepted ")).join("\n"));
  if (stderr !== "") say(stderr);
  if (status !== 0) throw new Error(`the server ended with exit status ${status}`);
  if (/ on their way [1-9]/.test(stdout)) throw new Error("the books do not balance");
  if (counts.received === 0) throw new Error("nothing was received: there was no load");
  return samples;
}

// Less is all warming up, in which memory does grow.
if (!(MINUTES >= 1)) throw new Error("say for how many minutes, 1 or more: deno task soak 5");
const samples = await soak();
const least = leastOfParts(samples);
say(
  `memory, MB: most ${inMegabytes(Math.max(...samples))}, the least of each quarter ${
    least.map(inMegabytes).join(" ")
  }`,
);
if (growsSteadily(samples)) {
  say("FAILED: memory grows steadily under a steady load");
  Deno.exit(1);
}
const simulation = new Deno.Command(Deno.execPath(), {
  args: ["run", "--no-check", "--quiet", "--no-prompt", "tests/simulation/main.ts"],
  cwd: ROOT,
});
Deno.exit((await simulation.spawn().status).code);
