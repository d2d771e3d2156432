import { assertEquals } from "@std/assert";
import { middle } from "./figures.ts";

Deno.test("the median of an even number of figures is between the two in the middle, in any order", () => {
  assertEquals(middle([4, 1, 3, 2]), { median: 2.5, spread: 1.2 });
});

Deno.test("the median of an odd number of figures is the one in the middle", () => {
  assertEquals(middle([30, 10, 20]), { median: 20, spread: 1 });
  assertEquals(middle([7]), { median: 7, spread: 0 });
});
