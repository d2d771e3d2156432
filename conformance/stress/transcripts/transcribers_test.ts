import { assert, assertEquals } from "@std/assert";
import { loadLibrary } from "../../fixtures/library.ts";
import { MUTANT_SETS } from "../../mutants/mutant_sets.ts";
import type { Extra } from "../../mutants/mutant_set.ts";
import type { Running, ServerSettings } from "../../mutants/mutant.ts";
import { ServingDialect } from "../../mutants/serving.ts";
import { SlashServer } from "../../../lib/dialects/slash/server.ts";
import type { Surroundings } from "../../../lib/core/runtime.ts";
import { play } from "../../self_test/play.ts";
import type { PlannedStep, UserStep } from "../plan.ts";
import type { UserScript } from "../shrinking/script.ts";
import type { Transcriber } from "./transcriber.ts";
import { TRANSCRIBERS } from "./transcribers.ts";

function step(step: UserStep, at = 0): PlannedStep {
  return { step, at, atBeat: false, pause: 0 };
}

function sends(to: number | "all" | "nobody", at = 0, count = 1): PlannedStep {
  return step({ kind: "send", to, count, size: 24, filling: "words" }, at);
}

type Scripts = Readonly<Record<string, UserScript>>;
const TO_ALL: Scripts = {
  "two to all, and one to nobody": [[sends("all")], [sends("all", 1)], [sends("nobody")]],
  "two send to all": [[sends("all")], [sends("all")], []],
  "one leaves while another sends to all": [[step({ kind: "return", as: "own", by: "leave" })], [sends("all")], []],
  "one breaks off while two send to all": [
    [step({ kind: "return", as: "own", by: "reset" })],
    [sends("all", 1)],
    [sends("all", 1)],
  ],
};
const joins = (group: number, at = 0) => step({ kind: "join", group }, at);
const IN_GROUPS: Scripts = {
  "three join": [[joins(0)], [joins(0)], [joins(0)]],
  "they join, go to another group, leave, and ask": [
    [joins(0), joins(1, 3), step({ kind: "members", group: 1 }, 5)],
    [joins(0, 1), step({ kind: "leave", group: 0 }, 4), step({ kind: "leave", group: 0 }, 6)],
    [joins(1, 2), sends("all", 7)],
  ],
  "they send in a group, and one comes back": [
    [joins(0), sends("all", 3)],
    [joins(0, 1), sends("all", 3), step({ kind: "return", as: "own", by: "leave" }, 4)],
  ],
};
const TO_ONE: Scripts = {
  "three send to one": [[sends(3)], [sends(3)], [sends(3)], []],
  "one sends two and another one, to the same": [[sends(2, 0, 2)], [sends(2)], []],
  "one sends three to another": [[sends(1, 0, 3)], []],
  "somebody breaks off and is sent to": [
    [step({ kind: "return", as: "own", by: "reset" })],
    [sends(0, 5), step({ kind: "return", as: "own", by: "half-close" }, 6), sends(0, 7)],
    [step({ kind: "return", as: "own", by: "cut" }, 8), sends(1, 9)],
  ],
};
const TO_LEAVERS: Scripts = {
  "one breaks off and is sent to at once": [[sends(1, 3)], [step({ kind: "return", as: "own", by: "reset" })]],
  "one is sent to and breaks off": [[sends(1)], [step({ kind: "return", as: "own", by: "reset" })]],
  "one leaves and is sent to at once by two": [
    [sends(1, 3)],
    [step({ kind: "return", as: "own", by: "leave" })],
    [sends(1, 3)],
  ],
};
const NAMES: Scripts = {
  "two want one name": [
    [step({ kind: "return", as: 1, by: "leave" })],
    [step({ kind: "return", as: 1, by: "leave" })],
  ],
};

/** What each dialect is asked to write down. */
const SCRIPTS: Readonly<Record<string, Scripts>> = {
  relay: { ...TO_ALL, ...TO_ONE, ...TO_LEAVERS, ...NAMES },
  frame: { ...TO_ONE, ...TO_LEAVERS },
  slash: { ...TO_ALL, ...TO_ONE, ...TO_LEAVERS },
  room: TO_ALL,
  group: IN_GROUPS,
};

function rightServers(name: string): readonly Extra[] {
  return MUTANT_SETS.find(({ dialect }) => dialect === name)!.right;
}

/** Plays all candidates for a script against servers; says which did not pass. */
async function failing(
  { dialect, candidates: write }: Transcriber,
  servers: readonly Extra[],
  script: UserScript,
  wrong: string,
): Promise<string[]> {
  const dir = await Deno.makeTempDir();
  try {
    const candidates = write(script, wrong);
    assert(candidates.length > 0);
    for (const [i, { title, setUp, steps }] of candidates.entries()) {
      const text = `title: ${title}\nclause: ${dialect}/concurrent-whole\n\n${[...setUp, ...steps].join("\n")}\n`;
      await Deno.writeTextFile(`${dir}/candidate-${i}.chat`, text);
    }
    const library = await loadLibrary(dialect, { dirs: [dir], embedded: false, isStress: true });
    assertEquals(library.fixtures.length, candidates.length);
    const results = await Promise.all(servers.map(async (server) => {
      const played = await play(server, library, library.fixtures, { seed: 1, jobs: 1 });
      return played.filter(({ verdict }) => verdict !== "pass").map(({ fixture, failure, reason }) =>
        `${server.words}: ${fixture.name}: ${failure?.step}: ${failure?.reason ?? reason}`
      );
    }));
    return results.flat();
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

for (const transcriber of TRANSCRIBERS) {
  const { dialect } = transcriber;
  for (const [words, script] of Object.entries(SCRIPTS[dialect]!)) {
    Deno.test(`as transcripts of ${dialect}, ${words}: whoever is right passes them`, async () => {
      assertEquals(await failing(transcriber, rightServers(dialect), script, "x was given y (TOSEND)"), []);
      if (script === NAMES[words]) {
        assertEquals(await failing(transcriber, rightServers(dialect), script, "x was given y (TORECV)"), []);
      }
    });
  }
}

/** Ours, but what goes to all just when somebody has broken off reaches nobody: the first recipient that is gone ends it. */
function forgetful(settings: ServerSettings, surroundings: Surroundings): Running {
  let isLost = false;
  return new ServingDialect(
    (context) => new SlashServer(context),
    settings,
    surroundings,
    (behave) => (link) => {
      const write = link.write.bind(link);
      link.write = (bytes) => {
        const isMessage = new TextDecoder().decode(bytes).includes("aaaaaaaa");
        return isMessage && isLost ? true : write(bytes);
      };
      const handler = behave(link);
      return {
        receive: (bytes) => handler.receive(bytes),
        ended: () => handler.ended(),
        closed: (reason) => {
          isLost = true;
          handler.closed(reason);
        },
      };
    },
  );
}

Deno.test("a server that is wrong while somebody breaks off fails what it is made to do then", async () => {
  const slash = TRANSCRIBERS.find(({ dialect }) => dialect === "slash")!;
  const script = TO_ALL["one breaks off while two send to all"]!;
  const failures = await failing(slash, [{ words: "forgets", start: forgetful }], script, "it did not arrive");
  assertEquals(failures.map((failure) => failure.match(/candidate-\d/)?.[0]), [
    "candidate-0",
    "candidate-1",
    "candidate-2",
  ]);
});
