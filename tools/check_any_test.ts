import { assertEquals } from "@std/assert";
import { importedValues, probe } from "./check_any.ts";

Deno.test("values imported from packages are found: default, named, renamed, all at once, and over several lines", () => {
  const source = [
    'import all, { type Some, one, two as other } from "a";',
    'import * as everything from "@b/c";',
    "import {",
    "  three,",
    "  four,",
    '} from "node:d";',
  ].join("\n");
  assertEquals(importedValues("x.ts", source), [
    { from: "a", name: "default", at: "x.ts:1" },
    { from: "a", name: "one", at: "x.ts:1" },
    { from: "a", name: "two", at: "x.ts:1" },
    { from: "@b/c", name: "*", at: "x.ts:2" },
    { from: "node:d", name: "three", at: "x.ts:3" },
    { from: "node:d", name: "four", at: "x.ts:3" },
  ]);
});

Deno.test("types, and files of the project, are none of these", () => {
  assertEquals(importedValues("x.ts", 'import type { A } from "a";\nimport { b } from "./b.ts";\n'), []);
});

Deno.test("an untyped import is reported, and a typed one is not", async () => {
  const untyped = "npm:deno-std@1.4.0/html/mod.js";
  const imported = [
    { from: untyped, name: "escape", at: "x.ts:1" },
    { from: "@std/html", name: "escape", at: "x.ts:2" },
  ];
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, probe(imported));
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", "--config", "deno.json", file],
      env: { NO_COLOR: "1" },
      stdout: "null",
      stderr: "piped",
    }).output();
    assertEquals(success, false);
    const unused = new TextDecoder().decode(stderr).match(/^\/\/ @ts-expect-error .*$/gm);
    assertEquals(unused, [`// @ts-expect-error x.ts:1 escape of ${untyped}`]);
  } finally {
    await Deno.remove(file);
  }
});
