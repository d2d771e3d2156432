import { assertEquals, assertMatch } from "@std/assert";
import type { Link } from "../../lib/core/link.ts";
import { listenTcp } from "../../lib/transport/tcp.ts";
import { readClauses } from "../fixtures/clauses.ts";
import { EMPTY_PRELUDE, readFixture } from "../fixtures/fixture.ts";
import { runTarget } from "./run.ts";
import type { Result } from "../results/verdict.ts";

const CLAUSES = readClauses("demo/hi must a", "clauses.txt");
const FIXTURES = Array.from({ length: 6 }, (_, i) => {
  const text = `title: It answers\nclause: demo/hi\n\nconnect x\nx > ${i}\nx < ${i}\n`;
  return readFixture(text, `${i}.chat`, `${i}`, EMPTY_PRELUDE, CLAUSES);
}).flat();

/** Plays six fixtures one after the other; gives the results, and the order in which they came. */
async function play(options: object, answer: (asked: string) => string = (asked) => asked) {
  const closed: Promise<void>[] = [];
  const listener = listenTcp({ hostname: "127.0.0.1", port: 0 }, {}, (link: Link) => {
    closed.push(
      new Promise((resolve) =>
        link.start({
          receive: (bytes) => link.write(new TextEncoder().encode(answer(new TextDecoder().decode(bytes)))),
          ended: () => link.end("left"),
          closed: () => resolve(),
        })
      ),
    );
  });
  const order: string[] = [];
  const onResult = ({ fixture }: Result) => void order.push(fixture.name.slice("demo/".length));
  try {
    const library = { dialect: "demo", clauses: CLAUSES, fixtures: FIXTURES };
    const target = { dialect: "demo", ...listener.endpoint };
    const run = await runTarget(target, library, FIXTURES, { timeout: 5_000, jobs: 1, onResult, ...options });
    return { results: run.results, order: order.join("") };
  } finally {
    listener.close();
    await Promise.all(closed);
  }
}

Deno.test("a shuffled run plays everything in an order that its seed says, and reports in the usual one", async () => {
  const [one, same, other] = [
    await play({ shuffle: true, seed: 5 }),
    await play({ shuffle: true, seed: 5 }),
    await play({ shuffle: true, seed: 6 }),
  ];
  assertEquals(one.order, same.order);
  assertEquals([...one.order].sort().join(""), "012345");
  assertEquals(one.order !== other.order && one.order !== "012345", true);
  assertEquals(one.results.map(({ fixture }) => fixture.name).join(), FIXTURES.map(({ name }) => name).join());
});

Deno.test("a repeated run plays everything so often, and what fails once fails", async () => {
  let asked = 0;
  const { results, order } = await play({ repeat: 3 }, (text) => text === "4" && ++asked === 2 ? "no" : text);
  assertEquals(order, "012345012345012345");
  assertEquals(results.map(({ verdict }) => verdict), ["pass", "pass", "pass", "pass", "fail", "pass"]);
  assertEquals(results.map(({ rounds }) => rounds?.failed), [0, 0, 0, 0, 1, 0]);
  assertEquals(results[4]!.rounds, { failed: 1, played: 3 });
  assertMatch(results[4]!.failure!.reason, /^in 1 of 3 rounds: something else arrived on x$/);
});

Deno.test("a run stops at the result that it is told to stop at", async () => {
  const { results, order } = await play({ repeat: 2, stopsAt: ({ verdict }: Result) => verdict === "fail" }, (text) => {
    return text === "2" ? "no" : text;
  });
  assertEquals([order, results.length], ["012", 3]);
});
