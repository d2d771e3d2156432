/**
 * What courses take as it is (docs/course): the autograders, the workflows and the starters.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { load } from "js-yaml";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { programWords } from "./program.ts";

const COURSE = new URL("../docs/course/", import.meta.url);
const FILTER = ["--filter", "fixtures/room/greeting.chat", "--no-accommodate", "--timeout", "500ms"];
const HAS_SHELL = Deno.build.os !== "windows";

/** Greets, and is right as far as the filter goes. */
const GREETS = `import socketserver, sys
class Greets(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.sendall(b"Greetings from the ChatRoom! Now type your name and press enter!")
        while self.request.recv(4096):
            pass
socketserver.ThreadingTCPServer(("127.0.0.1", int(sys.argv[1])), Greets).serve_forever()
`;

function path(file: string): string {
  return new URL(file, COURSE).pathname;
}

/** Uses a folder with a submission, and \`chat\` on the path. */
async function withSubmission(
  server: string,
  use: (root: string, run: typeof runScript) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Promise.all(["bin", "submission"].map((name) => Deno.mkdir(`${root}/${name}`)));
    const words = programWords().map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    await Deno.writeTextFile(`${root}/bin/chat`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
    await Deno.writeTextFile(`${root}/grading.yaml`, "levels: { must: 4 }\n");
    await Deno.writeTextFile(`${root}/submission/server.py`, server);
    await use(root, runScript);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function runScript(root: string, command: string, args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: `${root}/submission`,
    env: { PATH: `${root}/bin:${Deno.env.get("PATH")}`, DIALECT: "room", NO_COLOR: "1", ...env },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout) + text.decode(stderr) };
}

const MARKING = needs(
  ["python3"],
  "Gradescope's and Classroom 50's autograders mark a right server and one to begin with",
);

Deno.test({
  ...MARKING,
  ignore: MARKING.ignore || !HAS_SHELL,
  fn: async () => {
    const gradescope = (server: string, grading?: string) => async () => {
      let results: { score?: number; tests?: { score: number; max_score: number; status: string }[] } = {};
      await withSubmission(server, async (root, run) => {
        const env = { AUTOGRADER: root, GRADING: grading ?? `${root}/grading.yaml` };
        await run(root, "sh", [path("marking/run_autograder"), ...FILTER], env);
        results = JSON.parse(await Deno.readTextFile(`${root}/results/results.json`));
      });
      return results;
    };
    const classroom = async () => {
      let [result, body, code] = [{} as Record<string, unknown>, "", -1];
      await withSubmission(await Deno.readTextFile(path("starter/server.py")), async (root, run) => {
        const args = [path("marking/autograder.py"), ...FILTER];
        ({ code } = await run(root, commandOf("python3")!, args, {
          CLASSROOM: "c",
          ASSIGNMENT: "a",
          SUBMISSION_TAG: "t",
        }));
        result = JSON.parse(await Deno.readTextFile(`${root}/submission/result.json`));
        body = await Deno.readTextFile(`${root}/submission/release-body.md`);
      });
      return { result, body, code };
    };
    const [right, unknown, { result, body, code }] = await Promise.all([
      gradescope(GREETS)(),
      gradescope(GREETS, "/nowhere/grading.yaml")(),
      classroom(),
    ]);
    assertEquals(right.tests?.map(({ score, max_score: most, status }) => [score, most, status]), [[4, 4, "passed"]]);
    assertEquals([unknown.score, unknown.tests], [0, undefined]);
    assertEquals(code, 0);
    const { classroom: of, assignment, submission, schema, score, "max-score": most, tests } = result;
    assertEquals([schema, of, assignment, submission, score, most], ["classroom50/result/v1", "c", "a", "t", 0, 2]);
    assertEquals(tests, [{ "test-name": "room/greeting", passed: false, score: 0, "max-score": 2 }]);
    assert(body.includes("room/greeting"), body);
  },
});

const STARTER = needs(["python3"], "the programs to begin with start, and are led to the first stage");

Deno.test({
  ...STARTER,
  ignore: STARTER.ignore || !HAS_SHELL,
  fn: async () => {
    const begin = await Deno.readTextFile(path("starter/server.py"));
    await withSubmission(begin, async (root, run) => {
      const files = ["client.py", "group_server.py", "group_client.py"].map((file) => path(`starter/${file}`));
      const read = "import ast, sys; [ast.parse(open(file).read()) for file in sys.argv[1:]]";
      assertEquals(await run(root, commandOf("python3")!, ["-c", read, ...files]), { code: 0, out: "" });
      const { code, out } = await run(root, "sh", [path("starter/check"), "relay", "server", "--timeout", "300ms"]);
      assertEquals(code, 1, out);
      assert(out.includes("NOT YET  1. Somebody registers"), out);
      assertEquals((await run(root, "sh", [path("starter/check"), "relay", "nobody"])).code, 2);
    });
  },
});

/** The shell lines of a workflow: what stands below `run` and `script`. */
function shellLines(workflow: unknown): string[] {
  if (Array.isArray(workflow)) return workflow.flatMap(shellLines);
  if (typeof workflow !== "object" || workflow === null) return [];
  return Object.entries(workflow).flatMap(([key, value]) =>
    key === "run" || key === "script" ? [value].flat().map(String) : shellLines(value)
  );
}

Deno.test({
  name: "the workflows are YAML, and their lines and scripts are fit for a shell",
  ignore: !HAS_SHELL,
  fn: async () => {
    const files = ["marking/github.yml", "marking/gitlab-ci.yml"];
    const workflows = await Promise.all(files.map(async (file) => load(await Deno.readTextFile(path(file)))));
    const lines = workflows.map(shellLines);
    assertEquals(lines.map((one) => one.some((line) => line.includes("chat conform"))), [true, true]);
    const scripts = ["marking/run_autograder", "marking/setup.sh", "starter/check"];
    const texts = [...lines.flat(), ...await Promise.all(scripts.map((file) => Deno.readTextFile(path(file))))];
    const root = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${root}/submission`);
      for (const text of texts) assertEquals((await runScript(root, "sh", ["-n", "-c", text])).out, "", text);
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});

Deno.test({
  name: "the starters' ./check takes options with the side or without it, and refuses another side",
  ignore: !HAS_SHELL,
  fn: async () => {
    await withSubmission(GREETS, async (root, run) => {
      await Deno.writeTextFile(`${root}/bin/chat`, '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
      const check = path("starter/check");
      const server = "conform --stages --dialect relay --server-cmd python3 server.py {port} --watch --timeout 2s\n";
      assertEquals((await run(root, check, ["relay", "--watch", "--timeout", "2s"])).out, server);
      assertEquals((await run(root, check, ["relay", "server", "--watch", "--timeout", "2s"])).out, server);
      const client = "conform --stages --dialect group --client-cmd python3 group_client.py {host} {port} {name}\n";
      assertEquals((await run(root, check, ["group", "client"])).out, client);
      assertEquals((await run(root, check, ["relay", "sever", "--watch"])).code, 2);
    });
  },
});
