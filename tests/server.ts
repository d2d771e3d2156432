/**
 * A server of our own in the test's process, on ports that the system chooses.
 *
 * @module
 */

import type { Endpoint } from "../lib/core/link.ts";
import { parseCommandLine } from "../lib/cli.ts";
import { DIALECTS } from "../lib/dialects/registry.ts";
import { Server } from "../lib/server/server.ts";

/** A running server. */
export interface TestServer extends AsyncDisposable {
  /** The server. */
  readonly server: Server;
  /** Where a dialect is spoken. */
  at(dialect: string): Endpoint;
  /** Every line of its log but those for debugging: the level, the sentence, and what it is about. */
  readonly log: readonly string[];
}

/** Starts a server with the options of `chat serve`; the dialects named are spoken, the others are not. */
export async function startServer(dialects: readonly string[], ...options: string[]): Promise<TestServer> {
  const ports = DIALECTS.flatMap(({ name }) => [`--${name}`, dialects.includes(name) ? "0" : "off"]);
  const command = parseCommandLine(["serve", ...ports, ...options], { colors: false, isTerminal: false });
  if (command.kind !== "serve") throw new TypeError("these are not the options of a server");
  const log: string[] = [];
  const server = await Server.start(
    command.options,
    (level, text, about) => level !== "debug" && log.push(`${level} ${text} ${JSON.stringify(about)}`),
  );
  return {
    server,
    log,
    at: (dialect) => server.listeners.find((door) => door.dialect === dialect)!.endpoint,
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
