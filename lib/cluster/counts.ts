/**
 * What a node counts of its cluster, for operators.
 *
 * @module
 */

/** What a node has claimed of one kind. */
export interface ClaimCount {
  /** What it has. */
  readonly held: number;
  /** What is being decided on. */
  readonly waiting: number;
}

/** What became of the requests to other nodes; those that are on their way are in none of the others but `asked`. */
export interface RequestCounts {
  /** How many there were. */
  readonly asked: number;
  /** How many were answered, whatever the answer was. */
  readonly answered: number;
  /** How many were not, in time or because the way there was lost. */
  readonly timedOut: number;
  /** How many were not sent on, since the node was not there or too many were on their way to it already. */
  readonly refused: number;
}

/** The kinds of claims. */
export type ClaimKind = "names" | "ids" | "groups";

/** All that a node counts. */
export interface ClusterCounts {
  /** The nodes that are there, with this one. */
  readonly nodes: number;
  /** How many other nodes have come since this one started. */
  readonly nodesSeen: number;
  /** What this node has claimed. */
  readonly claims: Readonly<Record<ClaimKind, ClaimCount>>;
  /** What this node has asked others. */
  readonly requests: RequestCounts;
  /** What others have asked this node. */
  readonly served: number;
  /** How often the connection was there again after it had been lost. */
  readonly reconnects: number;
  /** How many bytes went to what carries the cluster, and came from it. */
  readonly bytes: EngineTraffic;
}

/** How many bytes an engine has moved. */
export interface EngineTraffic {
  /** From this node. */
  readonly sent: number;
  /** To it. */
  readonly received: number;
}

/** Counts the requests to all other nodes. */
export class RequestCounter implements RequestCounts {
  /** See {@linkcode RequestCounts.asked}. */
  asked = 0;
  /** See {@linkcode RequestCounts.answered}. */
  answered = 0;
  /** See {@linkcode RequestCounts.timedOut}. */
  timedOut = 0;
  /** See {@linkcode RequestCounts.refused}. */
  refused = 0;

  /** One was answered, or this is why not: see {@linkcode ClusterEngine.ask}. */
  settled(answer: Uint8Array | "nobody" | "unknown"): void {
    if (answer === "nobody") this.refused++;
    else if (answer === "unknown") this.timedOut++;
    else this.answered++;
  }
}

/** A number that a monitor reads, by the rules of names and units that Prometheus has. */
export interface ClusterReading {
  /** What it is called. Several readings of one name differ in their labels. */
  readonly name: string;
  /** What it means. */
  readonly help: string;
  /** Whether it only ever grows. */
  readonly kind: "counter" | "gauge";
  /** What tells it from others of its name. */
  readonly labels: Readonly<Record<string, string>>;
  /** The number. */
  readonly value: number;
}

/**
 * All counts as a monitor reads them, those of one name behind each other.
 *
 * @param isServing whether the node gives names at the moment.
 */
export function clusterReadings(counts: ClusterCounts, isServing: boolean): readonly ClusterReading[] {
  const { claims, requests: { asked, answered, timedOut, refused }, bytes } = counts;
  const open = asked - answered - timedOut - refused;
  const kinds = Object.entries(claims);
  return [
    ...readings("serving", "gauge", "Whether this node gives names: 1, or 0 where it is cut off.", [[{}, +isServing]]),
    ...readings("nodes", "gauge", "Nodes that are there, with this one.", [[{}, counts.nodes]]),
    ...readings("nodes_seen_total", "counter", "Other nodes that have come.", [[{}, counts.nodesSeen]]),
    ...readings(
      "claims",
      "gauge",
      "What this node has claimed: held, or waiting to be decided.",
      kinds.flatMap(([kind, { held, waiting }]) => [
        [{ kind, state: "held" }, held] as const,
        [{ kind, state: "waiting" }, waiting] as const,
      ]),
    ),
    ...readings("requests_total", "counter", "Requests to other nodes, by what became of them.", [
      [{ outcome: "answered" }, answered],
      [{ outcome: "timed_out" }, timedOut],
      [{ outcome: "refused" }, refused],
    ]),
    ...readings("requests_open", "gauge", "Requests to other nodes that are on their way.", [[{}, open]]),
    ...readings("served_total", "counter", "Requests of other nodes to this one.", [[{}, counts.served]]),
    ...readings("reconnects_total", "counter", "How often what carries the cluster was reached again.", [
      [{}, counts.reconnects],
    ]),
    ...readings("bytes_total", "counter", "Bytes to and from what carries the cluster.", [
      [{ direction: "sent" }, bytes.sent],
      [{ direction: "received" }, bytes.received],
    ]),
  ];
}

function readings(
  name: string,
  kind: ClusterReading["kind"],
  help: string,
  values: readonly (readonly [Readonly<Record<string, string>>, number])[],
): ClusterReading[] {
  return values.map(([labels, value]) => ({ name: `chat_cluster_${name}`, help, kind, labels, value }));
}
