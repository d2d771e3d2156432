/**
 * The options of `chat serve` that make it one node of a cluster (PROTOCOLS.md, One hub on many nodes).
 *
 * @module
 */

import { duration, type Kind, wrong } from "../cli/values.ts";
import { ChatError } from "../core/error.ts";
import type { ClusterChoice } from "./serve.ts";

/** The shortest lease, in milliseconds: it is renewed several times in that. */
const SHORTEST_TTL = 2_000;
const USUAL_TTL = 10_000;
const USUAL_NAME = "chat";

/** The options, as they were given. */
export interface ClusterOptions {
  /** See {@linkcode ClusterChoice.servers}. */
  readonly nats: readonly string[] | undefined;
  /** See {@linkcode ClusterChoice.credsFile}. */
  readonly natsCreds: string | undefined;
  /** See {@linkcode ClusterChoice.caFile}. */
  readonly natsCa: string | undefined;
  /** See {@linkcode ClusterChoice.name}. */
  readonly cluster: string | undefined;
  /** See {@linkcode ClusterChoice.node}. */
  readonly node: string | undefined;
  /** Whether ports are shared. */
  readonly reusePort: boolean;
  /** See {@linkcode ClusterChoice.claimTtl}. */
  readonly claimTtl: number | undefined;
}

/**
 * What the options ask for; `undefined` if the server is to be alone.
 *
 * @throws {ChatError} `usage` for options that go with `--nats` only.
 */
export function clusterChoice(chosen: ClusterOptions): ClusterChoice | undefined {
  const { nats, natsCreds, natsCa, cluster = USUAL_NAME, node, claimTtl = USUAL_TTL } = chosen;
  if (nats !== undefined) {
    if (natsCa !== undefined && !nats.every((url) => url.startsWith("tls://"))) {
      throw new ChatError("usage", "--nats-ca is for TLS: write --nats tls://HOST:PORT");
    }
    return { servers: nats, credsFile: natsCreds, caFile: natsCa, name: cluster, node, claimTtl };
  }
  const given = {
    "--nats-creds": natsCreds,
    "--nats-ca": natsCa,
    "--cluster": chosen.cluster,
    "--node": node,
    "--claim-ttl": chosen.claimTtl,
    "--reuse-port": chosen.reusePort || undefined,
  };
  const extra = Object.entries(given).find(([, value]) => value !== undefined);
  if (extra !== undefined) throw new ChatError("usage", `${extra[0]} goes with --nats: say where NATS is`);
  return undefined;
}

/** How long a lease lasts, in milliseconds. */
export function leaseTime(): Kind<number> {
  return duration(SHORTEST_TTL);
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

/** What may be shown of an address: a password is not. */
function withoutSecrets(text: string): string {
  return text.replace(/[^/]*@/, "…@");
}

function readUrl(text: string): string {
  const [, scheme = "nats", who = "", host] = /^(?:(nats|tls):\/\/)?([^\s/@]+@)?([^\s/@]+)$/.exec(text) ?? [];
  if (host === undefined) {
    throw wrong(
      withoutSecrets(text),
      "no address of NATS: nats://HOST:PORT or tls://HOST:PORT, USER:PASSWORD@ or TOKEN@ before HOST",
    );
  }
  return `${scheme}://${who}${host}`;
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
