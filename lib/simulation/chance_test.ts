import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { Chance } from "./chance.ts";

const draw = (chance: Chance) => Array.from({ length: 20 }, () => chance.below(1000));

Deno.test("the same seed draws the same, another one something else", () => {
  assertEquals(draw(new Chance(1)), draw(new Chance(1)));
  assertNotEquals(draw(new Chance(1)), draw(new Chance(2)));
});

Deno.test("a fork draws the same whatever was drawn before, and forks of other names something else", () => {
  const [fresh, used] = [new Chance(1), new Chance(1)];
  draw(used);
  assertEquals(draw(fresh.fork("user 1")), draw(used.fork("user 1")));
  assertNotEquals(draw(fresh.fork("user 1")), draw(fresh.fork("user 2")));
});

Deno.test("what happens in a share of all cases happens about so often, and never where the share is 0", () => {
  const chance = new Chance(3);
  let count = 0;
  for (let i = 0; i < 10_000; i++) if (chance.happens(0.2)) count++;
  assert(count > 1_800 && count < 2_200, `${count}`);
  assert(!chance.happens(0));
});
