import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import manifest from "../deno.json" with { type: "json" };
import { needs } from "../conformance/testing/needed_programs.ts";
import { type Finished, programWords, runProgram } from "./program.ts";

/** That a run failed as it should: with this status, one line on standard error, and no stack trace. */
function assertComplains(finished: Finished, status: number, complaint: string | RegExp): void {
  const { stderr } = finished;
  assertEquals(finished, { status, stdout: "", stderr });
  assertMatch(stderr, /^chat: [^\n]+\n$/);
  if (typeof complaint === "string") assertStringIncludes(stderr, complaint);
  else assertMatch(stderr, complaint);
}

Deno.test("--version tells the version", async () => {
  assertEquals(await runProgram(["--version"]), { status: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

Deno.test("--help tells what there is", async () => {
  const { status, stdout, stderr } = await runProgram(["--help"]);
  assertEquals([status, stderr], [0, ""]);
  for (const word of ["serve", "connect", "conform", "completion", "--version"]) assertStringIncludes(stdout, word);
});

Deno.test("nothing in a pipe is coloured", async () => {
  const { stdout } = await runProgram(["serve", "--help"], "", { env: { FORCE_COLOR: "1" } });
  assert(!stdout.includes("\x1b"));
});

Deno.test("wrong usage is told in one line that helps, with exit status 2", async (t) => {
  const cases: readonly [line: string, complaint: string][] = [
    ["", "say what to do: serve, connect or conform"],
    ["serv", "Did you mean `serve`?"],
    ["serve --hots ::1", "`--host`"],
    ["serve --relay 70000", "write 1 to 65535"],
    ["serve --ack-timeout 5", "write a number with ms, s, m or h"],
    ["serve --ack-timeout -5s", "--ack-timeout"],
    ["serve --max-message 1GB", "write a whole number"],
    ["connect --dialect klingon alice", 'unknown dialect "klingon": choose relay'],
    ["connect --server example:http alice", "write HOST, HOST:PORT"],
    ["conform --target :4000", "write HOST, HOST:PORT"],
    ["completion tcsh", 'unsupported shell "tcsh"'],
  ];
  for (const [line, complaint] of cases) {
    await t.step(`chat ${line}`, async () => {
      assertComplains(await runProgram(line.split(" ").filter((word) => word !== "")), 2, complaint);
    });
  }
});

Deno.test("what was typed reaches the terminal escaped", async () => {
  const { status, stderr } = await runProgram(["\x1b]0;owned\x07\n"]);
  assertEquals(status, 2);
  assertMatch(stderr, /^[^\x00-\x09\x0b-\x1f]*\n$/);
});

Deno.test("CHAT_DEBUG=1 adds the stack", async () => {
  const { stderr } = await runProgram(["serv"], "", { env: { CHAT_DEBUG: "1" } });
  assertMatch(stderr, /\n {4}at .*\n/);
});

Deno.test("a reader that goes away is told nothing more", async () => {
  const [path, ...words] = programWords();
  const command = new Deno.Command(path, { args: [...words, "--help"], stdout: "piped", stderr: "piped" });
  const program = command.spawn();
  await program.stdout.cancel();
  const [{ code }, stderr] = await Promise.all([program.status, program.stderr.text()]);
  assertEquals({ code, stderr }, { code: 141, stderr: "" });
});

if (Deno.build.os !== "windows") {
  Deno.test({
    ...needs(["bash"], "bash completes commands, options and values with the script that the program prints"),
    fn: async (t) => {
      const { stdout: script } = await runProgram(["completion", "bash"]);
      const cases: readonly [line: string, completed: string][] = [
        ["chat con", "connect conform"],
        ["chat serve --relay-", "--relay-send"],
        ["chat serve --log-level ", "debug info warning error"],
      ];
      for (const [line, completed] of cases) {
        await t.step(line, async () => {
          const complete = `eval "$1"; COMP_LINE=$2; shift 2; PROGRAM=("$@"); chat() { "\${PROGRAM[@]}" "$@"; }
          COMP_POINT=\${#COMP_LINE}; read -ra COMP_WORDS <<<"$COMP_LINE"
          case $COMP_LINE in *" ") COMP_WORDS+=("");; esac; COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
          _chat chat "\${COMP_WORDS[COMP_CWORD]}"; echo "\${COMPREPLY[@]}"`;
          const bash = new Deno.Command("bash", { args: ["-c", complete, "bash", script, line, ...programWords()] });
          const { stdout, stderr } = await bash.output();
          assertEquals([stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)), [`${completed}\n`, ""]);
        });
      }
    },
  });

  for (const shell of ["zsh", "fish"] as const) {
    Deno.test({
      ...needs([shell], `the completion script of ${shell} is sound`),
      fn: async () => {
        const { stdout } = await runProgram(["completion", shell]);
        const check = new Deno.Command(shell, { args: ["-n"], stdin: "piped" }).spawn();
        await ReadableStream.from([stdout]).pipeThrough(new TextEncoderStream()).pipeTo(check.stdin);
        assertEquals((await check.status).code, 0);
      },
    });
  }
}
