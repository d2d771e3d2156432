import { assert, assertEquals, assertMatch } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { runProgram } from "./program.ts";

const PYTHON = commandOf("python3");
const SERVER = new URL("fakes/relay_server.py", import.meta.url).pathname;

/** Tests a server in Python, which is started for that, with these faults. */
function conform(faults: readonly string[], ...options: readonly string[]) {
  const command = `${PYTHON} '${SERVER}' {port} ${faults.join(" ")}`;
  return runProgram(["conform", "--server-cmd", command, "--timeout", "2s", "--verbose", ...options]);
}

Deno.test({
  ...needs(
    ["python3"],
    "a Python server with three faults is started, each fault is found and named, and it is started again when it dies",
  ),
  fn: async () => {
    const clauses = ["register-to*", "send-un*", "send-confirmed", "body-exact", "header-no-length"];
    const { status, stdout, stderr } = await conform(
      ["characters", "confirms", "dies"],
      ...clauses.flatMap((clause) => ["--filter", clause]),
    );
    assertEquals([status, stderr], [1, ""], stdout);
    assertMatch(
      stdout,
      /^relay at 127\.0\.0\.1:\d+, \d+ fixtures\nstarted: [^\n]+\nrelay, because it waits for its client/,
    );
    for (const clause of ["relay/body-exact", "relay/send-unknown", "relay/header-no-length"]) {
      assertMatch(stdout, new RegExp(`^FAIL +must +${clause} `, "m"));
    }
    assertMatch(
      stdout,
      /FAIL {2}relay\/header-no-length[^\n]+\n[^]*?the server has crashed: it ended with exit status 1/,
    );
    assertMatch(stdout, /the server's last output:\n +listening\n +KeyError: 'Content-length'\n/);
    assertMatch(stdout, /^pass +must +relay\/send-unicast/m);
    assertMatch(stdout, /^does not conform to relay/m);
  },
});

Deno.test({
  ...needs(["python3"], "with its faults mended it conforms"),
  fn: async () => {
    const { status, stdout, stderr } = await conform([]);
    assertEquals([status, stderr], [0, ""], stdout);
    assertMatch(stdout, /^conforms to relay/m);
    assert(!stdout.includes("FAIL"), stdout);
  },
});

Deno.test({
  ...needs(
    ["python3"],
    "with --fresh the server is started anew for every fixture, and each that it does not survive is named",
  ),
  fn: async () => {
    const { status, stdout } = await conform(
      ["dies"],
      "--fresh",
      "--filter",
      "header-no-length",
      "--filter",
      "register-all*",
    );
    assertEquals(status, 1, stdout);
    assertMatch(stdout, /^FAIL +must +relay\/header-no-length +5 of 5$/m);
    assertMatch(stdout, /^pass +must +relay\/register-all +2 of 2$/m);
  },
});

Deno.test({
  ...needs(
    ["python3"],
    "a server that ends at once, and a command that cannot be run, are told with what is known of them",
  ),
  fn: async () => {
    const ended = await runProgram(["conform", "--server-cmd", `${PYTHON} -c 'import nosuchmodule' {port}`]);
    assertEquals([ended.status, ended.stdout], [3, ""]);
    assertMatch(ended.stderr, /^chat conform: the server has ended with exit status 1\n(?: {4}[^\n]*\n)+$/);
    assertMatch(ended.stderr, /\n {4}ModuleNotFoundError: No module named 'nosuchmodule'\n$/);
    const missing = await runProgram(["conform", "--server-cmd", "no-such-program {port}"]);
    assertEquals([missing.status, missing.stdout], [2, ""]);
    assertMatch(
      missing.stderr,
      /^chat conform: the server cannot be started: there is no program no-such-program to run\n$/,
    );
    const shell = await runProgram(["conform", "--server-cmd", "cd server && make run"]);
    assertEquals([shell.status, shell.stdout], [2, ""]);
    assertMatch(shell.stderr, /^chat conform: programs are started without a shell, which && needs: [^\n]+\n$/);
  },
});

Deno.test({
  ...needs(
    ["python3"],
    "a slash server that takes what recv() gives it for a message passes all but what only lines can pass",
  ),
  fn: async () => {
    const server = new URL("fakes/slash_server.py", import.meta.url).pathname;
    const fixtures = ["users-alone", "quit-told", "stream-split-halves", "stream-joined-uneven"];
    const { status, stdout, stderr } = await runProgram([
      ...["conform", "--server-cmd", `${PYTHON} '${server}' {port} bare`, "--dialect", "slash", "--timeout", "1s"],
      ...fixtures.flatMap((fixture) => ["--filter", `slash/${fixture}`]),
    ]);
    assertEquals([status, stderr], [0, ""], stdout);
    const verdicts = Array.from(stdout.matchAll(/^(\w+) +(?:must|should) +(slash\/[\w-]+)/gm), ([, ...found]) => found);
    assertEquals(verdicts, [
      ["pass", "slash/users"],
      ["pass", "slash/quit"],
      ["FAIL", "slash/stream-split"],
      ["FAIL", "slash/stream-joined"],
    ]);
  },
});
