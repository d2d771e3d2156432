/**
 * Standard output and standard error that are full, closed, or not read.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Finished, programWords, runProgram, Transcript } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";

const SERVE = ["serve", "--relay", "0", "--frame", "off", "--slash", "off", "--group", "off", "--room", "off"];

/** A server of relay, both of whose outputs are the test's to close; what it has said when it listens is all that is read of it. */
async function start(...args: readonly string[]) {
  const [path, ...words] = programWords();
  const command = new Deno.Command(path, {
    args: [...words, ...SERVE, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  const [reader, stderr] = [process.stdout.getReader(), process.stderr.getReader()];
  let said = "";
  while (!said.includes("Ctrl-C")) {
    const { value, done } = await reader.read();
    assert(!done, `the server does not listen: ${said}`);
    said += new TextDecoder().decode(value);
  }
  const [, port] = /^ {2}relay +127\.0\.0\.1:(\d+) /m.exec(said)!;
  const closeOutputs = () => Promise.all([reader.cancel(), stderr.cancel()]);
  return {
    port: Number(port),
    closeOutputs,
    signal: (name: Deno.Signal) => process.kill(name),
    status: async () => (await process.status).code,
    async [Symbol.asyncDispose]() {
      try {
        process.kill("SIGKILL");
      } catch (error) {
        // It has ended already.
        if (!(error instanceof TypeError)) throw error;
      }
      await Promise.all([closeOutputs(), process.status]);
    },
  };
}

/** Sends a message to oneself; exit status 0 says that it was delivered. */
function talk(port: number): Promise<Finished> {
  return runProgram(["connect", "alice", "--server", `127.0.0.1:${port}`], "@alice hello\n");
}

const onUnix = Deno.build.os !== "windows";

Deno.test({
  name: "a server whose outputs are closed goes on, says nothing of it, and stops in good order",
  ignore: !onUnix,
  fn: async () => {
    await using server = await start("--table", "--log-level", "debug");
    await server.closeOutputs();
    for (let round = 0; round < 3; round++) {
      server.signal("SIGUSR2");
      server.signal("SIGHUP");
      assertEquals((await talk(server.port)).status, 0);
    }
    server.signal("SIGTERM");
    assertEquals(await server.status(), 0);
  },
});

Deno.test({
  name: "a server whose outputs nobody reads goes on, and stops in good order",
  ignore: !onUnix,
  fn: async () => {
    await using server = await start("--table", "--log-level", "debug");
    // Far more than pipes hold: the table of those present, and what is logged of each.
    const peers: RelayPeer[] = [];
    for (let i = 0; i < 60; i++) peers.push(await RelayPeer.register(`somebody${i}`, server.port));
    server.signal("SIGUSR2");
    assertEquals((await talk(server.port)).status, 0);
    server.signal("SIGUSR2");
    assertEquals((await talk(server.port)).status, 0);
    for (const peer of peers) await peer[Symbol.asyncDispose]();
    server.signal("SIGTERM");
    assertEquals(await server.status(), 0);
  },
});

/** Runs the program with its standard output on a file that is always full, and maybe its standard error as well. */
async function onFullDisk(args: readonly string[], streams: ">" | "2>/dev/full >"): Promise<Finished> {
  const command = new Deno.Command("sh", {
    args: ["-c", `"$@" ${streams} /dev/full`, "sh", ...programWords(), ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const process = command.spawn();
  const [stdout, stderr] = [new Transcript(process.stdout), new Transcript(process.stderr)];
  const [{ code }, out, err] = await Promise.all([process.status, stdout.whole(), stderr.whole()]);
  return { status: code, stdout: out, stderr: err };
}

Deno.test({
  name: "with a full standard output each command says so in one line, and conform exits with 2",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    await using server = await start();
    const target = `127.0.0.1:${server.port}`;
    const play = ["conform", "--target", target, "--filter", "send-unicast"];
    const cases: readonly [args: readonly string[], status: number][] = [
      [["--help"], 2],
      [["--version"], 2],
      [["completion", "bash"], 2],
      [["connect", "alice", "--server", target], 1],
      [play, 2],
      [[...play, "--report", "tap"], 2],
      [["conform", "--list", "--target", "relay=::1"], 2],
      [["conform", "--self-test", "--filter", "relay/register-all"], 2],
    ];
    for (const [args, status] of cases) {
      const { status: exited, stderr } = await onFullDisk(args, ">");
      assertEquals(exited, status, args.join(" "));
      assertMatch(
        stderr,
        /^chat(?: conform)?: (?:standard|the) output cannot be written(?: to)?: No space left on device\n$/,
      );
    }
    for (const [args, status] of [[play, 2], [["--help"], 2], [["serv"], 2]] as const) {
      assertEquals(await onFullDisk(args, "2>/dev/full >"), { status, stdout: "", stderr: "" }, args.join(" "));
    }
  },
});

Deno.test({
  name: "conform whose reader goes away says so in one line, and exits with 2",
  ignore: !onUnix,
  fn: async () => {
    const [path, ...words] = programWords();
    const command = new Deno.Command(path, {
      args: [...words, "conform", "--list", "--target", "relay=::1"],
      stdout: "piped",
      stderr: "piped",
    });
    const process = command.spawn();
    await process.stdout.cancel();
    const [{ code }, stderr] = await Promise.all([process.status, process.stderr.text()]);
    assertEquals([code, stderr], [2, "chat conform: standard output cannot be written to: Broken pipe\n"]);
  },
});
