import { assertEquals, assertMatch } from "@std/assert";
import { openLog } from "./log.ts";

/** An output that keeps what is written. */
function lines() {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text) > 0 };
}

const NAMES = ["{*}", "{name}", "{{x}}", "}}", "{", "{ user }", "a}}b{"];

for (const format of ["text", "json"] as const) {
  Deno.test(`braces are what they are, in a sentence and in values, as ${format}`, async () => {
    const output = lines();
    const log = await openLog("info", format, output);
    for (const name of NAMES) {
      log("info", `The group ${name} is gone.`, { user: name, "*": name });
    }
    const told = output.written.map((line) => {
      if (format === "text") return line.replace(/^.*\[INF\] /, "").trimEnd();
      const { message, properties: { user, "*": all } } = JSON.parse(line);
      return `${message} user=${user} *=${all}`;
    });
    assertEquals(told, NAMES.map((name) => `The group ${name} is gone. user=${name} *=${name}`));
  });
}

Deno.test("nothing in a line can forge another one, and what is below the level is left out", async () => {
  const output = lines();
  const log = await openLog("warning", "text", output);
  log("info", "not this");
  log("warning", "one\nline", { user: "a\nb\x1b[2J" });
  assertEquals(output.written.length, 1);
  assertMatch(output.written[0]!, /^[^\n\x1b]+\n$/);
});

Deno.test("lines for which there is no room are counted, and that is told when there is room again", async () => {
  const written: string[] = [];
  let hasRoom = true;
  const log = await openLog("info", "text", { write: (text) => hasRoom && written.push(text) > 0 });
  log("info", "first");
  hasRoom = false;
  log("info", "second");
  log("error", "third");
  hasRoom = true;
  log("info", "fourth");
  assertEquals(written.map((line) => line.replace(/^\S+ \S+ \S+ /, "")), [
    "[INF] first\n",
    "[WRN] lines of the log were lost: nobody read them in time count=2\n",
    "[INF] fourth\n",
  ]);
});

Deno.test("opened again, the log has its new level for those who had it before", async () => {
  const output = lines();
  const before = await openLog("error", "text", output);
  before("debug", "not this");
  await openLog("debug", "text", output);
  before("debug", "but this");
  assertEquals(output.written.length, 1);
  assertMatch(output.written[0]!, /but this/);
});
