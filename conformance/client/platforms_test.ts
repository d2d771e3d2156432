import { assertEquals } from "@std/assert";
import { environmentOn, inTerminal } from "./platforms.ts";

Deno.test("Python's output comes at once everywhere, and in UTF-8 on Windows, where pipes have another code", () => {
  assertEquals(environmentOn("linux"), { PYTHONUNBUFFERED: "1" });
  assertEquals(environmentOn("darwin"), { PYTHONUNBUFFERED: "1" });
  assertEquals(environmentOn("windows"), { PYTHONUNBUFFERED: "1", PYTHONIOENCODING: "utf-8" });
});

Deno.test("util-linux's script takes one command for a shell, and that of macOS the words behind the file", () => {
  const [program, options, command, file] = inTerminal(["python3", "it's.py"], "linux");
  assertEquals([program, options, file], ["script", "-qfec", "/dev/null"]);
  assertEquals(command!.endsWith(" 'sh' 'python3' 'it'\\''s.py'"), true, command);
  const onMac = inTerminal(["python3", "it's.py"], "darwin");
  assertEquals([...onMac.slice(0, 5), ...onMac.slice(-3)], [
    ...["script", "-q", "/dev/null", "sh", "-c"],
    ...["sh", "python3", "it's.py"],
  ]);
});
