import { assertEquals } from "@std/assert";
import { type Reader, ReadingRounds } from "./reading_rounds.ts";

/** More than the runtime finishes in a turn. */
const MANY = 200;

class CountingReader implements Reader {
  turns = 0;
  readonly hasReadOn = Promise.withResolvers<void>();

  readOn(): void {
    this.turns++;
    this.hasReadOn.resolve();
  }
}

function readers(count: number): CountingReader[] {
  return Array.from({ length: count }, () => new CountingReader());
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

Deno.test("few who have read may read on in the same turn", async () => {
  const rounds = new ReadingRounds();
  const few = readers(3);
  for (const reader of few) rounds.hasRead(reader);
  await undefined;
  assertEquals(few.map(({ turns }) => turns), [1, 1, 1]);
});

Deno.test("many who have read in one turn wait, and so do those who read after them, until nobody has read for a while", async () => {
  const rounds = new ReadingRounds();
  const many = readers(MANY);
  for (const reader of many) rounds.hasRead(reader);
  const later = readers(300);
  for (const reader of later) {
    await nextTurn();
    rounds.hasRead(reader);
  }
  assertEquals([...many, ...later].every(({ turns }) => turns === 0), true);
  await later.at(-1)!.hasReadOn.promise;
  assertEquals([...many, ...later].every(({ turns }) => turns === 1), true);
});

Deno.test("who reads while many have written in one turn waits, too, and writing puts the end of the round off", async () => {
  const rounds = new ReadingRounds();
  const [first, second] = readers(2) as [CountingReader, CountingReader];
  for (let i = 0; i < MANY; i++) rounds.hasWritten();
  rounds.hasRead(first);
  for (let i = 0; i < 300; i++) {
    await nextTurn();
    rounds.hasWritten();
  }
  assertEquals(first.turns, 0);
  await first.hasReadOn.promise;
  rounds.hasRead(second);
  await undefined;
  assertEquals([first.turns, second.turns], [1, 1]);
});

Deno.test("behind a round, few may read on at once again", async () => {
  const rounds = new ReadingRounds();
  const many = readers(MANY);
  for (const reader of many) rounds.hasRead(reader);
  await many[0]!.hasReadOn.promise;
  rounds.hasRead(many[0]!);
  await undefined;
  assertEquals(many[0]!.turns, 2);
});
