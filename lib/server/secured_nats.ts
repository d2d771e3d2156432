/**
 * Whether there can be TLS to NATS.
 *
 * @module
 */

import { ChatError } from "../core/error.ts";

/** In this Deno the handshake of the library for NATS comes about. In 2.4 nothing more is said on a connection that was plain before. */
const SECURING = [2, 9] as const;

/**
 * Checks that there can be TLS to NATS, if it is asked for.
 *
 * @param runtime the version of Deno that there is.
 * @throws {ChatError} `usage` if there cannot.
 */
export function checkSecured(servers: readonly string[], runtime: string): void {
  const [major = 0, minor = 0] = runtime.split(".").map(Number);
  const canBe = major > SECURING[0] || major === SECURING[0] && minor >= SECURING[1];
  if (canBe || !servers.some((url) => url.startsWith("tls://"))) return;
  throw new ChatError(
    "usage",
    `TLS to NATS does not come about in Deno ${runtime}, of which this program is made: make it with Deno ` +
      `${SECURING.join(".")}, or write nats:// to a tunnel of your own`,
  );
}
