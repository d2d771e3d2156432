import { assert, assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { Program, programWords, runProgram, startServer } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";
import { TmuxPane } from "./tmux.ts";

/** The command line of a group client of the server on this port. */
const clientOf = (
  port: number,
  name: string,
  ...more: string[]
) => ["connect", name, "--dialect", "group", "--server", `127.0.0.1:${port}`, ...more];

/** A group client that is registered. */
async function start(port: number, name: string): Promise<Program> {
  const program = new Program(clientOf(port, name));
  try {
    await program.stdout.match(new RegExp(`connected to .* as ${name}\n`));
    return program;
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

/** Enters a line, and waits for what it comes to. */
async function enter(program: Program, line: string, answer: RegExp): Promise<void> {
  await program.type(`${line}\n`);
  await program.stdout.match(answer);
}

Deno.test("group end to end: groups are made, joined, used and left; direct messages go from client to client", async () => {
  const { server, ports } = await startServer();
  await using _ = server;
  const port = ports.get("group")!;
  await using aysha = await start(port, "aysha");
  await using sana = await start(port, "sana");
  await using sarah = await start(port, "sarah");
  await aysha.stdout.match(/-- online: sarah\n/);
  await enter(aysha, "create_group skii", /\[Group skii created by Server\.\]/);
  await enter(sana, "create_group skii", /\[Group skii already exists\.\]/);
  await enter(sana, "list_groups", /\[Available group chats:\]\n-- skii\n/);
  await enter(sarah, "join_group golf", /-- not done \(\[Group golf does not exist\.\]\): join_group golf/);
  await enter(aysha, "join_group skii", /\[Entered group skii successfully\.\]/);
  await enter(sana, "join_group skii", /\[Entered group skii successfully\.\]/);
  await enter(aysha, "send_group hi all", /\[Message received by Server\.\]/);
  await sana.stdout.match(/aysha to all: hi all\n/);
  await enter(sana, "list_members", /\(skii\) aysha\n-- \(skii\) sana\n/);
  await sana.type("send sarah hi\n");
  await sana.stderr.match(/not sent: send sarah hi .*leave_group first/);
  await enter(sarah, "send sana psst", /-- delivered: send sana psst\n/);
  await sana.stdout.match(/private message from sarah/);
  assert(!sana.stdout.soFar.includes("psst"));
  await enter(sana, "leave_group", /\[Leave group chat skii\.\]/);
  await sana.stdout.match(/sarah to you: psst\n/);
  await enter(aysha, "send_group anybody", /Message received by Server\.\]\n[^]*Message received by Server\.\]/);
  assert(!sarah.stdout.soFar.includes("hi all") && !sana.stdout.soFar.includes("anybody"));
  await aysha.endInput();
  assertEquals((await aysha.finished()).status, 0);
  await sana.stdout.match(/-- offline: aysha\n/);
});

Deno.test("group end to end: a client that was killed is found out, by a direct message and by a group message", async () => {
  const { server, ports } = await startServer("--log-level", "info");
  await using _ = server;
  const port = ports.get("group")!;
  await using aysha = await start(port, "aysha");
  await using sana = await start(port, "sana");
  await using sarah = await start(port, "sarah");
  await using haider = await start(port, "haider");
  await enter(aysha, "create_group skii", /created by Server/);
  for (const member of [aysha, sana, sarah]) await enter(member, "join_group skii", /Entered group skii/);

  sarah.signal("SIGKILL");
  await enter(aysha, "send_group hi", /Message received by Server/);
  await sana.stdout.match(/aysha to all: hi\n/);
  await server.stderr.match(/\[Client sarah not responsive, removed from group skii\]/);
  await enter(aysha, "list_members", /\(skii\) aysha\n-- \(skii\) sana\n/);
  assert(!aysha.stdout.soFar.includes("(skii) sarah"));

  haider.signal("SIGKILL");
  await enter(sana, "leave_group", /Leave group chat/);
  await enter(
    sana,
    "send haider hi",
    /-- not delivered \(.*\[No ACK from haider, message not delivered\]\): send haider hi\n/,
  );
  for (const other of [aysha, sana]) await other.stdout.match(/-- offline: haider\n/);
});

Deno.test("group end to end: a server that is gone, or was never there, is given up after five tries", async () => {
  const { server, ports } = await startServer();
  await using _ = server;
  const never = runProgram(clientOf(9, "aysha"));
  await using aysha = await start(ports.get("group")!, "aysha");
  server.signal("SIGKILL");
  await aysha.type("list_groups\n");
  const gone = await aysha.finished();
  assertEquals(gone.status, 1);
  const last = "-- [Server not responding]\n-- [Exiting]\n";
  assert(gone.stdout.endsWith(`-- not done (there was no answer): list_groups\n${last}`), gone.stdout);
  const { status, stdout } = await never;
  assertEquals([status, stdout], [3, last]);
});

Deno.test("group end to end: a name in use is refused, and a server that stops says goodbye and is not found again", async () => {
  const { server, ports } = await startServer();
  await using _ = server;
  const port = ports.get("group")!;
  await using aysha = await start(port, "aysha");
  const second = await runProgram(clientOf(port, "aysha"));
  assertEquals(second.status, 1);
  assertMatch(second.stderr, /Cannot register with a name already used/);
  server.signal("SIGINT");
  const { status, stdout } = await aysha.finished();
  assertEquals(status, 1);
  assertMatch(stdout, /-- \[You are Offline\. Bye\.\]\n-- \[Server not responding\]\n-- \[Exiting\]\n/);
});

Deno.test("group end to end: a client whose server is killed and started again registers again and goes on", async () => {
  const first = await startServer();
  await using killed = first.server;
  const port = first.ports.get("group")!;
  await using aysha = await start(port, "aysha");
  await enter(aysha, "create_group skii", /\[Group skii created by Server\.\]/);
  await enter(aysha, "join_group skii", /\[Entered group skii successfully\.\]/);
  killed.signal("SIGKILL");
  await killed.finished();
  const others = ["relay", "frame", "slash", "room"].flatMap((dialect) => [`--${dialect}`, "off"]);
  await using started = new Program(["serve", ...others, "--group", `${port}`]);
  await started.stdout.match(/^Ctrl-C/m);
  await aysha.type("send_group lost\ncreate_group golf\nlist_groups\n");
  await aysha.stdout.match(/not done \(\[You are not registered\.\]\): send_group lost\n/);
  await aysha.stdout.match(/registered\.\]\n-- connected to .* as aysha\n[^]*\[Group golf created by Server\.\]\n/);
  await aysha.stdout.match(/\[Available group chats:\]\n-- golf\n/);
  await aysha.endInput();
  assertEquals((await aysha.finished()).status, 1, "a line was lost");
});

Deno.test("group end to end: group and relay reach each other", async () => {
  const { server, port, ports } = await startServer();
  await using _ = server;
  await using bob = await RelayPeer.register("bob", port);
  await using aysha = await start(ports.get("group")!, "aysha");
  await aysha.stdout.match(/-- online: bob\n/);
  await aysha.type("send bob hi there\n");
  assertEquals(await bob.forwarded(), "FORWARD aysha\nContent-length: 8\n\nhi there");
  await bob.say("RECEIVED aysha\n\n");
  await aysha.stdout.match(/-- delivered: send bob hi there\n/);
  await bob.send("aysha", "and hi to you");
  await aysha.stdout.match(/bob to you: and hi to you\n/);
});

Deno.test({
  ...needs(["tmux"], "group end to end in a terminal"),
  fn: async () => {
    const { server, ports } = await startServer();
    await using _ = server;
    const port = ports.get("group")!;
    await using aysha = await TmuxPane.open([
      ...programWords(),
      ...clientOf(port, "aysha", "--time", "off", "--no-history", "--client-port", "0"),
    ]);
    await aysha.shows("aysha>");
    await using sana = await start(port, "sana");
    await aysha.enter("create_group skii");
    await aysha.shows("-- [Group skii created by Server.]");
    await aysha.enter("join_group skii");
    // The prompt shows the group.
    await aysha.shows("aysha (skii)>");
    await aysha.press("C-c");
    assertEquals(await aysha.status(), 0);
    // That was a silent leave: nobody knows until somebody finds out.
    await sana.type("send aysha hello?\n");
    await sana.stdout.match(/No ACK from aysha, message not delivered/);
    await sana.stdout.match(/-- offline: aysha\n/);
  },
});
