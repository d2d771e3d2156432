import { assertEquals } from "@std/assert";
import { runProgram, startServer } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";

/** What a script is told, without the times. */
function told(stdout: string): Record<string, unknown>[] {
  return stdout.trim().split("\n").map((line) => {
    const { time: _time, ...event } = JSON.parse(line);
    return event;
  });
}

/** Has these lines sent in a dialect, and gives what was told of them behind `connected`, and the exit status. */
async function send(dialect: string, port: number, lines: readonly unknown[]) {
  const folder = await Deno.makeTempDir();
  const own = dialect === "frame" ? ["--transcript-dir", folder] : ["alice"];
  const words = ["connect", "--json", "--dialect", dialect, "--server", `127.0.0.1:${port}`, ...own];
  const input = lines.map((line) => `${typeof line === "string" ? line : JSON.stringify(line)}\n`).join("");
  const { stdout, stderr, status } = await runProgram(words, input);
  await Deno.remove(folder, { recursive: true });
  assertEquals(stderr, "");
  const events = told(stdout).filter(({ event }) => event !== "connected" && event !== "notice");
  return { status, events };
}

/** Line by line, what became of it: the event, and why it was not sent. */
const fates = (events: Record<string, unknown>[]) => events.map(({ event, number, why }) => [event, number, why]);

Deno.test("connect --json: a message is written as an object, with line breaks and any bytes, and outcomes repeat the line", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  await using bob = await RelayPeer.register("bob", port);
  const got: string[] = [];
  const receiving = (async () => {
    for (let i = 0; i < 3; i++) {
      const forward = await bob.forwarded();
      got.push(forward.slice(forward.indexOf("\n\n") + 2));
      await bob.say("RECEIVED alice\n\n");
    }
  })();
  const lines = [{ to: "bob", text: "a\nb" }, { to: "bob", base64: "AGE=" }, { to: null, text: "hi all" }];
  const { status, events } = await send("relay", port, [...lines, { to: "carol", text: "x" }]);
  await receiving;
  assertEquals([status, got], [1, ["a\nb", "\0a", "hi all"]]);
  assertEquals(events.slice(0, 3), lines.map((line) => ({ event: "delivered", line: JSON.stringify(line) })));
  assertEquals(events[3]!.event, "not-delivered");
});

Deno.test("connect --json: what is wrong with a line is told with its number, and the others are sent", async () => {
  const { server, port } = await startServer();
  await using _ = server;
  const input = ["@bob hi", "", "hi", '{"to":"bob"', '{"to":"bob","text":5}', '{"group":"tea","text":"x"}', "@bob bye"];
  const { status, events } = await send("relay", port, input);
  assertEquals(status, 1);
  assertEquals(
    fates(events).map(([event, number, why]) => [event, number, String(why).replace(/(no JSON): .*/, "$1")]),
    [
      ["not-sent", undefined, "undefined"],
      ["not-sent", 4, "it is no JSON"],
      ["not-sent", 5, '"text" is no text'],
      ["not-sent", 6, "relay has no groups"],
      ["not-delivered", undefined, "the server could not deliver it"],
      ["not-delivered", undefined, "the server could not deliver it"],
    ],
  );
});

Deno.test("connect --json: each dialect takes what it can carry as it is, and says what it cannot", async () => {
  const { server, ports, port } = await startServer();
  await using _ = server;
  await using bob = await RelayPeer.register("bob", port);
  const bodies: string[] = [];
  const receive = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const forward = await bob.forwarded();
      bodies.push(forward.slice(forward.indexOf("\n\n") + 2));
      await bob.say(`RECEIVED ${/^FORWARD (\S+)/.exec(forward)![1]}\n\n`);
    }
  };
  const several = { to: null, text: "a\nb" };
  const cases: [string, unknown[], unknown[][], string[]][] = [
    ["slash", [{ to: "bob", text: ' "hi" ' }, several, { to: "bob", base64: "/w==" }], [
      ["not-sent", 2, "the message has more than one line"],
      ["not-sent", 3, "the message is not UTF-8"],
      ["delivered", undefined, undefined],
    ], [' "hi" ']],
    ["room", [{ to: null, text: "all" }, { to: "bob", text: "hi" }, { to: null, text: "#quit" }, several], [
      ["not-sent", 2, "a room has no messages to one alone"],
      ["not-sent", 3, "#quit is how one leaves"],
      ["not-sent", 4, "the message has more than one line"],
      ["sent", undefined, undefined],
    ], ["all"]],
    ["frame", [{ to: 2, text: "a\nb" }, { to: null, text: "x" }, { to: 2, text: "" }], [
      ["not-sent", 2, undefined],
      ["not-sent", 3, undefined],
      ["sent", undefined, undefined],
    ], ["a\nb"]],
    ["group", [
      { to: "bob", text: "hi" },
      several,
      { group: "tea", text: "x" },
      { command: "create_group tea" },
      {
        command: "join_group tea",
      },
      { group: "tea", text: "x" },
      { to: "bob", text: "a\tb\u0007" },
    ], [
      ["not-sent", 2, "group has no messages to everybody"],
      ["not-sent", 3, "you are not in group tea"],
      ["not-sent", 7, "the message has control characters"],
      ["delivered", undefined, undefined],
    ], ["hi"]],
  ];
  for (const [dialect, lines, expected, arrived] of cases) {
    const receiving = receive(arrived.length);
    const { status, events } = await send(dialect, ports.get(dialect)!, lines);
    await receiving;
    const sorted = fates(events).toSorted(([a], [b]) => Number(b === "not-sent") - Number(a === "not-sent"));
    assertEquals([status, sorted, bodies.splice(0)], [1, expected, arrived], dialect);
  }
});
