/**
 * The options of `chat serve` that make it one node of a cluster (PROTOCOLS.md, One hub on many nodes).
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { optional, withDefault } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { fields } from "../cli/fields.ts";
import { file, type Kind, wrong } from "../cli/values.ts";
import { ChatError } from "../core/error.ts";

const { setting, time } = fields;

/** What was asked of the cluster. */
export interface ClusterChoice {
  /** Where NATS is. */
  readonly servers: readonly string[];
  /** A file of credentials for NATS. */
  readonly credsFile?: string | undefined;
  /** The cluster's name: nodes of one name are one hub. */
  readonly name: string;
  /** What this node is called; its process decides where nobody has said. */
  readonly node?: string | undefined;
  /** How long a node that says nothing keeps its names, in milliseconds. */
  readonly claimTtl: number;
}

/** The shortest lease, in milliseconds: it is renewed several times in that. */
const SHORTEST_TTL = 2_000;
const DEFAULT_TTL = 10_000;

/** The parser of these options. */
export const CLUSTER = object({
  nats: optional(
    setting(
      "--nats",
      urls(),
      "Be one hub with all servers of this NATS: nats://HOST:PORT or tls://, with commas between.",
    ),
  ),
  natsCreds: optional(setting("--nats-creds", file(), "The credentials for NATS, a .creds file.")),
  cluster: withDefault(
    setting("--cluster", nodeName("NAME"), "Which of NATS' clusters: servers of one name are one hub."),
    "chat",
  ),
  node: optional(setting("--node", nodeName("NAME"), "What the others call this server.")),
  claimTtl: time("--claim-ttl", DEFAULT_TTL, "How long the names of a server that says nothing are kept for it."),
});

/**
 * What the options ask for; `undefined` if the server is to be alone.
 *
 * @throws {ChatError} `usage` for options that go with `--nats` only, or a lease that is too short.
 */
export function clusterChoice(chosen: InferValue<typeof CLUSTER>): ClusterChoice | undefined {
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

function urls(): Kind<readonly string[]> {
  return {
    name: "URL",
    example: ["nats://127.0.0.1:4222"],
    read: (input) => input.split(",").map(readUrl),
    show: (servers) => servers.join(","),
  };
}

function readUrl(text: string): string {
  const [, scheme = "nats", host] = /^(?:(nats|tls):\/\/)?([^\s/@]+)$/.exec(text) ?? [];
  if (host === undefined) throw wrong(text, "is no address of NATS: nats://HOST:PORT or tls://HOST:PORT");
  return `${scheme}://${host}`;
}

function nodeName(name: string): Kind<string> {
  return {
    name,
    example: "chat",
    read: (input) => {
      if (/^[A-Za-z0-9_-]{1,64}$/.test(input)) return input;
      throw wrong(input, "is no name for it: 1 to 64 of A-Z, a-z, 0-9, - and _");
    },
    show: (text) => text,
  };
}
