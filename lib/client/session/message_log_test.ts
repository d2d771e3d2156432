import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { ChatError } from "../../core/error.ts";
import { MessageLog } from "./message_log.ts";

async function inFolder(test: (folder: string) => void): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("each line is in its file as soon as it is appended", () =>
  inFolder((folder) => {
    using transcripts = new MessageLog(folder);
    for (const line of ["3: hi", "4: hö"]) transcripts.append("node2_input.txt", line);
    transcripts.append("node2_output.txt", "3: hey");
    assertEquals(Deno.readTextFileSync(`${folder}/node2_input.txt`), "3: hi\n4: hö\n");
    assertEquals(Deno.readTextFileSync(`${folder}/node2_output.txt`), "3: hey\n");
  }));

Deno.test("what is in a file already stays there", () =>
  inFolder((folder) => {
    for (const line of ["3: yesterday", "3: today"]) {
      using transcripts = new MessageLog(folder);
      transcripts.append("node2_input.txt", line);
    }
    assertEquals(Deno.readTextFileSync(`${folder}/node2_input.txt`), "3: yesterday\n3: today\n");
  }));

Deno.test("nothing is written where there is nothing to keep", () =>
  inFolder((folder) => {
    new MessageLog(folder)[Symbol.dispose]();
    assertEquals([...Deno.readDirSync(folder)], []);
  }));

Deno.test("a file that cannot be written is told once, in one line that says what to do", () =>
  inFolder((folder) => {
    using transcripts = new MessageLog(`${folder}/missing`);
    const error = assertThrows(() => transcripts.append("node2_input.txt", "3: hi"), ChatError);
    assertEquals(error.code, "no-transcript");
    assertMatch(error.message, /^cannot write \S+node2_input\.txt: [^\n]+; choose a folder with --transcript-dir DIR$/);
    transcripts.append("node2_input.txt", "3: hi");
  }));
