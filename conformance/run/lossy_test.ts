/**
 * Datagrams that are lost, doubled and overtaken: right servers are not blamed for it, and wrong ones are found out all the same.
 */
import { assert, assertEquals } from "@std/assert";
import { CALM_WIRE } from "../../lib/simulation/conditions.ts";
import { select } from "../fixtures/filter.ts";
import { loadLibrary } from "../fixtures/library.ts";
import { MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { play, withNeeds } from "../self_test/play.ts";
import { REAL_SURROUNDINGS } from "./surroundings.ts";

const { right, mutants } = MUTANT_SETS.find(({ dialect }) => dialect === "group")!;
const LIBRARY = await loadLibrary("group", { dirs: [], embedded: true });

const LOSSY = { wire: CALM_WIRE, datagrams: { loss: 0.03, duplication: 0.05, delay: [0.2, 20] } } as const;

Deno.test("a right server is not blamed for what the network does to datagrams", async () => {
  const fixtures = withNeeds(select(LIBRARY.fixtures, ["group/send", "group/list", "group/dereg-table"]), LIBRARY);
  assert(fixtures.length > 20);
  for (const [i, server] of right.entries()) {
    const results = await play(server, LIBRARY, fixtures, { seed: i + 1, jobs: 4, network: LOSSY });
    const bad = results.filter(({ verdict }) => verdict !== "pass");
    assertEquals(bad.map(({ fixture, failure, reason }) => [fixture.name, failure?.reason ?? reason]), []);
  }
});

Deno.test("what a server does wrong each time is found in such a network, too", async () => {
  const wrong = ["group/create", "group/join"].map((clause) => mutants.find((mutant) => mutant.clause === clause)!);
  for (const mutant of wrong) {
    const fixtures = withNeeds(select(LIBRARY.fixtures, [mutant.clause]), LIBRARY);
    const results = await play(mutant, LIBRARY, fixtures, { seed: 1, jobs: 1, network: LOSSY });
    const failed = results.filter(({ verdict, fixture }) =>
      verdict === "fail" && fixture.clause.slug === mutant.clause
    );
    assert(failed.length > 0, `a server that ${mutant.words} passes`);
  }
});

Deno.test("nothing is lost on the way to this machine itself", () => {
  const hosts = ["127.0.0.1", "::1", "192.0.2.1", "2001:db8::1"];
  const lossy = hosts.filter((hostname) => REAL_SURROUNDINGS.isLossy({ hostname, port: 4000 }));
  assertEquals(lossy, ["192.0.2.1", "2001:db8::1"]);
});
