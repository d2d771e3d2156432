import { assertEquals } from "@std/assert";
import { connectWords, endsWith, inTerminal, paneIn } from "./in_terminal.ts";
import { Program } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";

/** The words that run a client whose lines carry no time. */
const connect = (port: number, ...words: string[]) => connectWords(port, "--time", "off", ...words);

inTerminal(
  "Ctrl-Z goes back to the shell, and fg brings back the line and what came meanwhile",
  async ({ folder, port }) => {
    await Deno.writeTextFile(`${folder}/run`, connect(port, "alice").map((word) => `'${word}'`).join(" "));
    await using shell = await paneIn(folder, ["PS1=shell> ", "sh", "-i"]);
    await shell.until(endsWith("shell>"));
    // The shell's own job is another shell, as the program's is deno task.
    await shell.enter(`sh ${folder}/run`);
    await shell.until(endsWith("alice>"));
    await shell.type("@bob half");
    await shell.until(endsWith("alice> @bob half"));
    await shell.press("C-z");
    await shell.until(endsWith("shell>"));
    await shell.enter("echo $((6 * 7))");
    await shell.until((rows) => rows.at(-2) === "42");
    await using bob = await RelayPeer.register("bob", port);
    await bob.send("alice", "are you there?");
    await shell.enter("fg");
    await shell.until((rows) => rows.at(-1) === "alice> @bob half" && rows.includes("bob: are you there?"));
    await shell.type(" a line");
    await shell.press("Enter");
    await bob.forwarded();
    await bob.say("RECEIVED alice\n\n");
    await shell.shows("-- delivered: @bob half a line");
    await shell.press("C-d");
    await shell.until(endsWith("shell>"));
    await shell.press("C-d");
    await shell.status();
  },
);

inTerminal("Ctrl-Z does no harm where there is no shell to go back to", async ({ folder, port }) => {
  await using alone = await paneIn(folder, connect(port, "alice"));
  await alone.until(endsWith("alice>"));
  await alone.type("half");
  await alone.press("C-z");
  await alone.until(endsWith("alice> half"));
  await alone.type(" a line");
  await alone.until(endsWith("alice> half a line"));
  await alone.press("C-c");
  assertEquals(await alone.status(), 0);
});

inTerminal("Ctrl-R finds an earlier line, and Esc leaves the line as it was", async ({ folder, port }) => {
  await using alone = await paneIn(folder, connect(port, "alice"));
  await alone.until(endsWith("alice>"));
  for (const line of ["@bob one", "@carol two", "@bob three"]) await alone.enter(line);
  await alone.until((rows) => rows.filter((row) => row.startsWith("-- not delivered")).length === 3);
  await alone.type("half");
  await alone.press("C-r");
  await alone.type("bob");
  await alone.until(endsWith("(reverse-i-search)'bob': @bob three"));
  await alone.press("C-r");
  await alone.until(endsWith("(reverse-i-search)'bob': @bob one"));
  await alone.press("Escape");
  await alone.until(endsWith("alice> half"));
  await alone.press("C-r");
  await alone.type("carol");
  await alone.until(endsWith("(reverse-i-search)'carol': @carol two"));
  await alone.press("C-e");
  await alone.until(endsWith("alice> @carol two"));
  await alone.press("C-c");
  assertEquals(await alone.status(), 0);
});

inTerminal(
  "a paste that the terminal does not mark is asked about, however long it is",
  async ({ folder, port }) => {
    await using bob = new Program(["connect", "--server", `127.0.0.1:${port}`, "bob"]);
    await bob.stdout.match(/as bob\n/);
    await using one = await paneIn(folder, connect(port, "alice"));
    await one.until(endsWith("alice>"));
    const lines = Array.from({ length: 600 }, (_, i) => `@bob ${i} ${"x".repeat(10)}\n`).join("");
    await one.pasteUnmarked(lines);
    await one.until(endsWith("Send 600 pasted lines? [y/N]"));
    await one.enter("n");
    await one.until((rows) => rows.includes("-- what was pasted was left out") && rows.at(-1) === "alice>");
    await one.pasteUnmarked(lines);
    await one.until(endsWith("Send 600 pasted lines? [y/N]"));
    await one.enter("y");
    await bob.stdout.match(/alice: 599 x/);
    assertEquals(bob.stdout.soFar.split("\n").filter((line) => line.startsWith("alice: ")).length, 600);
    await one.press("C-c");
    assertEquals(await one.status(), 0);
  },
);

inTerminal(
  "who has just joined is completed once, those who have left are not, and frame's questions end",
  async ({ folder, ports }) => {
    const room = ["connect", "--dialect", "room", "--server", `127.0.0.1:${ports.get("room")}`];
    {
      await using one = await paneIn(folder, connect(ports.get("slash")!, "--dialect", "slash", "alice"));
      await one.until(endsWith("alice>"));
      await using zoe = new Program([...room, "zoe"]);
      await one.shows("-- zoe has joined.");
      // Keys that come in one piece are text that was pasted.
      await one.type("/dm z");
      await one.until(endsWith("alice> /dm z"));
      await one.press("Tab");
      await one.until(endsWith("alice> /dm zoe"));
      await one.press("Tab");
      await one.press("Tab");
      await one.type("hi");
      await one.until((rows) => rows.at(-1) === "alice> /dm zoe hi" && rows.at(-2) === "-- zoe has joined.");
      await one.press("C-u");
      zoe.endInput();
      await one.shows("-- zoe has left.");
      await one.type("/dm z");
      await one.until(endsWith("alice> /dm z"));
      await one.press("Tab");
      await one.type("!");
      await one.until(endsWith("alice> /dm z!"));
      await one.press("C-c");
      assertEquals(await one.status(), 0);
    }
    await using two = await paneIn(folder, connect(ports.get("frame")!, "--dialect", "frame"));
    const menu = "2 - 1 send a message, 2 disconnect and exit>";
    await two.until(endsWith(menu));
    await two.enter("1");
    await two.until(endsWith("Message>"));
    await two.enter("hi");
    await two.until(endsWith("Destination ID>"));
    await two.press("Enter");
    await two.until((rows) => rows.at(-1) === menu && rows.at(-2) === "-- nothing was sent: back to the menu");
    await two.enter("2");
    assertEquals(await two.status(), 0);
  },
);
