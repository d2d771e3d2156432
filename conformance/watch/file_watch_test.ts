import { assertEquals } from "@std/assert";
import { VirtualTime } from "../../lib/simulation/virtual_time.ts";
import { type FileStamps, FileWatch } from "./file_watch.ts";

/** Watches files that change at these times; tells what was told, and when. */
async function watchFiles(
  changes: Readonly<Record<number, Readonly<Record<string, string>>>>,
  until = 3_000,
): Promise<string[]> {
  const time = new VirtualTime(1);
  const told: string[] = [];
  let files: FileStamps = new Map([["server.py", "1"]]);
  for (const [at, now] of Object.entries(changes)) {
    time.after(Number(at), () => files = new Map(Object.entries(now)));
  }
  await time.run(async () => {
    const tree = { stamps: () => Promise.resolve(files) };
    const watch = new FileWatch(tree, files, time, (some) => told.push(`${some.join(" ")} at ${time.now()}`), () => {});
    await new Promise<void>((resolve) => time.after(until, resolve));
    watch.close();
  });
  return told;
}

Deno.test("a file that is written, comes or goes is a change; one that is saved under another name that replaces it is one, too", async () => {
  assertEquals(await watchFiles({}), []);
  assertEquals(await watchFiles({ 300: { "server.py": "2" } }), ["server.py at 600"]);
  assertEquals(await watchFiles({ 300: { "server.py": "1", "new.py": "1" }, 1200: { "new.py": "1" } }), [
    "new.py at 600",
    "server.py at 1450",
  ]);
  // Written beside it, gone for a moment, there again.
  const saved = { 260: { "server.py": "1", "x": "1" }, 490: { x: "1" }, 540: { "server.py": "2" } };
  assertEquals(await watchFiles(saved), ["server.py at 700"]);
});

Deno.test("many changes at once are told once, and what never rests is told all the same", async () => {
  const many = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [260 + 60 * i, { [`f${i}`]: "1" }]));
  assertEquals(await watchFiles(many), ["f7 server.py at 800"]);
  const restless = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [260 + 50 * i, { log: String(i) }]));
  assertEquals((await watchFiles(restless))[0], "log server.py at 1500");
});
