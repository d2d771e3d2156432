/**
 * Where the servers of a run are, and how each is replaced by a fresh one.
 *
 * @module
 */

import type { Target } from "../../results/verdict.ts";
import type { RunSurroundings } from "../surroundings.ts";
import type { ServerProcess } from "./server_process.ts";

/** Where a server is, and what becomes of it. */
export interface ServerPlace {
  /** Where it is, unless this program has started it. */
  readonly target: Target;
  /** How it is reached. */
  readonly surroundings: RunSurroundings;
  /** The server, if this program has started it. */
  readonly server?: ServerProcess | undefined;
  /** Takes a fresh one in its place, if that is possible. */
  readonly renew?: (() => Promise<void>) | undefined;
}

/** A server besides the target. */
export interface FurtherServer extends Omit<ServerPlace, "target"> {
  /** Ends it. */
  stop(): Promise<void>;
}
