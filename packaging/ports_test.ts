import { assert, assertEquals, assertThrows } from "@std/assert";
import { DERIVED_FILES } from "./ports.ts";

for (const { url, update } of DERIVED_FILES) {
  const name = url.pathname.split("/").slice(-2).join("/");

  Deno.test(`${name} has the registry's dialects and ports: otherwise run deno task generate`, async () => {
    const text = (await Deno.readTextFile(url)).replaceAll("\r\n", "\n");
    assertEquals(text, update(text));
  });

  Deno.test(`${name}: what has gone stale is written anew, and a file without the place for it is told`, async () => {
    const text = (await Deno.readTextFile(url)).replaceAll("\r\n", "\n");
    const stale = text.includes("55555") ? text.replaceAll("55555", "5") : text.replace("slash, ", "");
    assert(stale !== text);
    assertEquals(update(stale), update(text));
    assertThrows(() => update("nothing\n"), Error, "has lost the place");
  });
}
