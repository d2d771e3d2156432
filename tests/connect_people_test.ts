import { assert, assertEquals, assertMatch } from "@std/assert";
import { connectWords, endsWith, inTerminal, paneIn } from "./in_terminal.ts";
import { Program, runProgram } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";
import type { TmuxPane } from "./tmux.ts";

/** A client in a terminal, with its state in this folder, when it has shown a row. */
async function person(folder: string, port: number, words: readonly string[], row: RegExp): Promise<TmuxPane> {
  const pane = await paneIn(folder, connectWords(port, ...words));
  try {
    await pane.until((rows) => rows.some((shown) => row.test(shown)));
    return pane;
  } catch (error) {
    await pane[Symbol.asyncDispose]();
    throw error;
  }
}

/** alice, who speaks relay. */
const alice = (folder: string, port: number, ...words: string[]) =>
  person(folder, port, ["--time", "off", ...words, "alice"], /^alice>/);

const has = (beginning: string) => (rows: string[]) => rows.some((row) => row.startsWith(beginning));

inTerminal("lines come back with Up, the next day too, unless nobody wants that", async ({ folder, port }) => {
  {
    await using pane = await alice(folder, port);
    await pane.enter("@bob one");
    await pane.until(has("-- not delivered"));
    await pane.press("C-d");
    assertEquals(await pane.status(), 0);
  }
  assertEquals(await Deno.readTextFile(`${folder}/chat/history`), "@bob one\n");
  {
    await using pane = await alice(folder, port, "--no-history");
    await pane.enter("@bob two");
    await pane.until(has("-- not delivered"));
    await pane.press("C-d");
    assertEquals(await pane.status(), 0);
  }
  await using pane = await alice(folder, port);
  await pane.press("Up");
  await pane.until(endsWith("alice> @bob one"));
  await pane.press("C-c");
  assertEquals(await pane.status(), 0);
  await runProgram(["connect", "--server", `127.0.0.1:${port}`, "alice"], "@bob three\n", {
    env: { XDG_STATE_HOME: folder },
  });
  assertEquals(await Deno.readTextFile(`${folder}/chat/history`), "@bob one\n");
});

inTerminal("Tab completes whom one has met, the latest first, and our commands", async ({ folder, port }) => {
  await using bob = await RelayPeer.register("bob", port);
  await using bill = await RelayPeer.register("bill", port);
  await using pane = await alice(folder, port);
  await bill.send("alice", "hi");
  await pane.shows("bill: hi");
  await bob.send("alice", "ho");
  await pane.shows("bob: ho");
  await pane.type("@b");
  await pane.press("Tab");
  await pane.until(endsWith("alice> @bob"));
  await pane.press("Tab");
  await pane.until(endsWith("alice> @bill"));
  await pane.type("hello");
  await pane.until(endsWith("alice> @bill hello"));
  await pane.press("C-u");
  await pane.type("/n");
  await pane.press("Tab");
  await pane.until(endsWith("alice> /names"));
  await pane.press("Enter");
  await pane.until(has("-- relay does not tell who is there; met so far: bob, bill"));
  await pane.enter("/help");
  await pane.until(has("--   /quit"));
  await pane.enter("/quit");
  assertEquals(await pane.status(), 0);
});

inTerminal("more than three pasted lines are sent only when they shall be", async ({ folder, port }) => {
  await using bob = new Program(["connect", "--server", `127.0.0.1:${port}`, "bob"]);
  await bob.stdout.match(/as bob\n/);
  await using pane = await alice(folder, port);
  const lines = [1, 2, 3, 4, 5].map((i) => `@bob ${i}\n`).join("");
  await pane.paste(lines);
  await pane.until(endsWith("Send 5 pasted lines? [y/N]"));
  await pane.enter("no");
  await pane.until(has("-- what was pasted was left out"));
  await pane.paste(lines);
  await pane.until(endsWith("Send 5 pasted lines? [y/N]"));
  await pane.enter("y");
  await bob.stdout.match(/alice: 5\n/);
  await pane.paste("@bob 6\n@bob 7\n@bob se");
  await bob.stdout.match(/alice: 7\n/);
  await pane.until(endsWith("alice> @bob se"));
  await pane.enter("ven");
  await bob.stdout.match(/alice: seven\n/);
  assertEquals(bob.stdout.soFar.split("\n").slice(1, -1), [1, 2, 3, 4, 5, 6, 7, "seven"].map((i) => `alice: ${i}`));
  await pane.press("C-d");
  assertEquals(await pane.status(), 0);
});

inTerminal(
  "what is typed survives 200 messages, wide characters and another width",
  async ({ folder, port }) => {
    await using pane = await alice(folder, port);
    const typed =
      "@bob \u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e, and the rest of it, which is long";
    await pane.type(typed);
    const lines = Array.from({ length: 200 }, (_, i) => `@alice \u8a9e ${i}\n`).join("");
    const sending = runProgram(["connect", "--server", `127.0.0.1:${port}`, "bob"], lines);
    await pane.until((rows) => rows.some((row) => /^bob: \u8a9e \d/.test(row)));
    await pane.resize(40);
    assertEquals((await sending).status, 0);
    await pane.shows("bob: \u8a9e 199");
    await pane.resize(70);
    await pane.type("!");
    const rows = await pane.until((rows) => rows.at(-1)!.endsWith("!"));
    assert(rows.join("").replaceAll(" ", "").endsWith(`alice>${typed}!`.replaceAll(" ", "")), rows.join("\n"));
    await pane.press("C-c");
    assertEquals(await pane.status(), 0);
  },
);

inTerminal(
  "a server that was killed and started again is found again, under the same name",
  async ({ folder, server, port }) => {
    await using pane = await alice(folder, port);
    {
      await using _ = server;
      await using bob = await RelayPeer.register("bob", port);
      await pane.enter("@bob are you there?");
      await bob.forwarded();
      await pane.type("@bob hal");
      server.signal("SIGKILL");
      await pane.until(has("-- not confirmed (the connection is gone): @bob are you"));
      await pane.until(has("-- connecting again"));
    }
    const args = [
      "serve",
      "--relay",
      String(port),
      ...["frame", "slash", "group", "room"].flatMap((d) => [`--${d}`, "0"]),
    ];
    await using again = new Program(args);
    await again.stdout.match(/^chat listens/m);
    await pane.until((rows) => rows.filter((row) => row.startsWith("-- connected to ")).length === 2);
    await using bob = await RelayPeer.register("bob", port);
    await pane.enter("lo");
    assertEquals(await bob.forwarded(), "FORWARD alice\nContent-length: 5\n\nhallo");
    await bob.say("RECEIVED alice\n\n");
    await pane.shows("-- delivered: @bob hallo");
    await pane.press("C-d");
    assertEquals(await pane.status(), 0);
  },
);

inTerminal(
  "the time, colours unless NO_COLOR is set, and the right of --color over it",
  async ({ folder, port }) => {
    for (const [words, hasColors] of [[[], true], [["--color", "never"], false]] as const) {
      await using pane = await person(folder, port, [...words, "alice"], /^alice>/);
      await using bob = await RelayPeer.register("bob", port);
      await bob.send("alice", "hi");
      await pane.until((rows) => rows.some((row) => /^\d\d:\d\d bob: hi$/.test(row)));
      assertEquals((await pane.painted()).includes("\x1b["), hasColors);
      await pane.press("C-c");
      assertEquals(await pane.status(), 0);
    }
    for (const [words, hasColors] of [[[], false], [["--color", "always"], true]] as const) {
      await using pane = await paneIn(folder, [
        "env",
        "NO_COLOR=1",
        ...connectWords(port, "--no-history", ...words, "alice"),
      ]);
      await pane.until((rows) => rows.some((row) => row.startsWith("alice>")));
      assertEquals((await pane.painted()).includes("\x1b["), hasColors);
      await pane.press("C-d");
      assertEquals(await pane.status(), 0);
    }
  },
);

inTerminal("slash's own commands and ours get along", async ({ folder, ports }) => {
  const words = ["--dialect", "slash", "--time", "off", "alice"];
  await using pane = await person(folder, ports.get("slash")!, words, /^alice>/);
  await pane.enter("/names");
  await pane.until((rows) => rows.some((row) => /^-- .*alice/.test(row) && !row.includes("connected")));
  await pane.enter("/quit");
  assertEquals(await pane.status(), 0);
  assertMatch((await pane.rows()).join("\n"), /alice> \/quit/);
});
