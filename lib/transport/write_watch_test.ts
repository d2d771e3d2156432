import { assertEquals } from "@std/assert";
import { type Watched, WriteWatch } from "./write_watch.ts";

/** A link that takes what it is told to take. */
class Writing implements Watched {
  readonly whenStuck = Promise.withResolvers<void>();
  progress: number | undefined = 0;

  stuck(): void {
    this.progress = undefined;
    this.whenStuck.resolve();
  }
}

const TIMEOUT = 20;

Deno.test("whoever makes no progress for the timeout is told, and not before", async () => {
  const watch = new WriteWatch(TIMEOUT);
  const link = new Writing();
  const start = performance.now();
  watch.add(link);
  await link.whenStuck.promise;
  assertEquals(performance.now() - start >= TIMEOUT, true);
});

Deno.test("of two links the one that goes on is left alone", async () => {
  const watch = new WriteWatch(TIMEOUT);
  const [stalled, busy] = [new Writing(), new Writing()];
  let wasStuck = false;
  busy.whenStuck.promise.then(() => wasStuck = true);
  Object.defineProperty(busy, "progress", { get: () => performance.now() });
  watch.add(busy);
  watch.add(stalled);
  await stalled.whenStuck.promise;
  watch.remove(busy);
  assertEquals(wasStuck, false);
});

Deno.test("whoever is done is not watched any more, and nobody watched means no timer", async () => {
  const watch = new WriteWatch(TIMEOUT);
  const [done, next] = [new Writing(), new Writing()];
  let looks = 0;
  Object.defineProperty(done, "progress", { get: () => void looks++ });
  watch.add(done);
  watch.add(next);
  await next.whenStuck.promise;
  assertEquals(looks, 1);
});
