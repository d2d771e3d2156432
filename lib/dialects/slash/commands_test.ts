import { assertEquals } from "@std/assert";
import { parseSlashCommand } from "./commands.ts";

Deno.test("a command may have blanks around its parts, and any case", () => {
  for (const line of ["/users", " /USERS ", "/users please"]) assertEquals(parseSlashCommand(line), { kind: "users" });
  assertEquals(parseSlashCommand("/Help"), { kind: "help" });
  assertEquals(parseSlashCommand("/quit now"), { kind: "quit" });
  assertEquals(parseSlashCommand("\t/dm   bob \t hi  there "), { kind: "dm", to: "bob", message: "hi  there " });
});

Deno.test("quotes around a message are not part of it, quotes within are", () => {
  const message = (text: string) => {
    const command = parseSlashCommand(`/bm ${text}`);
    return command.kind === "bm" ? command.message : command.kind;
  };
  assertEquals(message('"hello from user1"'), "hello from user1");
  assertEquals(message("“hello from the user1 to user2”"), "hello from the user1 to user2");
  assertEquals(message('"hi"  '), "hi");
  assertEquals(message('say "hi"'), 'say "hi"');
  assertEquals(message('"hi" she said'), '"hi" she said');
  assertEquals(message('"'), '"');
  assertEquals(message('" "'), " ");
  assertEquals(message('""'), "usage");
});

Deno.test("a command without what belongs to it is answered with its usage", () => {
  for (const line of ["/dm", "/dm ", "/dm bob", "/dm bob ", '/dm bob ""']) {
    assertEquals(parseSlashCommand(line), { kind: "usage", of: "dm" }, line);
  }
  for (const line of ["/bm", "/bm  "]) assertEquals(parseSlashCommand(line), { kind: "usage", of: "bm" }, line);
});

Deno.test("what is no command is told from a wrong one and from nothing", () => {
  for (const line of ["/", "/foo", "/dmbob hi", "/__proto__"]) {
    assertEquals(parseSlashCommand(line), { kind: "unknown" });
  }
  for (const line of ["hi", "dm bob hi", "#quit", "a /quit"]) assertEquals(parseSlashCommand(line), { kind: "text" });
  for (const line of ["", "  \t "]) assertEquals(parseSlashCommand(line), { kind: "nothing" });
});
