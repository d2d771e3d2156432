/**
 * The page in a browser, against the running server, with people who speak something else.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { Page } from "./chromium.ts";
import { FramePeer } from "./frame_peer.ts";
import { Program, startServer } from "./program.ts";
import { RelayPeer } from "./relay_peer.ts";

/** What somebody might send who means harm: markup, text turned around, a terminal's sequences, a link to elsewhere than it says. */
const HOSTILE =
  `<img src=x onerror="document.title = 'owned'"><script>document.title = 'owned'</script>\u202e\x1b[2J\x00 ` +
  `https://bank.example@evil.example/ javascript:alert(1) https://fine.example/a.`;

/** What is to be seen of the elements that a selector finds. */
async function seen(page: Page, selector: string): Promise<string[]> {
  return await page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((element) => element.checkVisibility()).map((element) => element.innerText.trim())`) as string[];
}

/** Waits until what is to be seen of some elements is this. */
async function shows(page: Page, selector: string, texts: readonly string[]): Promise<void> {
  await page.becomes(`JSON.stringify([...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((element) => element.checkVisibility()).map((element) => element.innerText.trim()))
    === ${JSON.stringify(JSON.stringify(texts))}`).catch(async (error) => {
    assertEquals(await seen(page, selector), texts, error.message);
  });
}

/** Notes what the browser finds wrong with a page from now on. */
async function watched(page: Page): Promise<Page> {
  await page.evaluate(`window.wrong = [];
    for (const kind of ["securitypolicyviolation", "error", "unhandledrejection"]) {
      addEventListener(kind, (event) => wrong.push(kind + ": " + (event.message ?? event.blockedURI ?? event.reason)));
    }`);
  return page;
}

async function join(page: Page, name: string): Promise<void> {
  await page.type(`${name}\r`);
  await shows(page, "#own-name", [name]);
}

/** Whether nothing went wrong, and nobody but the server was asked for anything. */
async function isSound(page: Page): Promise<void> {
  assertEquals(await page.evaluate("wrong"), []);
  const others =
    `performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => !name.startsWith(origin))`;
  assertEquals(await page.evaluate(others), []);
}

Deno.test({
  ...needs(
    ["chromium"],
    "two browsers and people of other dialects talk; what is not known after the server was killed is said to be so",
  ),
  fn: async () => {
    // Nobody gives up on bob, who acknowledges what the test says.
    const first = await startServer("--ack-timeout", "60s");
    const port = first.ports.get("web")!;
    await using server = first.server;
    await using bob = await RelayPeer.register("bob", first.ports.get("relay")!);
    await using frame = await FramePeer.connect({ hostname: "127.0.0.1", port: first.ports.get("frame")! });
    const carol = `id${await frame.id()}`;
    const group = ["connect", "dave", "--dialect", "group", "--server", `127.0.0.1:${first.ports.get("group")}`];
    await using dave = new Program(group);
    await dave.stdout.match(/connected to .* as dave\n/);
    const address = `http://127.0.0.1:${port}/`;
    await using alice = await watched(await Page.visit(address));
    const eve = await watched(await alice.another(address));

    // A name that cannot be had is refused with why, and the next one is tried.
    await alice.type("a b\r");
    await alice.becomes(`document.querySelector("#name-problem").innerText !== ""`);
    await alice.evaluate(`document.querySelector("#name").select()`);
    await alice.type("bob\r");
    await alice.becomes(`/^Somebody has this name/.test(document.querySelector("#name-problem").innerText)`);
    assertEquals(await alice.evaluate(`document.activeElement.id + document.activeElement.ariaInvalid`), "nametrue");
    await join(alice, "alice");
    await join(eve, "eve");
    await shows(alice, "#names .name", ["bob", "dave", "eve", carol]);
    assertEquals(await seen(alice, "#names .dialect"), ["relay", "group", "web", "frame"]);

    // To all, and what became of it.
    await alice.type("hello everybody\r");
    assertMatch(await bob.forwarded(), /hello everybody$/);
    await shows(alice, ".fate", ["on its way"]);
    await bob.say("RECEIVED alice\n\n");
    await frame.read(/[^]*hello everybody/);
    await dave.stdout.match(/alice to all: hello everybody\n/);
    await shows(eve, ".entry .body", ["hello everybody"]);
    await shows(alice, ".fate", ["delivered to 4 of 4"]);

    // What others say is text.
    await bob.send("ALL", HOSTILE);
    const [text = ""] =
      (await eve.becomes(`document.querySelectorAll(".entry").length === 2`),
        await seen(eve, ".entry:last-child .body"));
    assertEquals(text, HOSTILE.replace("\u202e", "\\u202e").replace("\x1b", "\\x1b").replace("\x00", "\\x00"));
    assertEquals(
      await eve.evaluate(`[...document.querySelectorAll(".body a")].map((link) => [link.href, link.rel, link.target])`),
      [["https://fine.example/a", "noopener noreferrer nofollow", "_blank"]],
    );
    assertEquals(await eve.evaluate(`document.querySelectorAll("#log :is(img, script)").length`), 0);
    assertMatch(await bob.answer(), /^SENT ALL/);

    // To one, with several lines, found and opened by keyboard; counted by whoever looks elsewhere.
    await eve.press("k", { control: true });
    for (const key of ["End", "ArrowUp", "Home", "ArrowDown", "Enter"]) await eve.press(key);
    await shows(eve, "#title", ["bob"]);
    await shows(eve, "#names .name", ["bob", "alice", "dave", carol]);
    await eve.press("k", { control: true });
    for (const key of ["ArrowDown", "Enter"]) await eve.press(key);
    await shows(eve, "#title", ["alice"]);
    await eve.type("one");
    await eve.press("Enter", { shift: true });
    await eve.type("two\r");
    await shows(eve, ".fate", ["delivered"]);
    await shows(alice, "#names .unread", ["1\nunread"]);
    assertEquals(await alice.evaluate("document.title"), "(1) chat");
    await alice.click("#names button");
    await shows(alice, ".entry .body", ["one\ntwo"]);
    await alice.becomes(`document.title === "chat"`);
    assertEquals(await alice.evaluate("document.activeElement.id"), "text");

    // What a screen reader finds.
    const found = await alice.accessible();
    for (
      const one of [
        "navigation Conversations",
        "heading 4 others here",
        "list 4 others here",
        "heading eve",
        "log eve",
        "textbox Write to eve",
        "button Send",
      ]
    ) assert(found.includes(one), `${one} is not in ${JSON.stringify(found)}`);
    assert(found.some((one) => /^button eve\s*web$/.test(one)), JSON.stringify(found));

    // Five thousand messages, of which the document has the newest.
    await alice.click("#everybody");
    await flood(port, "alice", 5_000);
    await alice.click("#names button");
    await alice.becomes(`document.querySelector("#entries").lastElementChild?.innerText.includes("number 4999")`);
    assertEquals(await alice.evaluate(`document.querySelectorAll("#entries > li").length`), 500);
    assert(await alice.evaluate(`document.querySelectorAll("*").length`) as number < 5_000);
    await alice.click("#earlier");
    await alice.becomes(`document.querySelectorAll("#entries > li").length > 500`);
    await alice.click("#newest");

    // The server is killed while a message is on its way, and comes again.
    await alice.evaluate(
      `[...document.querySelectorAll("#names button")].find((button) => /bob/.test(button.innerText)).click()`,
    );
    await alice.type("are you there?\r");
    await bob.forwarded();
    await shows(alice, ".fate", ["on its way"]);
    server.signal("SIGKILL");
    await alice.becomes(`/^not confirmed/.test(document.querySelector(".fate")?.innerText)`);
    await alice.becomes(`!document.querySelector("#connection").hidden`);
    await alice.type("and now?\r");
    await alice.becomes(`/^Not connected/.test(document.querySelector("#composer-problem").innerText)`);
    await server.finished();
    const ports = DIALECTS.flatMap(({ name }) => [`--${name}`, name === "web" ? String(port) : "off"]);
    await using second = new Program(["serve", ...ports]);
    await second.stdout.match(/^Ctrl-C/m);
    await alice.becomes(`document.querySelector("#connection").hidden`);
    assertEquals((await seen(alice, ".fate")).map((text) => text.slice(0, 13)), ["not confirmed"]);
    await alice.click(".fate button");
    await shows(alice, ".own .fate", [
      "not confirmed; sent again below",
      "not delivered: nobody of that name is there Send again",
    ]);

    // The tab is loaded again, and knows all of it still.
    await isSound(alice);
    await isSound(eve);
    const markup =
      `try { document.createElement("p").innerHTML = "<b>"; false } catch (error) { error instanceof TypeError }`;
    assertEquals(await eve.evaluate(markup), true, "no text can become markup");
    await alice.go(address);
    await shows(alice, "#own-name", ["alice"]);
    await shows(alice, "#title", ["bob"]);
    assertEquals((await seen(alice, ".own .body")).length, 2);
  },
});

/** Sends somebody many messages, and waits until all are delivered. */
async function flood(port: number, to: string, count: number): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/chat`, "chat.web.1");
  const outcomes: string[] = [];
  const closed = new Promise((resolve) => socket.onclose = resolve);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = reject;
    socket.onmessage = ({ data }) => {
      const { type, kind } = JSON.parse(data);
      if (type === "hello") socket.send(`{"type":"join","name":"AAA"}`);
      if (type === "joined") {
        for (let id = 0; id < count; id++) {
          socket.send(JSON.stringify({ type: "send", id, to, text: `number ${id}` }));
        }
      }
      if (type === "outcome" && outcomes.push(kind) === count) resolve();
    };
  });
  assertEquals(new Set(outcomes), new Set(["delivered"]));
  socket.close();
  await closed;
}
