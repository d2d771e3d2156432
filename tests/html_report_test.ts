/**
 * The HTML report as people see it: in a browser.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { commandOf, needs } from "../conformance/testing/needed_programs.ts";
import { Page } from "./chromium.ts";
import { runProgram } from "./program.ts";

const SERVER = new URL("fakes/relay_server.py", import.meta.url).pathname;

/** Runs `chat conform` for its page, and opens that. */
async function openReport(args: readonly string[], use: (page: Page) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const { status, stderr } = await runProgram(["conform", ...args, "--report", `html=${folder}/report.html`]);
    assertEquals([status, stderr], [1, ""]);
    await using page = await Page.open(`${folder}/report.html`);
    await use(page);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What is to be seen of the elements that a selector finds; a closed block shows its head alone. */
async function seen(page: Page, selector: string): Promise<string[]> {
  return await page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})]
    .filter((element) => element.checkVisibility()).map((element) => element.innerText)`) as string[];
}

Deno.test({
  ...needs(
    ["chromium", "python3"],
    "the page lists the clauses, is searched by typing and clicking, and shows what went over the wire",
  ),
  fn: async () => {
    const command = `${commandOf("python3")} '${SERVER}' {port} confirms`;
    const filters = ["register-tosend", "register-torecv", "send-unicast", "send-unknown"];
    const args = ["--server-cmd", command, "--dialect", "relay", ...filters.flatMap((glob) => ["--filter", glob])];
    await openReport(args, async (page) => {
      const slugs = () => seen(page, ".clause > summary .slug");
      assertEquals(await slugs(), filters.map((slug) => `relay/${slug}`));
      assertEquals(await seen(page, "nav a"), ["relay/send-unknown"]);

      // The failure is open: what was expected, what came, and all that went over the wire.
      const [difference] = await seen(page, ".difference");
      assertMatch(difference!, /^expected {2}ERROR 102 Unable to send\\n\\n\nreceived {2}SENT \w+\\n\\n\n +\^/);
      const [wire] = await seen(page, ".wire");
      assertMatch(wire!, /alice\.out\s+→\s+REGISTER TOSEND alic\w+\\n\\n/);

      // One that passed is closed until it is clicked, and so is each of its fixtures.
      const passed = '[id="target-1/relay/send-unicast"]';
      assertEquals(await seen(page, `${passed} .wire`), []);
      await page.click(`${passed} > summary`);
      await page.click(`${passed} .fixture > summary`);
      assertMatch((await seen(page, `${passed} .wire`))[0]!, /FORWARD \w+/);

      // `/` leads into the search, which looks into the bytes as well.
      await page.type("/");
      await page.type("content-LENGTH");
      assertEquals(await slugs(), ["relay/send-unicast", "relay/send-unknown"]);
      assertEquals(await seen(page, ".controls output"), ["2 of 4 clauses"]);
      await page.click('.controls [data-group="failed"]');
      assertEquals(await slugs(), ["relay/send-unknown"]);
      await page.click('.controls [data-group="failed"]');
      await page.click(".controls input");
      await page.type(" no such thing");
      assertEquals(await slugs(), []);
      // A link leads even to what was not searched for.
      await page.click("nav a");
      await page.becomes(`document.querySelector('[id="target-1/relay/send-unknown"]').checkVisibility()`);
      assertEquals(await slugs(), ["relay/send-unknown"]);

      assertEquals(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
    });
  },
});

Deno.test({
  ...needs(["chromium"], "nothing that a server says becomes part of the page"),
  fn: async () => {
    const said = `REGISTERED </code></details><script>document.title = "owned"</script>` +
      `<img src=x onerror="document.title = 'owned'">&amp;\x1b[2J\u202e" onclick="1\n\n`;
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const serving = (async () => {
      for await (const connection of listener) {
        await connection.write(new TextEncoder().encode(said));
        await connection.closeWrite();
        // Until the other side has left.
        for await (const _ of connection.readable);
      }
    })();
    const target = `127.0.0.1:${listener.addr.port}`;
    await openReport(["--target", target, "--dialect", "relay", "--filter", "register-tosend"], async (page) => {
      assertMatch(String(await page.evaluate("document.title")), /^relay at 127\.0\.0\.1:\d+: does not conform/);
      assertEquals(await page.evaluate("document.images.length + document.scripts.length"), 1);
      const [wire] = await seen(page, ".wire");
      assert(wire!.includes(`<script>document.title = "owned"</script><img src=x`), wire);
      assert(wire!.includes(`&amp;\\x1b[2J\\xe2\\x80\\xae" onclick="1`), wire);
    });
    listener.close();
    await serving;
  },
});
