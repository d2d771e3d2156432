import { assertEquals } from "@std/assert";
import { ReadWriteLock } from "./read_write_lock.ts";

Deno.test("many go on together, but nobody beside one who wants to be alone, who does not wait for newcomers", async () => {
  const turns = new ReadWriteLock();
  const log: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const act = (name: string) => () => {
    log.push(`${name} begins`);
    const gate = Promise.withResolvers<void>();
    gates.set(name, gate);
    return gate.promise.then(() => void log.push(`${name} ends`));
  };
  const end = async (name: string) => {
    gates.get(name)!.resolve();
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const all = [turns.together(act("a")), turns.together(act("b")), turns.alone(act("c")), turns.together(act("d"))];
  all.push(turns.alone(act("e")));
  for (const name of ["b", "a", "c", "e", "d"]) await end(name);
  await Promise.all(all);
  assertEquals(log, [
    ...["a begins", "b begins", "b ends", "a ends"],
    ...["c begins", "c ends", "e begins", "e ends", "d begins", "d ends"],
  ]);
});

Deno.test("who fails makes way as well", async () => {
  const turns = new ReadWriteLock();
  const fail = () => Promise.reject(new Error("no"));
  const outcomes = await Promise.allSettled([turns.alone(fail), turns.together(fail), turns.alone(fail)]);
  assertEquals(outcomes.map(({ status }) => status), ["rejected", "rejected", "rejected"]);
  assertEquals(await turns.alone(() => Promise.resolve("done")), "done");
});
