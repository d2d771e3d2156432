import { assertEquals } from "@std/assert";
import type { Process } from "../../client/process_table.ts";
import { familyIn, passedBy, type SubmissionLimits } from "./limits.ts";

const LIMITS: SubmissionLimits = { time: 1_000, memory: 2 ** 30, processes: 3, disk: 2 ** 30 };

/** A process, with 1 MiB of memory unless that is said. */
function process(pid: number, parent: number, group: number, memory = 2 ** 20): Process {
  return { pid, parent, group, memory, isMarked: false, processorTime: 0 };
}

/** The numbers of those in a program's family. */
function members(processes: readonly Process[], before: readonly number[] = []): number[] {
  return familyIn(processes, 10, new Set(before)).members.map(({ pid }) => pid).sort((a, b) => a - b);
}

Deno.test("all that a program has started is of its family, however far down and in whatever order it is told", () => {
  const processes = [
    process(13, 12, 12),
    process(12, 11, 12),
    process(11, 10, 10),
    process(10, 1, 10),
    process(9, 1, 9),
  ];
  assertEquals(members(processes), [11, 12, 13]);
});

Deno.test("what its starter has left is found by the group that it is in", () => {
  // 12 has ended; 13 is a child of init now, and in the group of 12.
  assertEquals(members([process(10, 1, 10), process(11, 10, 12), process(13, 1, 12)]), [11, 13]);
  assertEquals(members([process(10, 1, 10), process(13, 1, 12), process(14, 13, 14)], [12]), [13, 14]);
});

Deno.test("what has left parents and groups behind is found by its mark, and so is what that has started", () => {
  const daemon = { ...process(20, 1, 20), isMarked: true };
  assertEquals(members([process(10, 1, 10), daemon, process(21, 20, 21), process(30, 1, 30)]), [20, 21]);
});

Deno.test("a family keeps its limits until it passes one of them, and which that is, is said", () => {
  const passed = (...some: Process[]) => passedBy(familyIn([process(10, 1, 10), ...some], 10, new Set()), LIMITS);
  const three = [11, 12, 13].map((pid) => process(pid, 10, 11));
  assertEquals(passed(...three), undefined);
  assertEquals(passed(...three, process(14, 13, 11)), "had more than 3 processes at a time (--max-processes): 4");
  assertEquals(
    passed(process(11, 10, 11, 2 ** 29), process(12, 11, 11, 2 ** 29 + 2 ** 20)),
    "took more than 1 GiB of memory (--max-memory): 1 GiB",
  );
});
