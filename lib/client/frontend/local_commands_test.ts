import { assert, assertEquals } from "@std/assert";
import { DIALECTS } from "../../dialects/registry.ts";
import { helpLines, parseLine } from "./local_commands.ts";

Deno.test("our commands are the same in every dialect", () => {
  for (const hasSlash of [true, false]) {
    for (const kind of ["help", "names", "quit"]) assertEquals(parseLine(`/${kind} `, hasSlash), { kind } as never);
  }
});

Deno.test("other lines with a slash are refused, or the dialect's own", () => {
  assertEquals(parseLine("/quti", false).kind, "unknown");
  assertEquals(parseLine("/quit now", false).kind, "unknown");
  assertEquals(parseLine("/constructor", false).kind, "unknown");
  assertEquals(parseLine("/users", true), { kind: "line", text: "/users" });
  assertEquals(parseLine("//dm", true), { kind: "line", text: "//dm" });
  assertEquals(parseLine("//dm", false), { kind: "line", text: "/dm" });
  assertEquals(parseLine("and/or", false), { kind: "line", text: "and/or" });
});

Deno.test("help lists all that a dialect offers, and what we add", () => {
  for (const { name, forms } of DIALECTS) {
    const help = helpLines(name, forms).join("\n");
    for (const form of [...forms.map(({ form }) => form), "/help", "/names", "/quit"]) {
      assert(help.includes(`\n  ${form} `), `${name}: ${form}`);
    }
  }
});
