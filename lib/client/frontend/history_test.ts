import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { History, MAX_HISTORY } from "./history.ts";

async function inFolder(use: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what was entered is there the next time, the latest first", () =>
  inFolder((folder) => {
    const path = `${folder}/state/chat/history`;
    const history = History.open(path);
    assertEquals(history.latestFirst, []);
    history.remember("one");
    history.remember("zwei 日本");
    assertEquals(History.open(path).latestFirst, ["zwei 日本", "one"]);
  }));

Deno.test("two programs at the same time lose nothing of each other", () =>
  inFolder((folder) => {
    const path = `${folder}/history`;
    const [one, two] = [History.open(path), History.open(path)];
    one.remember("from one");
    two.remember("from two");
    assertEquals(History.open(path).latestFirst, ["from two", "from one"]);
  }));

Deno.test("no more than the bound is kept, and the file is shortened when it is opened", () =>
  inFolder(async (folder) => {
    const path = `${folder}/history`;
    const numbers = Array.from({ length: 2 * MAX_HISTORY + 1 }, (_, i) => `line ${i}`);
    await Deno.writeTextFile(path, numbers.map((line) => `${line}\n`).join(""));
    const { latestFirst } = History.open(path);
    assertEquals([latestFirst.length, latestFirst[0]], [MAX_HISTORY, `line ${2 * MAX_HISTORY}`]);
    assertEquals((await Deno.readTextFile(path)).split("\n").length - 1, MAX_HISTORY);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("empty lines, and lines too long to look for, are not kept", () =>
  inFolder((folder) => {
    const history = History.open(`${folder}/history`);
    for (const line of ["  ", "x".repeat(2_001), "two\nlines"]) history.remember(line);
    assertEquals(History.open(`${folder}/history`).latestFirst, []);
  }));

Deno.test({
  name: "the file and its folder are for their owner alone",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder((folder) => {
      History.open(`${folder}/chat/history`).remember("a secret");
      const modeOf = (path: string) => Deno.statSync(path).mode! & 0o777;
      assertEquals([modeOf(`${folder}/chat`), modeOf(`${folder}/chat/history`)], [0o700, 0o600]);
    }),
});

Deno.test("what is no file, or cannot be written, is told in a line that says what to do", () =>
  inFolder(async (folder) => {
    assertThrows(() => History.open(folder), ChatError, "is no file");
    await Deno.writeTextFile(`${folder}/a`, "");
    assertThrows(() => History.open(`${folder}/a/chat/history`), ChatError, "--no-history does without");
    const history = History.open(`${folder}/b/history`);
    await Deno.remove(`${folder}/b`, { recursive: true });
    assertThrows(() => history.remember("x"), ChatError, "--no-history does without");
  }));

Deno.test("what somebody else has written into the file does nothing to the terminal", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/history`, "\x1b[2Jone\x9b1m\ttwo\r\n\x07\n");
    assertEquals(History.open(`${folder}/history`).latestFirst, ["[2Jone1m\ttwo"]);
  }));
