import { assertEquals } from "@std/assert";
import { parseCommand } from "./command.ts";

Deno.test("a command may have blanks around its parts, and any case", () => {
  for (const line of ["/users", " /USERS ", "/users please"]) assertEquals(parseCommand(line), { kind: "users" });
  assertEquals(parseCommand("/Help"), { kind: "help" });
  assertEquals(parseCommand("/quit now"), { kind: "quit" });
  assertEquals(parseCommand("\t/dm   bob \t hi  there "), { kind: "dm", to: "bob", message: "hi  there " });
});

Deno.test("quotes around a message are not part of it, quotes within are", () => {
  const message = (text: string) => {
    const command = parseCommand(`/bm ${text}`);
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
    assertEquals(parseCommand(line), { kind: "usage", of: "dm" }, line);
  }
  for (const line of ["/bm", "/bm  "]) assertEquals(parseCommand(line), { kind: "usage", of: "bm" }, line);
});

Deno.test("what is no command is told from a wrong one and from nothing", () => {
  for (const line of ["/", "/foo", "/dmbob hi", "/__proto__"]) assertEquals(parseCommand(line), { kind: "unknown" });
  for (const line of ["hi", "dm bob hi", "#quit", "a /quit"]) assertEquals(parseCommand(line), { kind: "text" });
  for (const line of ["", "  \t "]) assertEquals(parseCommand(line), { kind: "nothing" });
});
