import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../lib/core/error.ts";
import { checkPlaceholders, clientCommandFor, fillIn, readInput, takesServerPort } from "./command.ts";

const PLACE = { server: { hostname: "::1", port: 4000 }, name: "ann", clientPort: 4001 };

Deno.test("every placeholder is filled in, wherever it stands in a word", () => {
  assertEquals(clientCommandFor(["python3", "c.py", "--at={server}", "{name}", "{client-port}"], PLACE), [
    ...["python3", "c.py", "--at=[::1]:4000", "ann", "4001"],
  ]);
  assertEquals(fillIn("{host}\n{port}\n{braces}\n", PLACE), "::1\n4000\n{braces}\n");
});

Deno.test("a client is told where to connect to by its command, or by what is typed", () => {
  assertEquals(takesServerPort(["c", "{port}"], ""), true);
  assertEquals(takesServerPort(["c"], "{server}\n"), true);
  assertEquals(takesServerPort(["c", "{host}"], "{name}\n"), false);
});

Deno.test("what is typed has escapes, and a mistake in it is told", () => {
  assertEquals(readInput("\\t{name}\\n\\\\"), "\t{name}\n\\");
  assertEquals(
    assertThrows(() => readInput("a\\q"), ChatError).message,
    "--client-input: \\q is no escape: Enter is \\n",
  );
  assertEquals(
    assertThrows(() => checkPlaceholders("{prot}", "--client-cmd"), ChatError).message,
    "--client-cmd: there is no {prot}: {host} {port} {name} {client-port} {server} {dir}",
  );
});

Deno.test("{dir} is the folder in which the program runs, whatever stands in its name", () => {
  assertEquals(fillIn("{dir}/c.py", PLACE), `${Deno.cwd()}/c.py`);
});
