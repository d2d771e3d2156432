import { assertEquals } from "@std/assert";
import { loadLibrary } from "../fixtures/library.ts";
import { CLIENT_MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { play } from "../self_test/play.ts";

/** What is said of servers, and never of a client. */
const OF_SERVERS = /the server (accepts|has (crashed|said|ended)|sends|speaks|does not)|sends back/;

const WRONG: readonly (readonly [dialect: string, words: string])[] = [
  ["frame", "counts characters"],
  ["frame", "connects, and says nothing"],
  ["group", "acknowledges nothing"],
  ["relay", "connects, and says nothing"],
  ["relay", "opens one connection only"],
];

for (const [dialect, words] of WRONG) {
  Deno.test(`nothing is said of a server where a ${dialect} client ${words}`, async () => {
    const set = CLIENT_MUTANT_SETS.find((set) => set.dialect === dialect)!;
    const client = [...set.useless, ...set.mutants].find((one) => one.words === words)!;
    const library = await loadLibrary(dialect, { dirs: [], embedded: true }, "client");
    const results = await play(client, library, library.fixtures, { seed: 1, jobs: 8 });
    const said = results.flatMap(({ failure, reason }) => [failure?.reason, failure?.hint, reason]);
    assertEquals(said.filter((text) => OF_SERVERS.test(text ?? "")), []);
  });
}
