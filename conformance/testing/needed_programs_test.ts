import { assertEquals } from "@std/assert";
import { commandOf, findCommand, needs } from "./needed_programs.ts";

Deno.test("a program that is missing, cannot be run, or is another one, is no error: the next command is tried", async () => {
  const folder = await Deno.makeTempDir();
  const data = `${folder}/data`;
  await Deno.writeTextFile(data, "no program");
  const deno = Deno.execPath();
  assertEquals(findCommand({ commands: ["there-is-no-such-program", data], args: [] }), undefined);
  assertEquals(findCommand({ commands: [deno], args: ["eval", "Deno.exit(1)"] }), undefined);
  assertEquals(findCommand({ commands: ["there-is-no-such-program", deno], args: ["--version"] }), deno);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a test says which programs it needs, and is skipped without one of them", () => {
  const isMissing = commandOf("zsh") === undefined || commandOf("fish") === undefined;
  assertEquals(needs(["zsh", "fish"], "shells"), { name: "shells (needs zsh and fish)", ignore: isMissing });
  assertEquals(needs([], "nothing").ignore, false);
});
