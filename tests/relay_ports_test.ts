import { assertEquals, assertMatch } from "@std/assert";
import { startServer } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";

Deno.test("a second port for relay says SEND, knows the same users, and is shown at the start", async () => {
  const { server, port } = await startServer("--relay-send", "0");
  await using program = server;
  const said = program.stdout.soFar;
  assertMatch(said, /^chat listens: one hub, 6 dialects\.$/m, "it is no dialect of its own");
  const [, second] = await program.stdout.match(
    /^ {2}relay-send +127\.0\.0\.1:(\d+) +chat connect NAME --server 127\.0\.0\.1:\1$/m,
  );
  await using alice = await RelayPeer.register("alice", port);
  await using bob = await RelayPeer.register("bob", Number(second));
  for (
    const [from, to, name, sender, word] of [[alice, bob, "bob", "alice", "SENT"], [
      bob,
      alice,
      "alice",
      "bob",
      "SEND",
    ]] as const
  ) {
    await from.send(name, "hi");
    assertEquals(await to.forwarded(), `FORWARD ${sender}\nContent-length: 2\n\nhi`);
    await to.say(`RECEIVED ${sender}\r\n\r\n`);
    assertEquals(await from.answer(), `${word} ${name}\n\n`);
  }
  assertEquals(program.stderr.soFar, "");
});

Deno.test("--relay-reply still says which word, and that it goes", async () => {
  const { server, port } = await startServer("--relay-reply", "SEND");
  await using program = server;
  await program.stderr.match(/--relay-reply goes in the next version: --relay-send PORT opens a second port for relay/);
  await using alice = await RelayPeer.register("alice", port);
  await alice.send("alice", "hi");
  await alice.forwarded();
  await alice.say("RECEIVED alice\n\n");
  assertEquals(await alice.answer(), "SEND alice\n\n");
});
