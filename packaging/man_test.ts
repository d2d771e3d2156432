import { assert, assertEquals } from "@std/assert";
import { manualPage, PAGE } from "./man.ts";

Deno.test("the manual page is that of the options as they are: otherwise run deno task man", async () => {
  assertEquals((await Deno.readTextFile(PAGE)).replaceAll("\r\n", "\n"), manualPage());
});

Deno.test("the manual page has each option with its default, and is fit for man", () => {
  const page = manualPage();
  assert(page.includes('.BI \\-\\-drain\\-timeout " TIME"\nHow long a shutdown may take. Default: 10s.\n'), page);
  assert(page.includes(".BI \\-\\-limit\\-loopback\n"));
  for (const line of page.split("\n")) assert(/^(?:\.(?:\\"|[A-Z]{1,2}\b|br$)|[^.'])|^$/.test(line), line);
});
