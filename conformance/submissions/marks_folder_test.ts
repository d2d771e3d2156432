import { assertEquals, assertRejects } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { MarksFolder } from "./marks_folder.ts";
import type { SubmissionOutcome } from "./outcome.ts";
import { submissionsIn } from "./submission.ts";

const SETTINGS = { "the command": "python3 server.py {port}", "the grading": "1" };
const SUBMISSIONS = submissionsIn("/course", ["ann", "bob"]);
const [ANN, BOB] = [SUBMISSIONS[0]!, SUBMISSIONS[1]!];
const OUTCOME: SubmissionOutcome = {
  name: "ann",
  folder: "ann",
  ending: "played",
  conforms: true,
  points: 2,
  most: 2,
  clauses: {},
  causes: [],
  fixtures: 1,
  blocked: 0,
  sometimes: [],
  errors: [],
  duration: 5,
};

/** Has a folder in which `ann` is finished, and `bob` is not: half of it was written when the tool was killed. */
async function withHalf(use: (path: string) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    const path = `${parent}/marks`;
    using marks = await MarksFolder.open(path, SETTINGS, false);
    await marks.begin(SETTINGS, "levels: {}\n", SUBMISSIONS);
    for (const { folder } of SUBMISSIONS) await Deno.mkdir(`${path}/${folder}`);
    await marks.finish(OUTCOME);
    marks[Symbol.dispose]();
    await Deno.writeTextFile(`${path}/bob/outcome.json`, '{ "schema": "urn:chat:conform-subm');
    await use(path);
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

Deno.test("what is finished is known to the next run, and what is half written is not finished", async () => {
  await withHalf(async (path) => {
    using marks = await MarksFolder.open(path, SETTINGS, false);
    assertEquals(await marks.outcomeOf(ANN), OUTCOME);
    assertEquals(await marks.outcomeOf(BOB), undefined);
    assertEquals(await Deno.readTextFile(marks.grading), "levels: {}\n");
  });
});

Deno.test("marks of another run are refused, with what was different and what to do", async () => {
  await withHalf(async (path) => {
    const open = (settings: Record<string, string>) => MarksFolder.open(path, settings, false);
    await assertRejects(() => open({ ...SETTINGS, "the grading": "2" }), ChatError, "the grading was different");
    await assertRejects(() => open({ "the command": "x", "the fixtures": "1" }), ChatError, "--start-over");
    using again = await open(SETTINGS);
    assertEquals(await again.outcomeOf(ANN), OUTCOME);
  });
});

Deno.test("starting over leaves nothing of what was finished, also of another run", async () => {
  await withHalf(async (path) => {
    using marks = await MarksFolder.open(path, { "the command": "x" }, true);
    assertEquals(await marks.outcomeOf(ANN), undefined);
  });
});

Deno.test("a folder with something else in it is left alone, whatever is asked for", async () => {
  const path = await Deno.makeTempDir();
  await Deno.writeTextFile(`${path}/thesis.txt`, "years of work");
  for (const startsOver of [false, true]) {
    const error = await assertRejects(() => MarksFolder.open(path, SETTINGS, startsOver), ChatError, "thesis.txt");
    assertEquals(error.code, "usage");
  }
  assertEquals([...Deno.readDirSync(path)].map(({ name }) => name), ["thesis.txt"]);
  await Deno.remove(path, { recursive: true });
});
