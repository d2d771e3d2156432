/**
 * The server of the simulation: less patience and less room than by default, so that both run out.
 *
 * @module
 */

import { parseCommandLine } from "../../lib/cli.ts";
import { DIALECTS } from "../../lib/dialects/registry.ts";
import type { ServerOptions } from "../../lib/server/server.ts";

/** Where it is. */
export const HOST = "192.0.2.250";
/** How long a recipient may take to acknowledge, in milliseconds. */
export const ACK_TIMEOUT = 2_000;
/** How many bytes may wait to be written to a peer. */
export const MAX_QUEUE = 16_384;
/** How many bytes may wait to be written to all peers together. */
export const MAX_QUEUED = 1 << 20;
/** How long a shutdown may take, in milliseconds. */
export const DRAIN_TIMEOUT = 5_000;

const OPTIONS = [
  `--host=${HOST}`,
  ...DIALECTS.map(({ name, defaultPort }) => `--${name}=${defaultPort}`),
  `--ack-timeout=${ACK_TIMEOUT}ms`,
  "--register-timeout=5s",
  "--message-timeout=10s",
  "--idle-timeout=60s",
  "--write-timeout=5s",
  `--drain-timeout=${DRAIN_TIMEOUT}ms`,
  `--max-queue=${MAX_QUEUE}`,
  `--max-queued=${MAX_QUEUED}`,
  "--max-message=8192",
  "--rate=500",
  // Whose network is near is the machine's, and no two are the same.
  "--limit-loopback",
];

/** Its options, those that are not said here as they are by default. */
export function serverOptions(): ServerOptions {
  const command = parseCommandLine(["serve", ...OPTIONS], { colors: false, isTerminal: false });
  if (command.kind !== "serve") throw new TypeError("these are not the options of a server");
  return command.options;
}
