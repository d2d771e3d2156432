import { assert, assertEquals } from "@std/assert";
import { formerFormat, loadWriter, REPORT_FORMATS } from "./formats.ts";

Deno.test("each format is loaded by its name, and explained in docs/conformance.md", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/conformance.md", import.meta.url));
  for (const format of REPORT_FORMATS) {
    assertEquals(typeof await loadWriter(format), "function", format);
    assert(
      page.includes(`\n| \`${format}\` | `),
      `add a row for ${format} to the table of formats in docs/conformance.md`,
    );
  }
});

Deno.test("a format's former name is read, and no other", () => {
  assertEquals([formerFormat("people"), formerFormat("text")], ["text", undefined]);
});
