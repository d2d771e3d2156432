/**
 * What every link must keep, whatever carries its bytes: one suite of tests for all of them.
 *
 * @module
 */

import { linksEnd } from "./link_contract_ends.ts";
import { linksSurviveFaults } from "./link_contract_faults.ts";
import { linksPassBytes } from "./link_contract_bytes.ts";
import type { Contract, MakeLinkPair } from "./link_pair.ts";

/** Registers the tests of the contract under a name. */
export function linkContract(name: string, makePair: MakeLinkPair): void {
  const contract: Contract = {
    name,
    makePair,
    test: (sentence, body, options) =>
      Deno.test(`${name}: ${sentence}`, async () => {
        const pair = await makePair(options);
        try {
          await body(pair);
        } finally {
          pair.near.abort("done");
          pair.far.abort("done");
          pair.dispose();
        }
      }),
  };
  linksPassBytes(contract);
  linksEnd(contract);
  linksSurviveFaults(contract);
}
