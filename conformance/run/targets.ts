/**
 * Resolves target specs: finds out ports and dialects that were left out.
 *
 * @module
 */

import { addressText } from "../../lib/core/address.ts";
import { ChatError } from "../../lib/core/error.ts";
import type { Endpoint, HalfClosingLink } from "../../lib/core/link.ts";
import { findDialect } from "../../lib/dialects/registry.ts";
import { REAL_TIME } from "../../lib/transport/real_time.ts";
import { connectTcp, type TcpConnectOptions } from "../../lib/transport/tcp.ts";
import type { Trust } from "../../lib/transport/tls/tls.ts";
import { portOf, type TargetSpec } from "../target_spec.ts";
import { loadPrelude } from "../fixtures/library.ts";
import { detect, type Detected } from "./detection.ts";
import { awaitServer } from "./readiness.ts";
import { detectDatagrams } from "./datagram_detection.ts";
import { commandFor, type ServerCommand, takesPort } from "./server/command.ts";
import { ServerProcess } from "./server/server_process.ts";
import type { Target } from "../results/verdict.ts";

/** A server that speaks datagrams answers within this time, in milliseconds. */
const ANSWER = 1_000;

/** How targets are resolved. */
export interface ResolveOptions {
  /** How long a server may take to answer, in milliseconds. */
  readonly timeout: number;
  /** What starts a server of one's own for each target. */
  readonly command?: ServerCommand | undefined;
  /** How long a server may take to accept its first connection, in milliseconds. */
  readonly startTimeout: number;
  /** Told what is waited for, in a line for people. */
  readonly onNote: (text: string) => void;
  /** Gives up waiting for a server that is started. */
  readonly interrupted?: AbortSignal | undefined;
  /** Called with a server before it is started: it is to be stopped, whatever comes. */
  readonly onServer: (server: ServerProcess) => void;
  /** The authorities that are trusted, if TLS is spoken. */
  readonly tls?: Trust | undefined;
}

/** A target, and the server if it was started for the run. */
export interface ResolvedTarget {
  /** The target. */
  readonly target: Target;
  /** Runs, unless it has crashed already. */
  readonly server?: ServerProcess;
}

/**
 * Starts the server, if it is to be started, and finds out what it speaks, if that was not said.
 *
 * @throws {ChatError} `usage` if its port is left open or TLS is asked for where datagrams are spoken, `undetected` or `closed-at-once` if it is uncertain what it speaks, `unreachable`, and
 * what {@linkcode ServerProcess.start} throws.
 */
export async function resolveTargets(spec: TargetSpec, options: ResolveOptions): Promise<ResolvedTarget> {
  const { command } = options;
  if (options.tls !== undefined && findDialect(spec.dialect ?? "")?.transport === "udp") {
    throw new ChatError("usage", `${spec.dialect} speaks datagrams, and TLS needs a stream: leave out --tls`);
  }
  if (command === undefined) return { target: await resolveDialect(spec, portOf(spec), options) };
  const { hostname } = spec;
  const port = takesPort(command) ? spec.port : portOf(spec);
  const server = new ServerProcess({
    command,
    hostname,
    port,
    startTimeout: options.startTimeout,
    onNote: options.onNote,
  });
  options.onServer(server);
  await server.start();
  const target = await resolveDialect(spec, server.endpoint.port, options, server);
  // Where leaving may hurt, the server has heard a client leave that only asked what it speaks.
  if (target.detected !== undefined && (await loadPrelude(target.dialect)).stays === true) {
    await server.stop();
    await server.start();
    return { target: { ...target, ...server.endpoint, command: commandFor(command, server.endpoint) }, server };
  }
  return { target: { ...target, command: commandFor(command, server.endpoint) }, server };
}

/**
 * Makes one target of several servers that are one hub, and looks whether all of them are there.
 *
 * @throws {ChatError} `usage` if they speak different dialects, `unreachable`, and what {@linkcode resolveTargets} throws.
 */
export async function resolveSpread(specs: readonly TargetSpec[], options: ResolveOptions): Promise<ResolvedTarget> {
  const resolved = await Promise.all(specs.map((spec) => resolveTargets(spec, options)));
  const [target, ...further] = resolved.map(({ target }) => target);
  const other = further.find(({ dialect }) => dialect !== target!.dialect);
  if (other !== undefined) {
    const [one, another] = [target!, other].map((server) => `${addressText(server)} speaks ${server.dialect}`);
    throw new ChatError("usage", `${one} and ${another}: --spread needs servers that speak the same`);
  }
  await Promise.all([target!, ...further].map((server) => mustBeThere(server, options)));
  return { target: { ...target!, further: further.map(({ hostname, port }) => ({ hostname, port })) } };
}

async function mustBeThere({ dialect, ...endpoint }: Target, { timeout, tls }: ResolveOptions): Promise<void> {
  if (findDialect(dialect)?.transport === "udp") {
    await detectDatagrams(endpoint, ANSWER, new AbortController().signal);
    return;
  }
  const link = await connectTcp(endpoint, { connectTimeout: timeout, tls });
  link.start({ receive: () => {}, ended: () => {}, closed: () => {} });
  link.end("done");
}

async function resolveDialect(
  { dialect, hostname }: TargetSpec,
  port: number,
  { timeout, startTimeout, tls, onNote }: ResolveOptions,
  server?: ServerProcess,
): Promise<Target> {
  const endpoint = { hostname, port };
  if (dialect !== undefined) return { dialect, ...endpoint };
  const options = { connectTimeout: timeout, tls };
  const found = await (server === undefined ? reach(endpoint, options) : reachStarted(server, startTimeout, options));
  const reconnect = () => server?.connect(options) ?? connectTcp(endpoint, options);
  const ask = (link: HalfClosingLink) => detect({ runtime: REAL_TIME, link, reconnect }, timeout);
  const detected = "dialect" in found ? found : await ask(found).catch(async (error) => {
    if (!(error instanceof ChatError && error.code === "closed-at-once")) throw error;
    const isThere = await awaitServer({ runtime: REAL_TIME, startTimeout, connect: reconnect, onNote });
    if (!isThere) throw error;
    return await ask(await reconnect());
  });
  return { ...endpoint, dialect: detected.dialect, detected: detected.because };
}

/** A connection to a server; of one that takes none and answers to datagrams, what it speaks. */
async function reach(endpoint: Endpoint, options: TcpConnectOptions): Promise<HalfClosingLink | Detected> {
  try {
    return await connectTcp(endpoint, options);
  } catch (cause) {
    // TLS needs a connection.
    if (!(cause instanceof ChatError && cause.code === "unreachable") || options.tls !== undefined) throw cause;
    const { signal } = new AbortController();
    return await detectDatagrams(endpoint, ANSWER, signal).catch((error) => {
      if (!(error instanceof ChatError && error.code === "unreachable")) throw error;
      throw new ChatError("unreachable", `${cause.message}, and nobody answers to a datagram`, { cause });
    });
  }
}

/** The same for a server that is starting, which may take its time: both transports are tried at once. */
async function reachStarted(
  server: ServerProcess,
  startTimeout: number,
  options: TcpConnectOptions,
): Promise<HalfClosingLink | Detected> {
  if (options.tls !== undefined) return await server.connect(options);
  const enough = new AbortController();
  const { signal } = enough;
  const connecting = server.connect({ ...options, signal });
  // What speaks no datagrams may take connections yet, and says why if it does not.
  const asking = detectDatagrams(server.endpoint, startTimeout, signal).catch(() => connecting);
  try {
    const first = await Promise.race([connecting, asking]);
    enough.abort();
    return await connecting.catch(() => {
      server.answered();
      return first;
    });
  } finally {
    enough.abort();
    await asking.catch(() => {});
  }
}
