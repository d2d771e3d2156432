import { assert, assertEquals } from "@std/assert";
import { findCulprit } from "./culprit.ts";

const BEFORE = Array.from({ length: 100 }, (_, i) => i);

for (const culprit of [0, 1, 37, 63, 64, 98, 99]) {
  Deno.test(`of a hundred that were played before, number ${culprit} is found in few tries`, async () => {
    let tries = 0;
    const found = await findCulprit(BEFORE, (some) => {
      tries++;
      return Promise.resolve(some.includes(culprit));
    });
    assertEquals(found, culprit);
    assert(tries <= 14, `${tries} tries`);
  });
}

Deno.test("where all of them together do no harm, or there is no time, none is found", async () => {
  assertEquals(await findCulprit(BEFORE, () => Promise.resolve(false)), undefined);
  assertEquals(await findCulprit([], () => Promise.resolve(true)), undefined);
  assertEquals(await findCulprit(BEFORE, () => Promise.resolve(true), () => false), undefined);
});
