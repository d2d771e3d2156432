import { assertEquals } from "@std/assert";
import { conclude } from "../results/conclusion.ts";
import { judgementsOf } from "../results/judgement.ts";
import { answering } from "../play/testing/scripted_server.ts";
import { simulateRun } from "./testing/simulated_run.ts";

const HEAD = (clause: string, more = "") => `title: It answers\nclause: demo/${clause}\n${more}\n`;
const asks = (count: number) =>
  Array.from({ length: count }, (_, i) => `connect c${i}\n`).join("") + `c0 > hi\nc0 < hello\n`;

Deno.test("where descriptors run out, what needs fewer is played, and the rest is no fault of the server's", async () => {
  const run = await simulateRun({
    first: HEAD("first") + asks(1),
    ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`side-${i}`, HEAD("side") + asks(3)])),
    many: HEAD("many") + asks(5),
    after: HEAD("after", "needs: demo/many\n") + asks(1),
  }, { script: answering({ hi: "hello" }), descriptors: 4 });
  const results = new Map(run.results.map((result) => [result.fixture.name, result]));
  const verdicts = Object.groupBy(run.results, ({ verdict }) => verdict);
  assertEquals(verdicts.pass?.length, 9);
  assertEquals(results.get("demo/many")?.verdict, "error");
  assertEquals(results.get("demo/many")?.reason, "no file descriptors left");
  assertEquals(results.get("demo/after")?.reason, "needs demo/many, which could not be played");
  assertEquals(conclude(run, judgementsOf(run, true), true).status, 2);
});
