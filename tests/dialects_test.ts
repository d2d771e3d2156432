/**
 * A dialect is a folder and a line; this says what else belongs to it and is not there yet.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Dialect } from "../lib/dialects/dialect.ts";
import { DIALECTS, findDialect } from "../lib/dialects/registry.ts";
import { missingOf } from "./dialects/requirements.ts";

for (const dialect of DIALECTS) {
  Deno.test(`${dialect.name} has all that a dialect must bring`, async () => {
    assertEquals((await missingOf(dialect, DIALECTS)).join("\n"), "");
  });
}

Deno.test("of a dialect that is only a line, each thing that it lacks is told with the place where it goes", async () => {
  const missing = await missingOf({ ...DIALECTS[0], name: "nobody", forms: [] }, DIALECTS);
  for (
    const path of [
      "lib/dialects/nobody/dialect.ts",
      "fixtures/nobody/clauses.txt",
      "fixtures/nobody/prelude.chat",
      "fixtures/nobody/stages.txt",
      "conformance/mutants/nobody/mutant_set.ts",
      "tests/pairs/rows/nobody.ts",
      "tests/fuzz/subjects/nobody.ts",
      "tests/simulation/users/nobody.ts",
      "bench/load/dialects/nobody.ts",
      "docs/protocols/nobody.md",
    ]
  ) assert(missing.some((sentence) => sentence.includes(`: write ${path} (`)), path);
  assert(missing.includes("nobody and relay have the same default port, 4000: choose another in dialect.ts"));
  assert(
    missing.includes(
      "nothing says how a server of nobody is recognised: add greeting:, or probe: and answer:, to fixtures/nobody/prelude.chat",
    ),
  );
});

Deno.test("what a dialect says of itself, in code and in its prelude, goes together, and with what the others say", async () => {
  const told = async (name: string, changes: Partial<Dialect>) => {
    const dialect = findDialect(name);
    if (dialect?.transport !== "tcp") throw new TypeError(`${name} is no dialect of streams`);
    return await missingOf({ ...dialect, ...changes }, DIALECTS);
  };
  assertEquals(await told("room", { speaksFirst: false }), [
    "fixtures/room/prelude.chat has a greeting:, and dialect.ts does not say that servers speak first: add speaksFirst: true",
  ]);
  assertEquals(await told("relay", { speaksFirst: true }), [
    "servers of relay speak first, as its dialect.ts says: add greeting: to fixtures/relay/prelude.chat",
  ]);
  assertEquals(await told("slash", { furtherPorts: [{ option: "relay-send", help: "Another one." }] }), [
    "slash and relay both have --relay-send: rename one in dialect.ts",
  ]);
});
