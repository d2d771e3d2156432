/**
 * The options of `chat serve` that make it one node of a cluster (PROTOCOLS.md, One hub on many nodes).
 *
 * @module
 */

import { type Kind, wrong } from "../cli/values.ts";
import { ChatError } from "../core/error.ts";
import type { ClusterChoice } from "./serve.ts";

/** The shortest lease, in milliseconds: it is renewed several times in that. */
const SHORTEST_TTL = 2_000;

/** The options, as they were given. */
export interface ClusterOptions {
  /** See {@linkcode ClusterChoice.servers}. */
  readonly nats: readonly string[] | undefined;
  /** See {@linkcode ClusterChoice.credsFile}. */
  readonly natsCreds: string | undefined;
  /** See {@linkcode ClusterChoice.name}. */
  readonly cluster: string;
  /** See {@linkcode ClusterChoice.node}. */
  readonly node: string | undefined;
  /** See {@linkcode ClusterChoice.claimTtl}. */
  readonly claimTtl: number;
}

/**
 * What the options ask for; `undefined` if the server is to be alone.
 *
 * @throws {ChatError} `usage` for options that go with `--nats` only, or a lease that is too short.
 */
export function clusterChoice(chosen: ClusterOptions): ClusterChoice | undefined {
  const { nats, natsCreds, cluster, node, claimTtl } = chosen;
  if (nats === undefined) {
    const extra = natsCreds !== undefined ? "--nats-creds" : node !== undefined ? "--node" : undefined;
    if (extra !== undefined) throw new ChatError("usage", `${extra} goes with --nats: say where NATS is`);
    return undefined;
  }
  if (claimTtl < SHORTEST_TTL) {
    throw new ChatError("usage", `--claim-ttl ${claimTtl} ms is too short for a lease: choose at least 2s`);
  }
  return { servers: nats, credsFile: natsCreds, name: cluster, node, claimTtl };
}

/** Where the servers of NATS are, with commas between. */
export function natsServers(): Kind<readonly string[]> {
  return {
    name: "URL",
    example: ["nats://127.0.0.1:4222"],
    read: (input) => input.split(",").map(readUrl),
    show: (servers) => servers.join(","),
  };
}

function readUrl(text: string): string {
  const [, scheme = "nats", host] = /^(?:(nats|tls):\/\/)?([^\s/@]+)$/.exec(text) ?? [];
  if (host === undefined) throw wrong(text, "no address of NATS: nats://HOST:PORT or tls://HOST:PORT");
  return `${scheme}://${host}`;
}

/** A name that NATS can carry in a subject. */
export function natsName(name: string): Kind<string> {
  return {
    name,
    example: "chat",
    read: (input) => {
      if (/^[A-Za-z0-9_-]{1,64}$/.test(input)) return input;
      throw wrong(input, "no name for it: 1 to 64 of A-Z, a-z, 0-9, - and _");
    },
    show: (text) => text,
  };
}
