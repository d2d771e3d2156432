/**
 * A target as it is named on the command line.
 *
 * @module
 */

import { ChatError } from "../lib/core/error.ts";
import { DIALECTS, findDialect } from "../lib/dialects/registry.ts";

/** A target as the user gives it. */
export interface TargetSpec {
  /** The dialect that it is to speak; found out if it is left out. */
  readonly dialect?: string | undefined;
  /** A host name or an IP address. */
  readonly hostname: string;
  /** Its port; if it is left out, its dialect's own. */
  readonly port?: number | undefined;
}

/** The port of a server; throws a `usage` error if nothing says which. */
export function portOf({ dialect, hostname, port }: TargetSpec): number {
  if (port !== undefined) return port;
  const entry = dialect === undefined ? undefined : findDialect(dialect);
  if (entry !== undefined) return entry.defaultPort;
  throw new ChatError(
    "usage",
    `say which port: --target ${hostname}:PORT, or which dialect, which has a port of its own`,
  );
}

/** The dialects of which something may be played, each once: all there are where one has to be found out. */
export function dialectsOf(specs: readonly TargetSpec[]): string[] {
  const all = DIALECTS.map(({ name }) => name);
  const named = specs.flatMap(({ dialect }) => dialect === undefined ? all : [dialect]);
  return [...new Set(specs.length === 0 ? all : named)];
}
