/**
 * What others use on GitHub: the action's script, as its steps run it, and that the workflows are what GitHub reads.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { load } from "js-yaml";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { programWords } from "./program.ts";

const ROOT = new URL("../", import.meta.url);
const SERVER = new URL("fakes/relay_server.py", import.meta.url).pathname;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function read<Document>(file: string): Document {
  return load(Deno.readTextFileSync(new URL(file, ROOT))) as Document;
}

Deno.test("each step of the action and of the workflows runs something, and the action's are given all of its inputs", () => {
  const action = read<{ inputs: Record<string, unknown>; runs: { steps: Step[] } }>("action.yml");
  const given = action.runs.steps.flatMap(({ env = {} }) => Object.values(env));
  for (const input of Object.keys(action.inputs)) assert(given.includes(`\${{ inputs.${input} }}`), input);
  const workflows = ["check", "release"].map((name) =>
    read<{ jobs: Record<string, { steps: Step[] }> }>(`.github/workflows/${name}.yml`)
  );
  const steps = [
    ...action.runs.steps,
    ...workflows.flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps)),
  ];
  for (const { uses, run } of steps) assert((uses === undefined) !== (run === undefined), `${uses} ${run}`);
});

Deno.test({
  ...needs(["bash", "python3"], "the action tells of a wrong server in annotations, a summary and a page, and fails"),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const words = programWords().map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
      await Deno.writeTextFile(`${folder}/chat`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
      const act = async (fault: string) => {
        const { code, stdout } = await new Deno.Command("bash", {
          args: [new URL("packaging/action/conform.sh", ROOT).pathname],
          env: {
            CHAT_PROGRAM: `${folder}/chat`,
            CHAT_DIALECT: "relay",
            CHAT_SERVER_CMD: `${commandOf("python3")} ${SERVER} {port} ${fault}`,
            CHAT_OPTIONS: "--filter 'send-u*'",
            CHAT_STRICT: "true",
            RUNNER_TEMP: folder,
            GITHUB_STEP_SUMMARY: `${folder}/summary`,
            GITHUB_OUTPUT: `${folder}/output`,
          },
        }).output();
        return { code, said: new TextDecoder().decode(stdout) };
      };
      const right = await act("");
      assertEquals(right.code, 0, right.said);
      const wrong = await act("confirms");
      assertEquals(wrong.code, 1, wrong.said);
      assertMatch(wrong.said, /^::error .*relay\/send-unknown/m);
      assertMatch(await Deno.readTextFile(`${folder}/summary`), /relay\/send-unknown/);
      const [, report] = /^report=(.*)$/m.exec(await Deno.readTextFile(`${folder}/output`))!;
      assertMatch(await Deno.readTextFile(report!), /<!doctype html>/i);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
