import { assert, assertEquals } from "@std/assert";
import { type Reader, ReadingRounds } from "./reading_rounds.ts";

/** More than the runtime finishes in a turn. */
const MANY = 200;
/** More turns than it takes to see that nobody is put off. */
const QUITE_A_FEW = 150;
/** Fewer, but enough to tell many that they may read. */
const SOME = 10;

class CountingReader implements Reader {
  turns = 0;
  readonly hasReadOn = Promise.withResolvers<void>();

  readOn(): void {
    this.turns++;
    this.hasReadOn.resolve();
  }
}

function join(rounds: ReadingRounds, count: number): CountingReader[] {
  return Array.from({ length: count }, () => {
    rounds.join();
    return new CountingReader();
  });
}

function readAll(rounds: ReadingRounds, readers: readonly Reader[]): void {
  for (const reader of readers) rounds.hasRead(reader);
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await nextTurn();
}

Deno.test("few who have read may read on in the same turn", async () => {
  const rounds = new ReadingRounds();
  const few = join(rounds, 3);
  readAll(rounds, few);
  await undefined;
  assertEquals(few.map(({ turns }) => turns), [1, 1, 1]);
});

Deno.test("who has read much, which took long, rests until the runtime has looked at its sockets, and others do not", async () => {
  const rounds = new ReadingRounds();
  const [busy, other] = [join(rounds, 2), join(rounds, 1)];
  for (const reader of busy) rounds.hasReadMuch(reader, 9);
  readAll(rounds, other);
  await turns(1);
  assertEquals([...busy, ...other].map(({ turns }) => turns), [1, 0, 1]);
  await busy[1]!.hasReadOn.promise;
  rounds.hasReadMuch(busy[1]!, 9);
  await undefined;
  assertEquals(busy[1]!.turns, 2, "all begin anew behind a rest");
});

Deno.test("nobody rests any more when all links are closed", () => {
  const rounds = new ReadingRounds();
  const [busy] = join(rounds, 1);
  rounds.hasReadMuch(busy!, 100);
  rounds.leave();
  assertEquals(busy!.turns, 1);
});

Deno.test("many who have read in one turn wait, and so do those who read after them, until nobody has read for a while", async () => {
  const rounds = new ReadingRounds();
  const [many, later, silent] = [join(rounds, MANY), join(rounds, 20), join(rounds, 1)];
  readAll(rounds, many);
  for (const reader of later) {
    await turns(20);
    rounds.hasRead(reader);
  }
  assertEquals([...many, ...later].every(({ turns }) => turns === 0), true);
  await later.at(-1)!.hasReadOn.promise;
  assertEquals([...many, ...later].every(({ turns }) => turns === 1), true);
  assertEquals(silent[0]!.turns, 0);
});

Deno.test("a round is over as soon as all links have read", async () => {
  const rounds = new ReadingRounds();
  const [many, last] = [join(rounds, MANY), join(rounds, 1)];
  readAll(rounds, many);
  await turns(2);
  assertEquals(many.every(({ turns }) => turns === 0), true);
  readAll(rounds, last);
  await turns(SOME);
  assertEquals([...many, ...last].every(({ turns }) => turns === 1), true);
});

Deno.test("links that come and read meanwhile do not make a round last for ever", async () => {
  const rounds = new ReadingRounds();
  const [many, silent] = [join(rounds, MANY), join(rounds, 10)];
  readAll(rounds, many);
  for (let i = 0; i < silent.length; i++) {
    assertEquals(many.every(({ turns }) => turns === 0), true);
    readAll(rounds, join(rounds, 1));
    rounds.leave();
    await turns(2);
  }
  await turns(SOME);
  assertEquals(many.every(({ turns }) => turns === 1), true);
});

Deno.test("who reads while many have written in one turn waits, too, and writing puts the end of the round off", async () => {
  const rounds = new ReadingRounds();
  const [first, second] = join(rounds, 2) as [CountingReader, CountingReader];
  for (let i = 0; i < MANY; i++) rounds.hasWritten();
  rounds.hasRead(first);
  for (let i = 0; i < QUITE_A_FEW; i++) {
    await nextTurn();
    rounds.hasWritten();
  }
  assertEquals(first.turns, 0);
  await first.hasReadOn.promise;
  rounds.hasRead(second);
  await undefined;
  assertEquals([first.turns, second.turns], [1, 1]);
});

Deno.test("writing without an end does not make a round last for ever", async () => {
  const rounds = new ReadingRounds();
  const [reader] = join(rounds, 2) as [CountingReader, CountingReader];
  for (let i = 0; i < MANY; i++) rounds.hasWritten();
  rounds.hasRead(reader);
  for (let i = 0; i < 5 * QUITE_A_FEW && reader.turns === 0; i++) {
    await nextTurn();
    rounds.hasWritten();
  }
  assertEquals(reader.turns, 1);
});

Deno.test("in a round, who has read first may read on first, a turn's worth at a time", async () => {
  const rounds = new ReadingRounds();
  const many = join(rounds, MANY);
  readAll(rounds, many);
  await many[0]!.hasReadOn.promise;
  const told = many.map(({ turns }) => turns);
  const count = told.indexOf(0);
  assert(count > 0 && count <= 64, `${count} of them`);
  assertEquals(told, many.map((_, i) => i < count ? 1 : 0));
});

Deno.test("who has read may read on after all who have read before, however many they are", async () => {
  const rounds = new ReadingRounds();
  const order: number[] = [];
  const done = Promise.withResolvers<void>();
  const MOST = 1_000;
  for (let i = 0; i < MOST; i++) {
    rounds.join();
    rounds.hasRead({ readOn: () => order.push(i) === MOST && done.resolve() });
  }
  await done.promise;
  assertEquals(order, order.map((_, i) => i));
});

Deno.test("behind a round in which few have read, few may read on at once again", async () => {
  const rounds = new ReadingRounds();
  const many = join(rounds, MANY);
  readAll(rounds, many);
  await many.at(-1)!.hasReadOn.promise;
  const few = many.slice(0, 2);
  readAll(rounds, few);
  await turns(SOME);
  assertEquals(few.map(({ turns }) => turns), [1, 1]);
  await turns(QUITE_A_FEW);
  assertEquals(few.map(({ turns }) => turns), [2, 2]);
  readAll(rounds, few);
  await undefined;
  assertEquals(few.map(({ turns }) => turns), [3, 3]);
});

Deno.test("where an immediate is a timer, a few turns end a round", async () => {
  const immediate = globalThis.setImmediate;
  let turns = 0;
  globalThis.setImmediate = ((turn: () => void) => {
    turns++;
    return setTimeout(turn, 2);
  }) as unknown as typeof setImmediate;
  try {
    const rounds = new ReadingRounds();
    const [many, silent] = [join(rounds, MANY), join(rounds, 1)];
    readAll(rounds, many);
    await many[0]!.hasReadOn.promise;
    assert(turns < SOME, `${turns} turns`);
    await many.at(-1)!.hasReadOn.promise;
    // Few read in this round, so that it is the last, and no timer is left.
    readAll(rounds, silent);
    await silent[0]!.hasReadOn.promise;
  } finally {
    globalThis.setImmediate = immediate;
  }
});
