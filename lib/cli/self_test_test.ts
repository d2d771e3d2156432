import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../core/error.ts";
import { parseCommandLine } from "../cli.ts";

const PAGE = { isTerminal: false, colors: false, columns: 100 };

Deno.test("conform --self-test asks nobody, and takes filters", () => {
  assertEquals(parseCommandLine(["conform", "--self-test", "--filter", "relay/send-*", "--filter", "room/*"], PAGE), {
    kind: "self-test",
    options: { filters: ["relay/send-*", "room/*"], dialects: undefined, seed: undefined },
  });
});

Deno.test("conform --self-test takes a dialect and a seed", () => {
  assertEquals(parseCommandLine(["conform", "--self-test", "--dialect", "room", "--seed", "7"], PAGE), {
    kind: "self-test",
    options: { filters: [], dialects: ["room"], seed: 7 },
  });
});

for (
  const server of [
    ["--target", "localhost:4000"],
    ["--server-cmd", "python3 server.py {port}"],
    ["--client-cmd", "python3 client.py {port}"],
  ]
) {
  Deno.test(`conform --self-test takes no ${server[0]}`, () => {
    const error = assertThrows(() => parseCommandLine(["conform", "--self-test", ...server], PAGE), ChatError);
    assertEquals(error.message, "--self-test brings its own: leave out --target, --server-cmd and --client-cmd");
  });
}
