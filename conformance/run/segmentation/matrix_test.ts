import { assertEquals, assertMatch } from "@std/assert";
import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import { CALM_WIRE } from "../../../lib/simulation/conditions.ts";
import { World } from "../../../lib/simulation/world.ts";
import { readClauses } from "../../fixtures/clauses.ts";
import { readFixture, readPrelude } from "../../fixtures/fixture.ts";
import { runTarget } from "../run.ts";
import { simulatedSurroundings } from "../simulated_surroundings.ts";

const CLAUSES = readClauses(
  ["demo/hello must a", "demo/split must b", "demo/joined should c"].join("\n"),
  "clauses.txt",
);
const PRELUDE = readPrelude("cut: demo/split\njoin: demo/joined\n", "prelude.chat");
const STEPS = [
  "connect x",
  "x > SAY one\\nContent-length: 12\\n\\n",
  "x < one\\n",
  "x > SAY né\\nContent-length: 3\\n\\n",
  "x > SAY three\\nContent-length: 4\\n\\n",
  "x < né\\n",
  "x < three\\n",
];

/** Plays one fixture, and its matrix, against a server, in a world of their own. */
async function play(accept: (link: Link) => LinkHandler, seed = 1) {
  const world = new World({ seed });
  world.net.conditions = { ...CALM_WIRE, latency: 0.2, jitter: 0.3 };
  return await world.run(async () => {
    const listener = world.network.listen({ hostname: "127.0.0.1", port: 0 }, {}, (link) => {
      const handler = accept(link);
      link.start({ ...handler, ended: () => link.end("left") });
    });
    const text = ["title: It answers", "clause: demo/hello", "", ...STEPS].join("\n");
    const fixtures = readFixture(text, "hello.chat", "hello", PRELUDE, CLAUSES);
    const library = { dialect: "demo", clauses: CLAUSES, fixtures };
    const target = { dialect: "demo", ...listener.endpoint };
    const surroundings = simulatedSurroundings(world);
    const options = { timeout: 2_500, jobs: 8, segmentation: true, seed, onResult: () => {}, surroundings };
    return (await runTarget(target, library, fixtures, options)).results;
  });
}

/** Answers each message with its word; `take` says how much of what has arrived is one, and what it says. */
function answering(take: (heard: string) => readonly [taken: number, word: string] | undefined) {
  return (link: Link): LinkHandler => {
    const decoder = new TextDecoder();
    let heard = "";
    return {
      receive: (bytes) => {
        heard += decoder.decode(bytes, { stream: true });
        for (let message = take(heard); message !== undefined; message = take(heard)) {
          heard = heard.slice(message[0]);
          link.write(new TextEncoder().encode(`${message[1]}\n`));
        }
      },
      ended: () => {},
      closed: () => {},
    };
  };
}

const MESSAGE = /^SAY (.*)\nContent-length: \d+\n\n/;

/** Reads the stream as it should be read. */
const right = answering((heard) => {
  const match = MESSAGE.exec(heard);
  return match === null ? undefined : [match[0].length, match[1]!];
});

/** Looks for its header once, when the first bytes of a message are there: all of `Content-length` must be in them. */
function hasty(link: Link): LinkHandler {
  const decoder = new TextDecoder();
  let [heard, isLost] = ["", false];
  return {
    receive: (bytes) => {
      heard += decoder.decode(bytes, { stream: true });
      if (!heard.includes("\nContent-length: ") && heard.includes("\nContent-l")) isLost = true;
      for (let match = MESSAGE.exec(heard); match !== null && !isLost; match = MESSAGE.exec(heard)) {
        heard = heard.slice(match[0].length);
        link.write(new TextEncoder().encode(`${match[1]}\n`));
      }
    },
    ended: () => {},
    closed: () => {},
  };
}

Deno.test("a server that reads a stream passes every variant, which belong to the clauses about streams", async () => {
  const [whole, ...variants] = await play(right);
  assertEquals(whole?.fixture.name, "demo/hello");
  assertEquals(variants.filter(({ verdict }) => verdict !== "pass"), []);
  const names = variants.map(({ fixture }) => fixture.name.replace("demo/hello~", ""));
  assertEquals(names.slice(0, 2), ["bytewise", "joined"]);
  assertEquals(names.length > 12, true, names.join());
  const clauses = Map.groupBy(variants, ({ fixture }) => fixture.clause.slug);
  assertEquals([...clauses].map(([slug, { length }]) => [slug, length]), [["demo/split", names.length - 1], [
    "demo/joined",
    1,
  ]]);
});

Deno.test("the same seed gives the same variants", async () => {
  const names = async (seed: number) => (await play(right, seed)).map(({ fixture }) => fixture.name);
  assertEquals(await names(3), await names(3));
});

Deno.test("a cut that fails is reduced to the smallest, and it is said where that is", async () => {
  const failed = (await play(hasty)).filter(({ verdict }) => verdict === "fail");
  assertEquals(failed.length > 0, true);
  for (const { fixture, failure } of failed) {
    assertEquals(fixture.clause.slug, "demo/split");
    assertMatch(
      failure!.hint!,
      /^it passes when it is sent whole, and fails only when hello\.chat:\d+ is cut after byte \d+, /,
    );
    assertMatch(failure!.hint!, /inside `Content-length`|between `Content-length` and `:`|between `:` and ` `/);
  }
});

Deno.test("a server that answers only the first of several messages fails when they are joined, and only then", async () => {
  const results = await play((link) => {
    const handler = right(link);
    return {
      ...handler,
      receive: (bytes) => {
        const text = new TextDecoder().decode(bytes);
        const second = text.indexOf("SAY", 1);
        handler.receive(second < 0 ? bytes : bytes.subarray(0, new TextEncoder().encode(text.slice(0, second)).length));
      },
    };
  });
  const failed = results.filter(({ verdict }) => verdict === "fail");
  assertEquals(failed.map(({ fixture }) => fixture.name), ["demo/hello~joined"]);
  assertMatch(failed[0]!.failure!.hint!, /only when hello\.chat:8 arrives together with the line before it$/);
});

Deno.test("without a clause for it, nothing is cut", async () => {
  const text = ["title: It answers", "clause: demo/hello", "", ...STEPS].join("\n");
  const [fixture] = readFixture(text, "hello.chat", "hello", readPrelude("\n", "prelude.chat"), CLAUSES);
  assertEquals([fixture?.splitClause, fixture?.joinClause], [undefined, undefined]);
  await Promise.resolve();
});
