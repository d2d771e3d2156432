import { assertEquals } from "@std/assert";
import { Bulletin } from "./bulletin.ts";

/** A paper that takes what is written when the test says so. */
function slowPaper() {
  const printed: string[] = [];
  const waiting: ((count: number | Error) => void)[] = [];
  return {
    printed,
    /** Takes so many bytes of the write that waits, all of them by default, or fails. */
    async take(count = Infinity, error?: Error): Promise<void> {
      while (waiting.length === 0) await Promise.resolve();
      waiting.shift()!(error ?? count);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    },
    get isIdle(): boolean {
      return waiting.length === 0;
    },
    write(bytes: Uint8Array): Promise<number> {
      return new Promise((resolve, reject) =>
        waiting.push((count) => {
          if (count instanceof Error) return reject(count);
          const taken = Math.min(count, bytes.length);
          printed.push(new TextDecoder().decode(bytes.subarray(0, taken)));
          resolve(taken);
        })
      );
    },
  };
}

Deno.test("what changes in one turn, or while something is printed, is printed once", async () => {
  const paper = slowPaper();
  let state = 0;
  const bulletin = new Bulletin(paper, () => [`state ${state}`, "end"]);
  const change = () => {
    state++;
    bulletin.changed();
  };
  change();
  change();
  await paper.take(4);
  change();
  change();
  await paper.take();
  await paper.take();
  assertEquals(paper.printed, ["stat", "e 2\nend\n", "state 4\nend\n"]);
  assertEquals(paper.isIdle, true);
});

Deno.test("when whoever reads it has gone, nothing more is printed, and nothing else happens", async () => {
  const paper = slowPaper();
  const bulletin = new Bulletin(paper, () => ["state"]);
  bulletin.changed();
  await paper.take(0, new Deno.errors.BrokenPipe());
  bulletin.changed();
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  assertEquals([paper.printed, paper.isIdle], [[], true]);
});

Deno.test("a bulletin that is stopped finishes what it prints", async () => {
  const paper = slowPaper();
  const bulletin = new Bulletin(paper, () => ["state"]);
  bulletin.changed();
  await paper.take(2);
  bulletin.changed();
  bulletin.stop();
  await paper.take();
  assertEquals([paper.printed, paper.isIdle], [["st", "ate\n"], true]);
});
