/**
 * Pairs over real sockets, behind the fixtures of a run.
 *
 * @module
 */

import type { Endpoint } from "../../lib/core/link.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { REAL_WORLD } from "../../lib/transport/real_world.ts";
import type { StartableClient } from "../client/client_run.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Library } from "../fixtures/library.ts";
import type { ConformIo } from "../io.ts";
import { NO_PROGRESS } from "../reports/text/progress.ts";
import type { TargetRun } from "../results/verdict.ts";
import type { ServerProcess } from "../run/server/server_process.ts";
import { tryPairs } from "./pairs.ts";
import { ourSide, programSide } from "./sides.ts";

/** What is tried, and where that is told. */
export interface PlayPairsOptions {
  /** The server. */
  readonly server: ServerProcess;
  /** The client. */
  readonly client: StartableClient;
  /** Where the client connects, if it knows no other place. */
  readonly listen?: Endpoint | undefined;
  /** What is known of each alone. */
  readonly runs: readonly TargetRun[];
  /** How long it may take until something is shown, in milliseconds. */
  readonly timeout: number;
  /** Whether a failed `should` counts. */
  readonly strict: boolean;
  /** Where progress is shown. */
  readonly io: ConformIo;
}

/** Tries all pairs of a server and a client, somebody's own and ours. */
export async function playPairs(
  library: Library,
  fixtures: readonly Fixture[],
  { server, client, listen, runs, timeout, strict, io }: PlayPairsOptions,
): Promise<TargetRun> {
  const surroundings = REAL_WORLD;
  const hasDatagrams = findDialect(library.dialect)?.transport === "udp";
  try {
    return await tryPairs(library, fixtures, {
      yours: programSide(server, client, { hasDatagrams, connectTimeout: timeout, surroundings }),
      ours: ourSide(library.dialect, surroundings, listen),
      surroundings,
      timeout,
      hasOnePort: listen !== undefined,
      interrupted: io.interrupted,
      onProgress: (text) => {
        if (io.isTerminal) io.out(`${NO_PROGRESS}${text}`);
      },
      runs,
      strict,
    });
  } finally {
    if (io.isTerminal) io.out(NO_PROGRESS);
  }
}
