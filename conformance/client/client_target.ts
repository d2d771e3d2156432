/**
 * A client as a target: what its user says of it, made ready to be started.
 *
 * @module
 */

import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint } from "../../lib/core/link.ts";
import type { Network } from "../../lib/core/runtime.ts";
import type { Target } from "../results/verdict.ts";
import { readCommand } from "../run/server/command.ts";
import { ClientHost } from "./client_host.ts";
import type { StartableClient } from "./client_run.ts";
import { launchProcess } from "./client_process.ts";
import { checkPlaceholders, type ClientCommand, readInput, takesServerPort } from "./command.ts";

/** A client as the user gives it. */
export interface ClientSpec {
  /** The dialect that it speaks. */
  readonly dialect: string;
  /** What starts it. */
  readonly command: string;
  /** What is typed first, as the user writes it: `\n` is Enter. */
  readonly input?: string | undefined;
  /** Where we listen for it; any free port of this machine if nothing is said. */
  readonly listen?: Endpoint | undefined;
  /** Whether its user has a terminal. */
  readonly hasTerminal?: boolean | undefined;
}

/** A client that can be started any number of times. */
export interface ResolvedClient {
  /** The client, for reports. */
  readonly target: Target;
  /** Starts it. */
  readonly client: ClientHost;
  /** Starts it for a server of somebody else. */
  readonly startable: StartableClient;
}

/** The address that clients are told where nothing else is said. */
const LOOPBACK = "127.0.0.1";

/**
 * Reads the command of a client.
 *
 * @throws {ChatError} `usage` if it is not told where to connect to, `bad-value` for a command that cannot be understood.
 */
export function readClientCommand(
  { command, input = "", listen }: Pick<ClientSpec, "command" | "input" | "listen">,
): ClientCommand {
  const words = readCommand(command);
  for (const word of words) checkPlaceholders(word, "--client-cmd");
  if (listen !== undefined || takesServerPort(words, input)) return words;
  const how = "put {port} into --client-cmd or --client-input, or say where it does with --listen HOST:PORT";
  throw new ChatError("usage", `nothing tells the client where to connect to: ${how}`);
}

/**
 * Makes a client ready.
 *
 * @throws {ChatError} `usage` if it is not told where to connect to, `bad-value` for a command or an input that cannot be
 * understood, `port-in-use` or `cannot-listen` if we cannot listen where we should.
 */
export function resolveClient(
  { dialect, command, input = "", listen, hasTerminal = false }: ClientSpec,
  hasDatagrams: boolean,
  network: Network,
): ResolvedClient {
  const words = readClientCommand({ command, input, listen });
  if (hasTerminal && Deno.build.os === "windows") {
    throw new ChatError("usage", "--pty needs the program script, which Windows has not: leave it out");
  }
  const endpoint = listen ?? { hostname: LOOPBACK, port: 0 };
  // Better now than once for every fixture.
  const settings = { onFault: () => {} };
  if (hasDatagrams) {
    const port = network.openPort(endpoint, settings);
    port.start({ receive: () => {}, closed: () => {} });
    port.close("done");
  } else network.listen(endpoint, settings, (link) => link.abort("refused")).close();
  const launch = launchProcess({ command: words, input: readInput(input), hasTerminal });
  return {
    target: { role: "client", dialect, ...endpoint, command: words },
    client: new ClientHost({ network, chance: REAL_TIME, launch, listen: endpoint }),
    startable: { launch, takesName: [...words, input].some((word) => word.includes("{name}")) },
  };
}
