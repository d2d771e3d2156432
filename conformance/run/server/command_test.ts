import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../../lib/core/error.ts";
import { commandFor, readCommand, takesPort } from "./command.ts";

Deno.test("a command is divided and quoted as in a shell, and nothing in it is replaced but the host and the port", () => {
  const words = readCommand(`python3 "my server.py" --at='{host}:{port}' $HOME *.py`);
  assertEquals(words, ["python3", "my server.py", "--at={host}:{port}", "$HOME", "*.py"]);
  assertEquals(commandFor(words, { hostname: "127.0.0.1", port: 4000 })[2], "--at=127.0.0.1:4000");
  assertEquals([takesPort(words), takesPort(["server"])], [true, false]);
});

Deno.test("what only a shell can do is refused, and so is nothing at all", () => {
  for (const text of ["a | b", "a && b", "a > b", "a; b", "a # b"]) {
    assertThrows(() => readCommand(text), ChatError, "without a shell");
  }
  assertThrows(() => readCommand("  "), ChatError, "there is no command in it");
  assertThrows(() => readCommand("'' a"), ChatError, "there is no command in it");
});
