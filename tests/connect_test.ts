import { assert, assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { Program, programWords, runProgram, startServer } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";
import { TmuxPane } from "./tmux.ts";

/** The command line of a client of the server on this port. */
const clientOf = (port: number, ...words: string[]) => [
  "connect",
  ...["--time", "off", "--no-history"],
  ...["--server", `127.0.0.1:${port}`],
  ...words,
];

/** Runs the program in a terminal. */
const inTerminal = (args: readonly string[]) => TmuxPane.open([...programWords(), ...args]);

/** A client in a terminal whose name is accepted. */
async function personAs(name: string, port: number, ...words: string[]): Promise<TmuxPane> {
  const pane = await inTerminal(clientOf(port, name, ...words));
  try {
    await pane.shows(`${name}>`);
    return pane;
  } catch (error) {
    await pane[Symbol.asyncDispose]();
    throw error;
  }
}

Deno.test("connect in a pipe: each line is a message, and all delivered is exit status 0", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using bob = new Program(clientOf(port, "bob"));
  await bob.stdout.match(/^-- connected to 127\.0\.0\.1:\d+ as bob\n/);
  assertEquals(await runProgram(clientOf(port, "alice"), "@bob hi\n@ALL hello, all\n\n@bob bye"), {
    status: 0,
    stdout: `-- connected to 127.0.0.1:${port} as alice\n` +
      "-- delivered: @bob hi\n-- delivered: @ALL hello, all\n-- delivered: @bob bye\n",
    stderr: "",
  });
  await bob.endInput();
  const finished = await bob.finished();
  assertEquals([finished.status, finished.stderr], [0, ""]);
  assertEquals(finished.stdout.split("\n").slice(1), ["alice: hi", "alice: hello, all", "alice: bye", ""]);
});

Deno.test("connect in a pipe: something that is not delivered is exit status 1, and told why", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  const nobody = await runProgram(clientOf(port, "alice"), "@nobody hi\n");
  assertEquals([nobody.status, nobody.stderr], [1, ""]);
  assertMatch(nobody.stdout, /^-- not delivered \(.*ERROR 102 Unable to send\): @nobody hi$/m);
  const wrong = await runProgram(clientOf(port, "alice"), "hi\n");
  assertEquals(wrong.status, 1);
  assertMatch(wrong.stderr, /^chat: not sent: hi \(write @<user> <message>.*\)\n$/);
});

Deno.test("connect in a pipe: it waits for the outcome, not only for the end of its input", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using bob = await RelayPeer.register("bob", port);
  await using alice = new Program(clientOf(port, "alice"));
  await alice.type("@bob hi\n");
  await alice.endInput();
  assertEquals(await bob.forwarded(), "FORWARD alice\nContent-length: 2\n\nhi");
  assert(!alice.stdout.soFar.includes("delivered"));
  await bob.say("RECEIVED alice\n\n");
  const { status, stdout } = await alice.finished();
  assertEquals(status, 0);
  assertMatch(stdout, /^-- delivered: @bob hi$/m);
});

Deno.test("connect in a pipe: what a peer sends reaches the output escaped, each line marked as part of its message", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using alice = new Program(clientOf(port, "alice"));
  await alice.stdout.match(/as alice\n/);
  await using mallory = await RelayPeer.register("mallory", port);
  const body = "\x1b[2J\x07\nbob: hi\n\x9b31m\u202Eevil";
  await mallory.send("alice", body);
  await alice.stdout.match(/evil\n/);
  await alice.endInput();
  const lines = (await alice.finished()).stdout.split("\n").slice(1);
  assertEquals(lines.length, 4);
  assert(lines[0]!.startsWith("mallory: "));
  assertEquals(lines[1], "    | bob: hi");
  assert(lines[2]!.startsWith("    | "));
  assert(!/[^\P{Cc}\n]|\u202E/u.test(lines.join("\n")), JSON.stringify(lines));
});

Deno.test("connect in a pipe: without a name it says which one is missing, exit status 2", async () => {
  assertEquals(await runProgram(["connect"]), {
    status: 2,
    stdout: "",
    stderr: "chat: a name is needed: chat connect NAME\n",
  });
});

Deno.test("connect in a pipe: a refused name is exit status 1", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using _alice = await RelayPeer.register("alice", port);
  const taken = await runProgram(clientOf(port, "alice"), "@bob hi\n");
  assertEquals([taken.status, taken.stdout], [1, ""]);
  const why = "ERROR 100 Malformed username (it is taken)";
  assertEquals(taken.stderr, `chat: the server refuses the name alice: ${why}\n`);
  const malformed = await runProgram(clientOf(port, "al ice"), "@bob hi\n");
  assertEquals([malformed.status, malformed.stdout], [1, ""]);
  assertMatch(malformed.stderr, /^chat: "al ice" is no name here: a name is letters .*\n$/);
});

Deno.test("connect in a pipe: what waits behind a message without an answer is told, as text and as JSON", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  for (
    const [option, waiting] of [["--wait=0", "-- waiting behind @bob one: @bob two\n"], [
      "--json",
      '"text":"waiting behind @bob one: @bob two"}',
    ]] as const
  ) {
    await using bob = await RelayPeer.register("bob", port);
    await using alice = new Program(clientOf(port, "alice", option));
    await alice.type("@bob one\n@bob two\n");
    await alice.endInput();
    await alice.stdout.match(new RegExp(waiting));
    for (let i = 0; i < 2; i++) {
      await bob.forwarded();
      await bob.say("RECEIVED alice\n\n");
    }
    assertEquals((await alice.finished()).status, 0);
  }
});

Deno.test("connect: a server that cannot be reached is exit status 3", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { status, stdout, stderr } = await runProgram(clientOf(port, "alice"), "@bob hi\n");
  assertEquals([status, stdout], [3, ""]);
  assertMatch(stderr, new RegExp(`^chat: cannot reach 127\\.0\\.0\\.1:${port}: [^\\n]+\\n$`));
});

Deno.test("connect: servers that speak something else, or nothing and close, are exit status 3", async (t) => {
  for (const answer of ["", "HTTP/1.1 400 Bad Request\r\n\r\n\n\n", "\0".repeat(100_000)]) {
    await t.step(JSON.stringify(answer.slice(0, 20)), async () => {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const served = (async () => {
        for await (const connection of listener) {
          // The client may be gone by then.
          await new Blob([answer]).stream().pipeTo(connection.writable).catch(() => {});
        }
      })();
      const { status, stdout, stderr } = await runProgram(clientOf(listener.addr.port, "alice"));
      assertEquals([status, stdout], [3, ""]);
      assertMatch(stderr, /^chat: 127\.0\.0\.1:\d+[^\n]+\n$/);
      listener.close();
      await served;
    });
  }
});

Deno.test("connect in a pipe: a server that dies is told, at once, exit status 1", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using alice = new Program(clientOf(port, "alice", "--no-reconnect"));
  await alice.stdout.match(/as alice\n/);
  server.signal("SIGKILL");
  const { status, stderr } = await alice.finished();
  assertEquals(status, 1);
  assertMatch(stderr, /^chat: 127\.0\.0\.1:\d+: [^\n]+\n$/);
});

Deno.test("connect in a pipe: thousands of lines are sent in order, none lost", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using bob = new Program(clientOf(port, "bob"));
  await bob.stdout.match(/as bob\n/);
  const numbers = Array.from({ length: 2000 }, (_, i) => i);
  const { status } = await runProgram(clientOf(port, "alice"), numbers.map((i) => `@bob ${i}\n`).join(""));
  assertEquals(status, 0);
  await bob.endInput();
  assertEquals((await bob.finished()).stdout.split("\n").slice(1, -1), numbers.map((i) => `alice: ${i}`));
});

Deno.test({
  ...needs(["tmux"], "connect in a terminal"),
  fn: async (t) => {
    const { server, port } = await startServer();
    await using _ = server;

    await t.step("two people talk to each other", async () => {
      await using alice = await personAs("alice", port);
      await using bob = await personAs("bob", port);
      await alice.enter("@bob hi, bob");
      await alice.shows("-- delivered: @bob hi, bob");
      await bob.shows("alice: hi, bob");
      await bob.enter("@ALL héllo 日本");
      await alice.shows("bob: héllo 日本");
      await bob.shows("-- delivered: @ALL héllo 日本");
      await bob.enter("hello?");
      await bob.until((rows) => rows.some((row) => row.startsWith("-- not sent: hello? (write @<user> <message>")));
      await alice.press("C-d");
      await bob.press("C-d");
      assertEquals([await alice.status(), await bob.status()], [0, 0]);
    });

    await t.step("what is being typed stays as it is while 200 messages arrive", async () => {
      await using bob = await personAs("bob", port);
      // Longer than a row, with the cursor in its middle.
      await bob.type(`@alice the quick brown fox jumps over the lazy dog, and then goes home`);
      await bob.press("Left", "Left", "Left", "Left");
      const lines = Array.from({ length: 200 }, (_, i) => `@bob message ${i}\n`).join("");
      const sent = await runProgram(clientOf(port, "alice"), lines);
      assertEquals(sent.status, 0);
      await bob.shows("alice: message 199");
      await bob.type("to his ");
      const rows = await bob.until((rows) => rows.at(-1)!.endsWith("to his home"));
      assertEquals(rows.slice(-5), [
        "alice: message 197",
        "alice: message 198",
        "alice: message 199",
        "bob> @alice the quick brown fox jumps over the lazy dog, and",
        " then goes to his home",
      ]);
      assertEquals(await bob.cursorColumn(), " then goes to his ".length);
      await bob.press("C-d", "C-c");
      assertEquals(await bob.status(), 0);
    });

    await t.step("the server and the name are asked for, and another name if it is refused", async () => {
      await using holder = await personAs("alice", port);
      await using pane = await inTerminal(["connect", "--time", "off", "--no-history"]);
      await pane.shows("Server [127.0.0.1:4000]:");
      await pane.enter("no where");
      await pane.until((rows) => rows.some((row) => row.startsWith('-- "no where" is no address')));
      await pane.enter(`127.0.0.1:${port}`);
      await pane.shows("Name:");
      await pane.enter("alice");
      await pane.until((rows) => rows.some((row) => row.startsWith("-- the server refuses the name alice: ERROR 100")));
      await pane.enter("carol");
      await pane.shows("carol>");
      await pane.enter("@alice it is me");
      await holder.shows("carol: it is me");
      await pane.press("C-d");
      assertEquals(await pane.status(), 0);
    });

    await t.step("Ctrl-D waits for what has no outcome yet", async () => {
      await using bob = await RelayPeer.register("bob", port);
      await using alice = await personAs("alice", port);
      await alice.enter("@bob are you there?");
      await bob.forwarded();
      await alice.press("C-d");
      await alice.shows("-- waiting for 1 answers; Ctrl-C leaves at once");
      await bob.say("RECEIVED alice\n\n");
      assertEquals(await alice.status(), 0);
      assert((await alice.rows()).includes("-- delivered: @bob are you there?"));
    });

    await t.step("what waits behind a message without an answer is told", async () => {
      await using bob = await RelayPeer.register("bob", port);
      await using alice = await personAs("alice", port);
      await alice.enter("@bob one");
      await alice.enter("@bob two");
      await alice.shows("-- waiting behind @bob one: @bob two");
      await bob.forwarded();
      await bob.say("RECEIVED alice\n\n");
      await bob.forwarded();
      await bob.say("RECEIVED alice\n\n");
      await alice.shows("-- delivered: @bob two");
      await alice.press("C-d");
      assertEquals(await alice.status(), 0);
    });

    await t.step("Ctrl-C does not wait, neither in the middle of a line nor behind Ctrl-D", async () => {
      for (const keys of [["C-c"], ["C-d"]]) {
        await using bob = await RelayPeer.register("bob", port);
        await using alice = await personAs("alice", port);
        await alice.enter("@bob are you there?");
        await bob.forwarded();
        if (keys[0] === "C-c") await alice.type("@bob hel");
        await alice.press(...keys);
        if (keys[0] === "C-d") {
          await alice.shows("-- waiting for 1 answers; Ctrl-C leaves at once");
          await alice.press("C-c");
        }
        assertEquals(await alice.status(), 0);
        assert((await alice.rows()).includes("-- not confirmed (we left): @bob are you there?"));
      }
    });

    await t.step("what a peer sends cannot move the cursor or pass for somebody else", async () => {
      await using alice = await personAs("alice", port);
      await using mallory = await RelayPeer.register("mallory", port);
      await mallory.send("alice", `\x1b[2J\x1b[Hhi${" ".repeat(60)}bob: lend me ten\nbob: please`);
      const rows = await alice.until((rows) => rows.some((row) => row.includes("please")));
      assert(rows.some((row) => row.startsWith("-- connected to ")), rows.join("\n"));
      assertEquals(rows.filter((row) => row.startsWith("bob")), []);
      await alice.press("C-c");
      assertEquals(await alice.status(), 0);
    });

    await t.step("a server that dies is told, and ends the conversation with exit status 1", async () => {
      await using alice = await personAs("alice", port, "--no-reconnect");
      await alice.type("@bob hal");
      server.signal("SIGKILL");
      assertEquals(await alice.status(), 1);
      assert((await alice.rows()).some((row) => row.startsWith(`-- 127.0.0.1:${port}: `)));
    });
  },
});
