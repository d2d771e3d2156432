import { assertEquals } from "@std/assert";
import { FileTimeWatch } from "./file_time_watch.ts";

/** A watch on two files, whose stamps the test sets, and minutes that pass when it says so. */
function watching() {
  const stamps: Record<string, string | undefined> = { cert: "1", key: "1" };
  let told = 0;
  let look = () => {};
  const watch = new FileTimeWatch({
    files: () => Object.keys(stamps),
    stampOf: (file) => stamps[file],
    runtime: {
      every: (delay, act) => {
        assertEquals(delay, 60_000);
        look = act;
        return { cancel: () => look = () => {} };
      },
    },
    changed: () => told++,
  });
  /** A minute later: how often it was told of something. */
  const minute = () => {
    told = 0;
    look();
    return told;
  };
  return { watch, stamps, minute };
}

Deno.test("a file that was written is told within a minute, and again until somebody reads it", () => {
  const { watch, stamps, minute } = watching();
  assertEquals(minute(), 0);
  stamps["key"] = "2";
  assertEquals([minute(), minute()], [1, 1]);
  watch.reading();
  assertEquals(minute(), 0);
  watch[Symbol.dispose]();
  stamps["key"] = "3";
  assertEquals(minute(), 0);
});

Deno.test("what is written while it is read is told, and so is a file that is gone and comes back", () => {
  const { watch, stamps, minute } = watching();
  stamps["cert"] = "2";
  watch.reading();
  stamps["cert"] = "3";
  assertEquals(minute(), 1);
  watch.reading();
  stamps["cert"] = undefined;
  assertEquals(minute(), 1);
  watch.reading();
  stamps["cert"] = "3";
  assertEquals(minute(), 1);
});
