import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { ChatError } from "../../../lib/core/error.ts";
import { REAL_WORLD } from "../../../lib/transport/real_world.ts";
import { loadLibrary } from "../../fixtures/library.ts";
import type { TargetRun } from "../../results/verdict.ts";
import { runTarget } from "../../run/run.ts";
import type { PlannedStep } from "../plan.ts";
import type { Shrunk } from "../shrinking/shrink.ts";
import { threadedGroup } from "../testing/threaded_group.ts";
import { threadedStream } from "../testing/threaded_streams.ts";
import type { Running } from "../../mutants/mutant.ts";
import { type RelayRace, threadedRelay } from "../testing/threaded_relay.ts";
import { TranscriptFolder } from "./transcript_folder.ts";

const SENDS: PlannedStep = {
  step: { kind: "send", to: 2, count: 1, size: 24, filling: "words" },
  at: 0,
  atBeat: false,
  pause: 0,
};
const SHRUNK = {
  script: [[SENDS], [SENDS], []],
  found: 7,
  runs: 10,
  finding: { clause: "concurrent-confirmed", text: "it was confirmed", at: 1, lives: [], sendings: [] },
} as unknown as Shrunk;

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await use(`${dir}/found`);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Uses a relay server that has a race, over real sockets. */
async function withServer<T>(race: RelayRace | undefined, use: (run: TargetRun) => Promise<T>): Promise<T> {
  return await withRunning("relay", threadedRelay(REAL_WORLD, race), use);
}

async function withRunning<T>(dialect: string, server: Running, use: (run: TargetRun) => Promise<T>): Promise<T> {
  try {
    const target = { dialect, ...server.endpoint };
    return await use({
      target,
      library: await loadLibrary(dialect, { dirs: [], embedded: false }),
      results: [],
      recorded: [],
      duration: 0,
    });
  } finally {
    await server.stop();
  }
}

async function verdicts(folder: string, { target }: TargetRun): Promise<string[]> {
  const library = await loadLibrary("relay", { dirs: [folder], embedded: false });
  const { results } = await runTarget(target, library, library.fixtures, {
    timeout: 2_000,
    jobs: 1,
    onResult: () => {},
  });
  return results.map(({ fixture, verdict }) => `${fixture.name}: ${verdict}`);
}

Deno.test("what clients can force is a fixture that fails against its server and passes against a right one", async () => {
  await withFolder(async (folder) => {
    const transcripts = await TranscriptFolder.open(folder);
    await withServer("wrong-acknowledgement", async (run) => {
      const said = await transcripts.write("relay/concurrent-confirmed", SHRUNK, { run, timeout: 2_000 });
      assertMatch(
        said,
        /^as a fixture, which fails each time: .*found\/relay\/concurrent-confirmed-forced\.chat \(the .* is held/,
      );
      assertEquals(await verdicts(folder, run), ["relay/concurrent-confirmed-forced: fail"]);
    });
    await withServer(undefined, async (run) => {
      assertEquals(await verdicts(folder, run), ["relay/concurrent-confirmed-forced: pass"]);
    });
    // Nothing is left of what was tried.
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["relay"]);
  });
});

Deno.test("what only threads that meet can show is no fixture, and what was tried is said", async () => {
  await withFolder(async (folder) => {
    const transcripts = await TranscriptFolder.open(folder);
    await withServer(undefined, async (run) => {
      const said = await transcripts.write("relay/concurrent-whole", SHRUNK, { run, timeout: 2_000 });
      assertMatch(
        said,
        /^no fixture was written: it takes threads that meet, .* Played one after the other \(passed\); /,
      );
      const again = await transcripts.write("relay/concurrent-whole", undefined, { run, timeout: 2_000 });
      assertEquals(again, "no fixture was written: it was not found again in a smaller run");
    });
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("what is lost where several join at one instant is a fixture in group", async () => {
  await withFolder(async (folder) => {
    const transcripts = await TranscriptFolder.open(folder);
    const joins = { ...SENDS, step: { kind: "join", group: 0 } as const };
    await withRunning("group", threadedGroup(REAL_WORLD, "lost-join"), async (run) => {
      const script = [[joins], [joins], [joins]];
      const said = await transcripts.write("group/concurrent-members", { ...SHRUNK, script }, { run, timeout: 400 });
      assertMatch(said, /^as a fixture, .*group\/concurrent-members-forced\.chat \(all join at one instant\)/);
    });
  });
});

Deno.test("where clients do not get in as fixtures have them come, no fixture blames what they do then", async () => {
  await withFolder(async (folder) => {
    const transcripts = await TranscriptFolder.open(folder);
    // Lists nobody on /users.
    await withRunning("slash", threadedStream(REAL_WORLD, "slash"), async (run) => {
      const said = await transcripts.write("slash/concurrent-confirmed", SHRUNK, { run, timeout: 200 });
      assertEquals(
        said,
        "no fixture was written: as fixtures have clients come, they do not get in; the fixtures say why",
      );
    });
    assertEquals([...Deno.readDirSync(folder)], []);
  });
});

Deno.test("a folder into which nothing can be written is told before anything is played", async () => {
  await withFolder(async (folder) => {
    const error = await assertRejects(() => TranscriptFolder.open(`${folder}/deeper`), ChatError);
    assertEquals(error.code, "unwritable");
    assert(error.message.includes("for fixtures cannot be written: the folder that it should be in is not there"));
  });
});
