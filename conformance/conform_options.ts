/**
 * What `chat conform` is asked for.
 *
 * @module
 */

import type { TrustFiles } from "../lib/transport/tls/tls.ts";
import type { ClientSpec } from "./client/client_target.ts";
import type { OutputOptions } from "./results/outputs.ts";
import type { TargetSpec } from "./target_spec.ts";
import type { StressRequest } from "./stress/stress_target.ts";
import type { WatchRequest } from "./watch/played.ts";

/** The options of a run. */
export interface ConformOptions extends OutputOptions {
  /** The targets, and their dialects. One or more, unless fixtures are only listed. */
  readonly targets: readonly TargetSpec[];
  /** What targets speak, where that was said for all. */
  readonly dialect?: string | undefined;
  /** Globs for clauses, fixtures or files; none means all. */
  readonly filters: readonly string[];
  /** Only writes what clauses are worth, to be changed by hand. */
  readonly writeGrading?: boolean;
  /** Only lists what would be played. */
  readonly list: boolean;
  /** Whether the clients are spread over all targets, which are one hub. */
  readonly spread?: boolean;
  /** Whether a failed `should` counts. */
  readonly strict: boolean;
  /** The deadline of a step, in milliseconds. */
  readonly timeout: number;
  /** How many fixtures are played at a time, at most; 1 plays strictly one after the other. */
  readonly jobs: number;
  /** The version of the suite that counts; {@linkcode FROZEN_SUITE} by default. */
  readonly suite?: string | undefined;
  /** Folders with fixtures of one's own. */
  readonly fixtures: readonly string[];
  /** Whether the embedded fixtures are played as well. */
  readonly embedded: boolean;
  /** The command that starts a server for each target; without it they run already. */
  readonly serverCommand?: string | undefined;
  /** A client that is tested, instead of servers. */
  readonly client?: ClientSpec | undefined;
  /** How long a server that is started may take to accept its first connection, in milliseconds; 10 s by default. */
  readonly startTimeout?: number;
  /** Whether it is started anew for each fixture. */
  readonly fresh?: boolean;
  /** Whether what passes is played again with its bytes in other segments. */
  readonly segmentation?: boolean;
  /** What many clients do at once, behind the fixtures. */
  readonly stress?: StressRequest | undefined;
  /** Whether the fixtures are played in a random order. */
  readonly shuffle?: boolean;
  /** The seed of all random choices; any number by default. */
  readonly seed?: number | undefined;
  /** How often all is played; once by default. */
  readonly repeat?: number;
  /** How long all of it may take, in milliseconds; what is known by then is reported. */
  readonly maxTime?: number | undefined;
  /** Whether it is played in stages, until one is not done. */
  readonly stages?: boolean;
  /** That it is played again whenever files change. */
  readonly watch?: WatchRequest | undefined;
  /** Whether nothing more is played after the first failure that counts. */
  readonly failFast?: boolean;
  /** Whether a server that deviates in what every fixture needs is not accommodated. */
  readonly noAccommodate?: boolean;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls?: TrustFiles | undefined;
}
