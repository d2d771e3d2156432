import { assertEquals, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { Tokens } from "./tokens.ts";

/** Runs a test with files of these texts, and what the log says. */
async function withFiles(
  texts: readonly string[],
  act: (files: string[], log: string[]) => void,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const files = texts.map((_, i) => `${folder}/operator-${i}`);
  try {
    for (const [i, text] of texts.entries()) Deno.writeTextFileSync(files[i]!, text, { mode: 0o600 });
    act(files, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a token is the first line of its file, and is called what the file is", async () => {
  await withFiles(["first-token-0123456789\nnotes\n", "second-token-987654321\r\n"], (files, log) => {
    const tokens = new Tokens(files, (level, text) => log.push(`${level} ${text}`));
    const names = ["first-token-0123456789", "second-token-987654321", "first-token-012345678", "notes", ""]
      .map((given) => tokens.nameOf(given));
    assertEquals(names, ["operator-0", "operator-1", undefined, undefined, undefined]);
    assertEquals(log, []);
  });
});

Deno.test("it is warned of a token that others may read, and of one that can be guessed", async () => {
  await withFiles(["first-token-0123456789\n", "short"], (files, log) => {
    if (Deno.build.os !== "windows") Deno.chmodSync(files[0]!, 0o640);
    new Tokens(files, (level, text) => log.push(`${level} ${text}`));
    const readable = "warning others may read the token of the operators: chmod 600 keeps it";
    const short = "warning the token of the operators has fewer than 16 characters, and can be guessed";
    assertEquals(log, Deno.build.os === "windows" ? [short] : [readable, short]);
  });
});

Deno.test("a file without a token, or none, is an error that says what to do", async () => {
  await withFiles(["\nsecond line\n", "two words\n", "caf\u00e9-caf\u00e9-caf\u00e9-caf\u00e9"], (files) => {
    for (const file of files) {
      const error = assertThrows(() => new Tokens([file], () => {}), ChatError, "is no token: write some");
      assertEquals(error.code, "bad-token");
    }
    assertThrows(() => new Tokens([`${files[0]}-nowhere`], () => {}), ChatError, "cannot read the token in");
  });
});
