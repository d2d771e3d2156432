import { assertEquals } from "@std/assert";
import type { OperationHistory } from "../history.ts";
import { summarize } from "./stress_summary.ts";

Deno.test("operations are counted in the slice of time in which they began, faults in all in which they were there", () => {
  const history = {
    lives: [{ faults: [{ kind: "stall", begin: 1_000, end: 1_250 }, { kind: "reset", begin: 5_900 }], gone: 5_901 }],
    sendings: [
      { begin: 50, end: 52, outcome: "ok" },
      { begin: 60, end: 66, outcome: "ok" },
      { begin: 70, end: 71, outcome: "fail" },
      { begin: 6_000, outcome: "info" },
    ],
    claims: [{ begin: 250, end: 255, outcome: "ok" }],
    groupOperations: [],
    freezes: [{ kind: "freeze", begin: 2_050, end: 2_350 }],
    settling: 6_000,
    end: 9_000,
  } as unknown as OperationHistory;
  const { users, slice, operations: [messages, names, ...others], faults } = summarize(history, 3);
  assertEquals([users, slice, others], [3, 100, []]);
  assertEquals([messages!.kind, names!.kind], ["message", "name"]);
  assertEquals([messages!.ends.ok[0], messages!.ends.fail[0], messages!.ends.info[59]], [2, 1, 1]);
  assertEquals([messages!.median[0], messages!.slowest[0], messages!.slowest[1]], [2, 6, null]);
  assertEquals(names!.ends.ok.indexOf(1), 2);
  assertEquals(faults.map(({ kind, clients }) => [kind, clients.flatMap((count, i) => count > 0 ? [i] : [])]), [
    ["stall", [10, 11, 12]],
    ["reset", [59]],
    ["freeze", [20, 21, 22, 23]],
  ]);
  assertEquals(faults.at(-1)?.clients[20], 3);
});
