import { assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { FakeServer } from "./fake_server.ts";
import { Program, runProgram, startServer } from "./program.ts";

/** The command line of a client of a server of this dialect. */
const clientOf = (dialect: string, { port }: FakeServer, ...words: string[]) => [
  "connect",
  ...["--dialect", dialect, "--server", `127.0.0.1:${port}`],
  ...words,
];

for (const variants of [[], ["send"], ["phrases"], ["newlines"], ["send", "phrases", "newlines"]]) {
  const title = variants.length === 0 ? "plain" : variants.join(", ");
  Deno.test({
    ...needs(["python3"], `connect to a relay server of another hand (${title})`),
    fn: async () => {
      await using server = await FakeServer.start("relay_variants", "0", ...variants);
      await using bob = new Program(clientOf("relay", server, "bob"));
      await bob.stdout.match(/as bob\n/);
      const lines = "@bob hi\n@bob \u65e5\u672c\n@nobody hi\n@ALL all\n";
      const { status, stdout, stderr } = await runProgram(clientOf("relay", server, "alice"), lines);
      assertEquals([status, stderr], [1, ""]);
      const [, first, second, third, fourth] = stdout.split("\n");
      assertEquals([first, second, fourth], [
        "-- delivered: @bob hi",
        "-- delivered: @bob \u65e5\u672c",
        "-- delivered: @ALL all",
      ]);
      assertMatch(third!, /^-- not delivered \(the server could not deliver it: ERROR 102 .*\): @nobody hi$/);
      const taken = await runProgram(clientOf("relay", server, "bob"));
      assertEquals(taken.status, 1);
      assertMatch(taken.stderr, /^chat: the server refuses the name bob: ERROR 100 /);
      await bob.endInput();
      const heard = await bob.finished();
      assertEquals(heard.status, 0);
      assertEquals(heard.stdout.split("\n").slice(1), ["alice: hi", "alice: \u65e5\u672c", "alice: all", ""]);
      const malformed = await runProgram(clientOf("relay", server, "a_b"));
      assertEquals(malformed.status, 1);
      assertMatch(malformed.stderr, /^chat: a_b is no name here: a name is letters /);
    },
  });
}

for (const variants of [[], ["bare"]]) {
  const how = variants.length === 0 ? "by lines" : "one recv() a message, without line breaks";
  Deno.test({
    ...needs(["python3"], `connect to a slash server of another hand (${how}): its words are shown as they come`),
    fn: async () => {
      await using server = await FakeServer.start("slash_server", ...variants);
      await using bob = new Program(clientOf("slash", server, "bob"));
      await bob.stdout.match(/hello bob\n/);
      const lines = "/users\n/dm bob hi, bob\n/dm nobody hi\n/bm hi, all\n/help\n/what\n";
      // Nothing says when such a server has answered: the last answer is waited for.
      await using alice = new Program(clientOf("slash", server, "alice"));
      await alice.stdout.match(/hello alice\n/);
      await alice.type(lines);
      await alice.stdout.match(/what\? try \/help\n/);
      await alice.endInput();
      const { status, stdout } = await alice.finished();
      assertEquals(status, 0);
      for (const line of ["-- present: alice bob", "-- sent: /dm bob hi, bob", "-- who is nobody?"]) {
        assertEquals(stdout.split("\n").filter((heard) => heard === line).length, 1, line);
      }
      await bob.stdout.match(/-- alice whispers hi, bob\n-- alice shouts hi, all\n-- alice is gone\n/);
    },
  });
}

Deno.test({
  ...needs(["python3"], "connect to a room server of another hand, which takes each read for a message"),
  fn: async () => {
    await using server = await FakeServer.start("room_server");
    await using bob = new Program(clientOf("room", server, "bob"));
    await bob.stdout.match(/as bob\n/);
    await using alice = new Program(clientOf("room", server, "alice"));
    await bob.stdout.match(/alice from .* has joined the chat!\n/);
    await alice.type("one\ntwo\nthree\n");
    await alice.endInput();
    const { status, stdout } = await alice.finished();
    assertEquals(status, 0);
    assertMatch(stdout, /-- sent: one\n-- sent: two\n-- sent: three\n/);
    // Nothing divides the messages of such a server, so that some may arrive in one piece.
    await bob.stdout.match(/alice: one\n?alice: two\n?alice: three\n?(-- )?alice has left the chat\.\n/);
  },
});

Deno.test({
  ...needs(["python3"], "connect to a frame server of another hand"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    try {
      await using server = await FakeServer.start("frame_server");
      await using two = new Program(clientOf("frame", server, "--transcript-dir", folder));
      await two.stdout.match(/as 2\n/);
      const { status, stdout } = await runProgram(
        clientOf("frame", server, "--transcript-dir", folder),
        "2 one ][ two\n2 \u65e5\u672c\n",
      );
      assertEquals(status, 0);
      assertMatch(stdout, /-- sent: 2 one \]\[ two\n-- sent: 2 \u65e5\u672c\n/);
      await two.stdout.match(/3: one \]\[ two\n3: \u65e5\u672c\n/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  ...needs(["python3"], "connect to a group server of another hand"),
  fn: async () => {
    await using server = await FakeServer.start("group_server");
    await using bob = new Program(clientOf("group", server, "bob"));
    await bob.stdout.match(/as bob\n/);
    const lines = "send bob hi\ncreate_group tea\nlist_groups\njoin_group tea\nlist_members\n";
    await using alice = new Program(clientOf("group", server, "alice"));
    await alice.stdout.match(/as alice\n/);
    await alice.type(lines);
    await alice.stdout.match(/\[Members in the group tea:\]\n-- \(tea\) alice\n/);
    await bob.type("join_group tea\n");
    await bob.stdout.match(/\[Entered group tea successfully\.\]\n/);
    await alice.type("send_group the kettle is on\nleave_group\n");
    await alice.stdout.match(/\[Leave group chat tea\.\]\n/);
    await alice.endInput();
    const { status, stdout } = await alice.finished();
    assertEquals(status, 0);
    assertMatch(stdout, /-- delivered: send bob hi\n/);
    assertMatch(stdout, /\[Available group chats:\]\n-- tea\n/);
    await bob.stdout.match(/alice to you: hi\n[^]*alice to all: the kettle is on\n/);
  },
});

Deno.test({
  ...needs(
    ["python3"],
    "connect with --json to a server of another hand: each event is a line, and --wait goes on listening",
  ),
  fn: async () => {
    await using server = await FakeServer.start("relay_variants");
    const bobs = ["--json", "--wait", "30", "bob"];
    await using bob = new Program(clientOf("relay", server, ...bobs));
    await bob.stdout.match(/"connected"/);
    await bob.endInput();
    const { status, stdout, stderr } = await runProgram(clientOf("relay", server, "--json", "alice"), "@bob hi\nhi\n");
    assertEquals([status, stderr], [1, ""]);
    const events = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    const seen = events.map(({ time: _, ...event }) => JSON.stringify(event));
    assertEquals(seen[0], JSON.stringify({ event: "connected", server: `127.0.0.1:${server.port}`, name: "alice" }));
    // The answer to the first line may come before or after the second was looked at.
    assertEquals(seen.slice(1).toSorted(), [
      '{"event":"delivered","line":"@bob hi"}',
      '{"event":"not-sent","line":"hi","write":"@<user> <message>, or @ALL <message> for everybody"}',
    ]);
    const [line] = await bob.stdout.match(/^.*"message".*$/m);
    const { event, from, to, text } = JSON.parse(line);
    assertEquals({ event, from, to, text }, { event: "message", from: "alice", to: null, text: "hi" });
  },
});

Deno.test("connect with --json: what keeps it from connecting is an event too", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const { status, stdout } = await runProgram(["connect", "--json", "--server", `127.0.0.1:${port}`, "alice"]);
  assertEquals(status, 3);
  assertEquals(JSON.parse(stdout).event, "problem");
});

Deno.test("connect with --wait in a pipe: it listens on when its input has ended, and then ends", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  const args = ["connect", "--server", `127.0.0.1:${port}`];
  assertEquals((await runProgram([...args, "--wait", "1", "bob"])).status, 0);
});

Deno.test("connect to a group server that dies: it exits, as the document has it", async () => {
  const { server, ports } = await startServer();
  await using _ = server;
  const args = ["connect", "--dialect", "group", "--server", `127.0.0.1:${ports.get("group")}`];
  await using alice = new Program([...args, "alice"]);
  await alice.stdout.match(/as alice\n/);
  server.signal("SIGKILL");
  await server.finished();
  await alice.type("list_groups\n");
  const { status, stdout } = await alice.finished();
  assertEquals(status, 1);
  assertMatch(stdout, /^-- \[Server not responding\]\n-- \[Exiting\]$/m);
});
