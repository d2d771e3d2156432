import { assertEquals } from "@std/assert";
import { DELIVERED, GONE, refused } from "../chat/outcome.ts";
import { Books } from "../hub/books.ts";
import { booksLines } from "./status.ts";

Deno.test("the books are told a line a dialect, and each line balances", () => {
  const books = new Books();
  const nobody = { settled: () => {} };
  for (const outcome of [DELIVERED, DELIVERED, GONE, refused("too-long")]) books.open("relay", nobody).settled(outcome);
  books.open("relay", nobody);
  books.open("room", nobody).settled(DELIVERED);
  assertEquals(booksLines(books), [
    "relay  accepted 5 = delivered 2 + gone 1 + too-long 1 + on their way 1",
    "room   accepted 1 = delivered 1 + on their way 0",
  ]);
});
