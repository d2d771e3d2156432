import { assert, assertEquals } from "@std/assert";
import { commandOf, needs } from "../testing/needed_programs.ts";
import type { ClientRun } from "./client_run.ts";
import { launchProcess } from "./client_process.ts";

const PLACE = { server: { hostname: "127.0.0.1", port: 4000 }, name: "ann", clientPort: 4001 };

/** Starts a Python program, and gives it and a wait for what it shows. */
async function start(program: string, input = "", hasTerminal = false) {
  const launch = launchProcess({ command: [commandOf("python3")!, "-c", program, "{name}"], input, hasTerminal });
  const run = await launch(PLACE);
  const until = (isThere: (run: ClientRun) => boolean) =>
    new Promise<void>((resolve) => {
      run.onChange = () => {
        if (isThere(run)) resolve();
      };
      run.onChange();
    });
  return { run, until };
}

Deno.test({
  ...needs(["python3"], "a client is started in a folder of its own, is typed for, and what it prints comes at once"),
  fn: async () => {
    const { run, until } = await start(
      'import os, sys; open("log_1.txt", "w").write("hello"); print(sys.argv[1], input(), os.getcwd()); input()',
      "{host}\n",
    );
    await until(({ screen }) => screen.since(0).includes("ann 127.0.0.1 "));
    assertEquals((await run.filesLike("log_*.txt")).map((file) => new TextDecoder().decode(file)), ["hello"]);
    const folder = run.screen.since(0).trim().split(" ").at(-1)!;
    await run.stop();
    assert(!await Deno.stat(folder).then(() => true, () => false));
  },
});

Deno.test({
  ...needs(["python3"], "how it ends is known, with all that it has shown"),
  fn: async () => {
    const { run, until } = await start('import sys; print("bye"); sys.exit(3)');
    await until(({ ending }) => ending !== undefined);
    assertEquals([run.ending, run.screen.since(0).trim()], [{ status: 3, words: "with exit status 3" }, "bye"]);
    await run.stop();
  },
});

Deno.test({
  ...needs(["python3"], "one that ignores SIGTERM and has children of its own is ended with all of them"),
  ignore: Deno.build.os === "windows" || commandOf("python3") === undefined,
  fn: async () => {
    const { run, until } = await start(
      "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); " +
        'child = subprocess.Popen(["sleep", "600"], start_new_session=True); print("child", child.pid, "."); time.sleep(600)',
    );
    await until(({ screen }) => screen.since(0).includes("."));
    const pid = Number(/child (\d+)/.exec(run.screen.since(0))![1]);
    await run.stop();
    // What was killed needs a moment; what has ended and was not waited for yet is no process any more.
    const state = async () => {
      const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).output();
      return new TextDecoder().decode(stdout).trim().replace(/^Z.*/, "");
    };
    let last = await state();
    for (let tries = 0; last !== "" && tries < 100; tries++) last = await state();
    assertEquals(last, "");
  },
});

Deno.test({
  ...needs(
    ["python3"],
    "in a terminal its user is asked as people are, and what is typed is not taken for what it shows",
  ),
  ignore: Deno.build.os === "windows" || commandOf("python3") === undefined,
  fn: async () => {
    const { run, until } = await start('import sys; print(sys.stdin.isatty()); print("got", input("? "))', "", true);
    await until(({ screen }) => screen.since(0).includes("? "));
    run.type("hello\n");
    await until(({ screen }) => screen.since(0).includes("got hello"));
    assertEquals(run.screen.since(0).replace(/\n+/g, "\n").trim(), "True\n? \ngot hello");
    await run.stop();
  },
});

Deno.test({
  ...needs(
    ["python3", "script"],
    "a program that reads a password gets what is typed first, although it takes a while to ask",
  ),
  fn: async () => {
    // What was typed before it asks, it throws away.
    const program = 'import getpass, time; time.sleep(0.3); print("got", len(getpass.getpass()))';
    const { run, until } = await start(program, "secret of {name}\n", true);
    await until(({ screen, ending }) => screen.since(0).includes("got ") || ending !== undefined);
    assertEquals(run.screen.since(0).replace(/\s+/g, " ").trim(), "Password: got 13");
    await run.stop();
  },
});

Deno.test({
  ...needs(["python3"], "what a client starts while it is ended is ended with it"),
  ignore: Deno.build.os === "windows" || commandOf("python3") === undefined,
  fn: async () => {
    // Each in a session of its own, one after the other, until it is ended.
    const { run, until } = await start(
      'import subprocess, sys\nwhile True: print(subprocess.Popen(["sleep", "60"], start_new_session=True).pid, end=" ", flush=True)',
    );
    await until(({ screen }) => screen.since(0).split(" ").length > 3);
    await run.stop();
    const pids = run.screen.since(0).trim().split(" ");
    const running = async () => {
      const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", pids.join(",")] }).output();
      return new TextDecoder().decode(stdout).split("\n").filter((state) =>
        state.trim() !== "" && !state.startsWith("Z")
      );
    };
    let last = await running();
    for (let tries = 0; last.length > 0 && tries < 100; tries++) last = await running();
    assertEquals(last, []);
  },
});
