import { assert, assertEquals, assertMatch } from "@std/assert";
import { loadLibrary } from "../fixtures.ts";
import { CASTS } from "../mutants/casts.ts";
import { runTarget } from "../run.ts";
import { select } from "../select.ts";
import { withNeeds } from "../self_test/play.ts";
import type { Result } from "../verdict.ts";
import { needs } from "../needed_programs.ts";
import { python } from "./python_for_tests.ts";
import { Reproducers } from "./reproducers.ts";

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
  const circumstances = { target, tls: false, timeout: TIMEOUT, recorded, began: new Date() };
  const scripts = await reproducers.write([result!], circumstances);
  return { result: result!, script: scripts.get(result!)! };
}

async function widenGaps(script: string): Promise<void> {
  const text = await Deno.readTextFile(script);
  const patient = text.replace(/^GAP = .*$/m, `GAP = ${GAP}`);
  assert(patient !== text);
  await Deno.writeTextFile(script, patient);
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
      const { mutants, right } = CASTS.find((cast) => cast.dialect === dialect)!;
      const wrong = mutants.find((mutant) => mutant.clause === clause && words.test(mutant.words))!.start(SETTINGS);
      const ours = right[0]!.start(SETTINGS);
      const folder = await Deno.makeTempDir();
      try {
        const { result, script } = await reproduce(dialect, clause, variant !== undefined, wrong.endpoint, folder);
        await widenGaps(script);
        const failed = await python([script]);
        assertEquals([failed.status, failed.err], [1, ""], failed.out);
        const reason = result.failure!.reason.replace("no line expects", "no step expects");
        assert(failed.out.includes(`\nThis server fails: ${reason}.\n`), `${reason}, but:\n${failed.out}`);
        const elsewhere = `127.0.0.1:${ours.endpoint.port}`;
        const passed = await python([script, elsewhere, "--timeout", "20"]);
        assertEquals([passed.status, passed.err], [0, ""], passed.out);
        assertMatch(passed.out, /\nAll of it came true: this server passes\.\n$/);
      } finally {
        await Promise.all([wrong.stop(), ours.stop(), Deno.remove(folder, { recursive: true })]);
      }
    },
  });
}

Deno.test({
  ...needs(["python3"], "a script says with its exit status that nobody is there"),
  fn: async () => {
    const { mutants } = CASTS.find((cast) => cast.dialect === "slash")!;
    const wrong = mutants.find((mutant) => mutant.clause === "slash/help")!.start(SETTINGS);
    const folder = await Deno.makeTempDir();
    try {
      const { script } = await reproduce("slash", "slash/help", false, wrong.endpoint, folder);
      const { status, err } = await python([script, "127.0.0.1:1", "--timeout", "20"]);
      assertEquals(status, 3);
      assertMatch(err, /^alice cannot be connected to 127\.0\.0\.1:1: [^\n]+\n$/);
    } finally {
      await Promise.all([wrong.stop(), Deno.remove(folder, { recursive: true })]);
    }
  },
});
