/**
 * All relay servers that are wrong on purpose.
 *
 * @module
 */

import { RelayServer } from "../../../lib/dialects/relay/server.ts";
import type { ServerContext } from "../../../lib/dialects/dialect.ts";
import { changedServers, type Mutant } from "../mutant.ts";
import { DELIVERY } from "./delivery.ts";
import { REGISTRATION } from "./registration.ts";
import { STREAM } from "./stream.ts";

/** Makes relay's server as it is. */
export function makeRelay(context: ServerContext): RelayServer {
  return new RelayServer(context, { reply: "SENT" });
}

/** In the order of the clauses. */
export const RELAY_MUTANTS: readonly Mutant[] = changedServers(makeRelay, { ...REGISTRATION, ...DELIVERY, ...STREAM });
