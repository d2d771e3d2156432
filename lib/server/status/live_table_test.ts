import { assertEquals } from "@std/assert";
import { LiveTable } from "./live_table.ts";

/** A paper that is printed on when the test says so. */
function slowPaper() {
  const printed: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    printed,
    /** Takes the text that waits. */
    async take(): Promise<void> {
      while (waiting.length === 0) await Promise.resolve();
      waiting.shift()!();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    get isIdle(): boolean {
      return waiting.length === 0;
    },
    writeLines(lines: readonly string[]): boolean {
      printed.push(lines.join("\n"));
      return true;
    },
    flushed(): Promise<void> {
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}

Deno.test("what changes in one turn, or while something is printed, is printed once", async () => {
  const paper = slowPaper();
  let state = 0;
  const bulletin = new LiveTable(paper, () => [`state ${state}`, "end"]);
  const change = () => {
    state++;
    bulletin.changed();
  };
  change();
  change();
  while (paper.isIdle) await Promise.resolve();
  change();
  change();
  await paper.take();
  await paper.take();
  assertEquals(paper.printed, ["state 2\nend", "state 4\nend"]);
  assertEquals(paper.isIdle, true);
});

Deno.test("a bulletin that is stopped prints nothing more", async () => {
  const paper = slowPaper();
  const bulletin = new LiveTable(paper, () => ["state"]);
  bulletin.changed();
  while (paper.isIdle) await Promise.resolve();
  bulletin.changed();
  bulletin.stop();
  await paper.take();
  assertEquals([paper.printed, paper.isIdle], [["state"], true]);
});
