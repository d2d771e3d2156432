import { assert, assertEquals, assertMatch } from "@std/assert";
import { REAL_WORLD } from "../../lib/transport/real_world.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { runTarget } from "../run/run.ts";
import type { Failure } from "../play/failure.ts";
import { select } from "../fixtures/filter.ts";
import { withNeeds } from "../self_test/play.ts";
import type { Result } from "../results/verdict.ts";
import { needs } from "../testing/needed_programs.ts";
import { python } from "./testing/python.ts";
import { isCarried, Reproducers } from "./reproducers.ts";

const SETTINGS = { ackTimeout: 1_000, maxMessage: 65_536 };
/** Wrong servers often fail by not answering; but what they do answer must not come late on a busy machine. */
const TIMEOUT = 2_000;
/** So long does a script wait between two segments, in seconds, which would otherwise arrive as one on a busy machine. */
const GAP = 0.5;

/** What is tried of each dialect: a clause, and whose failures of it are played again. */
const TRIED = [
  { clause: "relay/send-unknown", words: /confirms messages to nobody/ },
  { clause: "relay/stream-split", words: /./, variant: "in other segments" },
  { clause: "frame/assign-range", words: /./ },
  { clause: "slash/help", words: /./ },
  { clause: "group/register", words: /welcomes in other words/ },
  { clause: "room/welcome", words: /welcomes in other words/ },
];

/** Fixtures with all kinds of steps between them. */
const PASSING: Readonly<Record<string, readonly string[]>> = {
  relay: ["relay/broadcast-confirmed", "relay/broadcast", "relay/register-release", "relay/register-taken-tosend"],
  frame: ["frame/assign-reuse-several", "frame/forward-many", "frame/notice-absent", "frame/leave-while-sent-to"],
  slash: ["slash/dm", "slash/quit-users"],
  group: ["group/list", "group/send-text", "group/register-taken-holder"],
  room: ["room/joined-everyone"],
};

/** The first failure of a clause's own fixtures against a server, and a script for it. */
async function reproduce(
  dialect: string,
  clause: string,
  isVariant: boolean,
  endpoint: { readonly hostname: string; readonly port: number },
  folder: string,
): Promise<{ readonly result: Result; readonly script: string }> {
  const library = await loadLibrary(dialect, { dirs: [], embedded: true });
  const fixtures = withNeeds(select(library.fixtures, [clause]), library);
  const target = { dialect, ...endpoint };
  const options = { timeout: TIMEOUT, jobs: 8, segmentation: isVariant, seed: 1, onResult: () => {} };
  const { results, recorded } = await runTarget(target, library, fixtures, options);
  const result = results.find(({ fixture, verdict }) => {
    return verdict === "fail" && fixture.clause.slug === clause && (fixture.variation !== undefined) === isVariant;
  });
  assert(result !== undefined, `${clause} does not fail`);
  const reproducers = await Reproducers.open(folder);
  const context = { target, tls: false, timeout: TIMEOUT, recorded, began: new Date() };
  const scripts = await reproducers.write([result!], context);
  return { result: result!, script: scripts.get(result!)! };
}

async function widenGaps(script: string): Promise<void> {
  const text = await Deno.readTextFile(script);
  const patient = text.replace(/^GAP = \S+/m, `GAP = ${GAP}`);
  assert(patient !== text);
  await Deno.writeTextFile(script, patient);
}

/** Whether a script's output says that it failed at the line, or in the expression, above which it says that the runner did. */
function failsWhereItFailed(script: string, out: string): boolean {
  const line = Number(/\nThis server fails at line (\d+): /.exec(out)?.[1]);
  const lines = script.split("\n");
  const begin = lines.findLastIndex((text, i) => i < line && text.trim().startsWith("# Here it failed: ")) + 1;
  const isOne = !lines[begin]!.endsWith("first_of(");
  const end = isOne ? begin : lines.findIndex((text, i) => i > begin && text.trim() === ")");
  return begin > 0 && begin < line && line <= end + 1;
}

for (const { clause, words, variant } of TRIED) {
  const dialect = clause.replace(/\/.*/, "");
  Deno.test({
    ...needs(
      ["python3"],
      `the script of a failure of ${clause}${variant === undefined ? "" : ` ${variant}`} fails in the same way, ` +
        "and passes with a server that is right",
    ),
    fn: async () => {
      const { mutants, right } = MUTANT_SETS.find((cast) => cast.dialect === dialect)!;
      const wrong = mutants.find((mutant) => mutant.clause === clause && words.test(mutant.words))!.start(
        SETTINGS,
        REAL_WORLD,
      );
      const ours = right[0]!.start(SETTINGS, REAL_WORLD);
      const folder = await Deno.makeTempDir();
      try {
        const { script } = await reproduce(dialect, clause, variant !== undefined, wrong.endpoint, folder);
        if (variant !== undefined) await widenGaps(script);
        const failed = await python([script]);
        assertEquals([failed.status, failed.err], [1, ""], failed.out);
        assert(failsWhereItFailed(await Deno.readTextFile(script), failed.out), failed.out);
        const elsewhere = `127.0.0.1:${ours.endpoint.port}`;
        const passed = await python([script, elsewhere, "--timeout", "5"]);
        assertEquals([passed.status, passed.err], [0, ""], passed.out);
        assertMatch(passed.out, /\nAll of it came true: this server passes\.\n$/);
      } finally {
        await Promise.all([wrong.stop(), ours.stop(), Deno.remove(folder, { recursive: true })]);
      }
    },
  });
}

for (const { dialect, right } of MUTANT_SETS.filter(({ dialect }) => !isCarried(dialect))) {
  Deno.test({
    ...needs(["python3"], `the scripts of fixtures of ${dialect} that our server passes come true with it`),
    fn: async () => {
      const ours = right[0]!.start(SETTINGS, REAL_WORLD);
      const folder = await Deno.makeTempDir();
      try {
        const target = { dialect, ...ours.endpoint };
        const library = await loadLibrary(dialect, { dirs: [], embedded: true });
        const fixtures = PASSING[dialect]!.flatMap((name) => {
          const found = library.fixtures.filter((fixture) =>
            fixture.name === name || fixture.name.startsWith(`${name}.`)
          );
          assert(found.length > 0, `there is no ${name}`);
          return found;
        });
        const results = fixtures.map((fixture): Result => ({ fixture, verdict: "fail", chosen: [], duration: 0 }));
        const reproducers = await Reproducers.open(folder);
        const context = { target, tls: false, timeout: 5_000, recorded: [], began: new Date() };
        for (const script of (await reproducers.write(results, context)).values()) {
          const { status, out, err } = await python([script]);
          assertEquals([status, err], [0, ""], out);
        }
      } finally {
        await Promise.all([ours.stop(), Deno.remove(folder, { recursive: true })]);
      }
    },
  });
}

Deno.test({
  ...needs(
    ["python3"],
    "the script of a choice that was made in two ways fails where it is made otherwise than elsewhere",
  ),
  fn: async () => {
    const ours = MUTANT_SETS.find(({ dialect }) => dialect === "relay")!.right[0]!.start(SETTINGS, REAL_WORLD);
    const folder = await Deno.makeTempDir();
    try {
      const library = await loadLibrary("relay", { dirs: [], embedded: true });
      const made: readonly (readonly [name: string, choice: string, value: string, other: string])[] = [
        ["relay/send-confirmed", "success", "SENT", "SEND"],
        ["relay/broadcast-alone", "broadcast-alone", "refused", "confirmed"],
        ["relay/register-taken-tosend", "taken-tosend", "100", "999"],
      ];
      for (const [name, choice, value, other] of made) {
        const fixture = library.fixtures.find((fixture) => fixture.name === name)!;
        const { place } = fixture.steps[0]!;
        const chosen = [{ choice, value, place }];
        const failure: Failure = { kind: "inconsistent", place, step: "", reason: "", attempts: [] };
        const result: Result = { fixture, verdict: "fail", failure, chosen, duration: 0 };
        for (const agreed of [value, other]) {
          const context = {
            target: { dialect: "relay", ...ours.endpoint },
            tls: false,
            timeout: 5_000,
            recorded: [{ choice, value: agreed }],
            began: new Date(),
          };
          const scripts = await (await Reproducers.open(folder)).write([result], context);
          const { status, out, err } = await python([scripts.get(result)!]);
          assertEquals([status, err], [agreed === value ? 0 : 1, ""], out);
          if (agreed !== value) assert(out.includes(`${choice} is ${agreed} elsewhere`), out);
        }
      }
    } finally {
      await Promise.all([ours.stop(), Deno.remove(folder, { recursive: true })]);
    }
  },
});

Deno.test({
  ...needs(["python3"], "a script says with its exit status that nobody is there"),
  fn: async () => {
    const { mutants } = MUTANT_SETS.find((cast) => cast.dialect === "slash")!;
    const wrong = mutants.find((mutant) => mutant.clause === "slash/help")!.start(SETTINGS, REAL_WORLD);
    const folder = await Deno.makeTempDir();
    try {
      const { script } = await reproduce("slash", "slash/help", false, wrong.endpoint, folder);
      const { status, err } = await python([script, "127.0.0.1:1", "--timeout", "5"]);
      assertEquals(status, 3);
      assertMatch(err, /^alice cannot be connected to 127\.0\.0\.1:1: [^\n]+\n$/);
    } finally {
      await Promise.all([wrong.stop(), Deno.remove(folder, { recursive: true })]);
    }
  },
});
