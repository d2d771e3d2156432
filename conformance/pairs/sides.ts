/**
 * The two sides of pairs: programs that are started, and our own server and client, in this process.
 *
 * @module
 */

import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import type { Surroundings } from "../../lib/core/runtime.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import type { StartableClient } from "../client/client_run.ts";
import { CLIENT_MUTANT_SETS, MUTANT_SETS } from "../mutants/mutant_sets.ts";
import { oursAs } from "../mutants/clients/ours.ts";
import { launchProgram } from "../mutants/clients/program.ts";
import type { ServerProcess } from "../run/server/server_process.ts";
import type { PairServer, PairSide } from "./pairs.ts";

/** What our server allows. */
const SETTINGS = { ackTimeout: 5_000, maxMessage: 65_536 };
/** How long a server that speaks datagrams may take to be there, in milliseconds: nothing shows when it is. */
const COMING = 500;

/**
 * Ours.
 *
 * @param listen Where its server listens, if clients know only that.
 */
export function ourSide(dialect: string, surroundings: Surroundings, listen?: Endpoint): PairSide {
  const [server] = MUTANT_SETS.find((set) => set.dialect === dialect)?.right ?? [];
  const own = findDialect(dialect);
  if (server === undefined || own === undefined || !CLIENT_MUTANT_SETS.some((set) => set.dialect === dialect)) {
    throw new ChatError("usage", `there is no server and no client of ours that speak ${dialect}: test each by itself`);
  }
  const faults: unknown[] = [];
  return {
    serve: () => {
      const running = server.start({ ...SETTINGS, endpoint: listen }, surroundings);
      return Promise.resolve({
        endpoint: running.endpoint,
        stop: async () => {
          await running.stop();
          if (faults.length > 0) throw faults[0];
        },
      });
    },
    client: { launch: launchProgram(oursAs(own), surroundings, faults), takesName: true },
  };
}

/** A server and a client that are started. */
export function programSide(
  server: ServerProcess,
  client: StartableClient,
  { hasDatagrams, connectTimeout, surroundings: { runtime } }: {
    readonly hasDatagrams: boolean;
    readonly connectTimeout: number;
    readonly surroundings: Surroundings;
  },
): PairSide {
  return {
    client,
    lastOutput: () => server.lastOutput,
    serve: async (): Promise<PairServer> => {
      await server.stop();
      await server.start();
      if (hasDatagrams) await new Promise<void>((resolve) => void runtime.after(COMING, resolve));
      else (await server.connect({ connectTimeout })).abort("done");
      return { endpoint: server.endpoint, stop: () => server.stop() };
    },
  };
}
