/**
 * What a run is told at its beginning.
 *
 * @module
 */

import type { Trust } from "../../lib/transport/tls/tls.ts";
import type { ClientHost } from "../client/client_host.ts";
import type { Fixture } from "../fixtures/fixture.ts";
import type { Accommodated, Result } from "../results/verdict.ts";
import type { ServerProcess } from "./server/server_process.ts";
import type { FurtherServer } from "./server/server_place.ts";
import type { RunSurroundings } from "./surroundings.ts";

/** How fixtures are played. */
export interface RunOptions {
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How many fixtures are played at a time, at most. */
  readonly jobs: number;
  /** Called with each result as it comes. */
  readonly onResult: (result: Result) => void;
  /** The server, if it was started for the run. */
  readonly server?: ServerProcess | undefined;
  /** Starts clients, if it is one that is played against. */
  readonly client?: ClientHost | undefined;
  /** Whether the server is started anew for each fixture. */
  readonly isFresh?: boolean;
  /** How long a server may take to be there behind a port that takes connections before it does, in milliseconds; 0 by default. */
  readonly startTimeout?: number;
  /** Takes a fresh server in the place of the target, where that is not `server` and can be done. */
  readonly renew?: () => Promise<void>;
  /** Gives a further server like the target, which is asked at the same time; by default they are further starts of `server`. */
  readonly another?: () => FurtherServer;
  /** Told what is waited for, in a line for people. */
  readonly onNote?: (text: string) => void;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls?: Trust | undefined;
  /** The seed of all random choices. */
  readonly seed?: number;
  /** Whether what has passed is played again in other segments. */
  readonly segmentation?: boolean;
  /** Whether the fixtures are played in a random order, as far as what they need allows. */
  readonly shuffle?: boolean;
  /** How often all of them are played; once by default. */
  readonly repeat?: number;
  /** Results of an earlier run against the same server, by the names of their fixtures: these are not played again. */
  readonly known?: ReadonlyMap<string, Result> | undefined;
  /** Whether nothing more is to be played after this result. */
  readonly stopsAt?: (result: Result) => boolean;
  /** Whether a server that deviates in what every fixture needs is accommodated, so that the others can be played. */
  readonly accommodates?: boolean;
  /** Called with a fixture that fails, when it is tried what that may be so that the others can be played all the same; it may take a while. */
  readonly onTrying?: (gate: Fixture) => void;
  /** How it is accommodated, where an earlier run against the same server has found that out. */
  readonly accommodated?: readonly Accommodated[] | undefined;
  /** Breaks the run off: what is known by then is its result. */
  readonly interrupted?: AbortSignal | undefined;
  /** Time, chance, and how the target is reached: the real ones by default. */
  readonly surroundings?: RunSurroundings;
}
