import { assertEquals } from "@std/assert";
import { LiveTable } from "./live_table.ts";

/** A output that is printed on when the test says so. */
function slowOutput() {
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
  const output = slowOutput();
  let state = 0;
  const table = new LiveTable(output, () => [`state ${state}`, "end"]);
  const change = () => {
    state++;
    table.changed();
  };
  change();
  change();
  while (output.isIdle) await Promise.resolve();
  change();
  change();
  await output.take();
  await output.take();
  assertEquals(output.printed, ["state 2\nend", "state 4\nend"]);
  assertEquals(output.isIdle, true);
});

Deno.test("a live table that is stopped prints nothing more", async () => {
  const output = slowOutput();
  const table = new LiveTable(output, () => ["state"]);
  table.changed();
  while (output.isIdle) await Promise.resolve();
  table.changed();
  table.stop();
  await output.take();
  assertEquals([output.printed, output.isIdle], [["state"], true]);
});
