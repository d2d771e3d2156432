/**
 * `deno run tests/nightly/course.ts`: marks a course of twenty, most of which make trouble, kills the tool amid it (SIGKILL), lets it go on,
 * and prints what is not as it should be.
 *
 * @module
 */

import { KINDS, mistakesIn, processesIn, writeCourse } from "../submissions/course.ts";
import { programWords } from "../program.ts";

const encoder = new TextEncoder();

/** Says a line. */
function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** So long all of it may take on two cores, in milliseconds. */
const LONGEST = 5 * 60_000;

const root = await Deno.realPath(await Deno.makeTempDir());
const args = [
  ...["conform", "--submissions", "course", "--dialect", "relay", "--parallel", "2"],
  ...["--server-cmd", "python3 server.py {port}", "--build-cmd", "python3 build.py", "--build-timeout", "10s"],
  ...["--max-time", "60s", "--max-memory", "1G", "--max-processes", "60", "--max-disk", "100M"],
];
const mistakes: string[] = [];

function start(): Deno.ChildProcess {
  const [program, ...words] = programWords();
  return new Deno.Command(program, { args: [...words, ...args], cwd: root, stdout: "piped", stderr: "piped" }).spawn();
}

const began = performance.now();
try {
  await writeCourse(`${root}/course`, KINDS);
  const killed = start();
  let said = "";
  for await (const text of killed.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (/^8\/20 /m.test(said)) killed.kill("SIGKILL");
  }
  const output = await start().output();
  const { code: status } = output;
  const [stdout, stderr] = [output.stdout, output.stderr].map((bytes) => new TextDecoder().decode(bytes)) as [
    string,
    string,
  ];
  const took = performance.now() - began;
  say(`${stderr}${stdout}`);
  say(`${KINDS.length} submissions in ${(took / 1_000).toFixed(0)} s`);
  if (status !== 0) mistakes.push(`its exit status is ${status}`);
  const finished = Number(/(\d+) of 20 submissions are finished already/.exec(stderr)?.[1]);
  if (!(finished >= 8)) mistakes.push(`it does not go on: ${stderr}`);
  if (took > LONGEST) mistakes.push("it took more than five minutes");
  mistakes.push(...mistakesIn(await Deno.readTextFile(`${root}/marks/marks.json`), KINDS));
  mistakes.push(...(await processesIn(`${root}/course`)).map((one) => `left running: ${one}`));
} finally {
  await Deno.remove(root, { recursive: true });
}
for (const mistake of mistakes) say(mistake);
Deno.exit(mistakes.length === 0 ? 0 : 1);
