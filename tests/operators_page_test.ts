/**
 * The page of operators, in a browser.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { needs } from "../conformance/testing/needed_programs.ts";
import { Page } from "./chromium.ts";
import { startServer } from "./program.ts";

const TOKEN = "correct-horse-battery-staple";
const HOSTILE = "<img src=x onerror=\"document.title='bad'\">";

Deno.test({
  ...needs(["chromium"], "operators see who is here and close their connections, and what peers say is text"),
  fn: async () => {
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, `${TOKEN}\n`);
    const { server, ports } = await startServer("--admin", "0", "--admin-token", file);
    await using _ = server;
    const [, address] = await server.stdout.match(/(http:\/\/127\.0\.0\.1:\d+\/) in a browser/);
    const peer = await Deno.connect({ hostname: "127.0.0.1", port: ports.get("room")! });
    const heard = new Uint8Array(1_000);
    await peer.read(heard);
    await peer.write(new TextEncoder().encode(HOSTILE));
    await peer.read(heard);

    await using page = await Page.visit(address!, { width: 400, height: 900 });
    const submit = async (token: string) => {
      await page.becomes(`!document.querySelector("#ask").hidden && document.activeElement.id === "token"`);
      await page.type(token);
      await page.evaluate(`document.querySelector("#ask").requestSubmit()`);
    };
    await submit("wrong");
    await page.becomes(`document.querySelector("#why").textContent.includes("the token is wrong")`);
    await submit(TOKEN);
    await page.becomes(`document.querySelectorAll("#people tbody tr").length === 1`);
    const row = await page.evaluate(`document.querySelector("#people tbody tr").innerText`) as string;
    assert(row.includes(HOSTILE), row);
    assertMatch(row, /room[^]*127\.0\.0\.1:\d+/);
    assertEquals(
      await page.evaluate(
        `[document.title, document.images.length, document.documentElement.scrollWidth <= innerWidth]`,
      ),
      ["chat: operators", 0, true],
    );
    // All that was loaded is ours, and the token is nowhere but in the tab.
    const loaded = await page.evaluate(`performance.getEntriesByType("resource").map(({ name }) => name)`) as string[];
    assertEquals(loaded.filter((name) => !name.startsWith(address!)), []);
    assertEquals(await page.evaluate(`[location.href, localStorage.length, document.cookie]`), [address, 0, ""]);

    await page.click(`button[aria-label^="Kick"]`);
    await page.becomes(`document.querySelector("#sure").open`);
    await page.click(`#sure button[value="yes"]`);
    await page.becomes(`document.querySelector("#done li .good") !== null`);
    await page.becomes(`!document.querySelector("#nobody").hidden`);
    assertMatch(new TextDecoder().decode(heard.subarray(0, await peer.read(heard) ?? 0)), /operator/);
    peer.close();
    await server.stderr.match(/an operator has closed a connection/);
    await Deno.remove(file);
  },
});
