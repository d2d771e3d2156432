/**
 * Reads the metrics of servers that come and go, and holds what must add up in each of them.
 *
 * @module
 */

import { readOpenMetrics, type Series, sumOf } from "../../lib/server/admin/testing/open_metrics.ts";
import { askUnix } from "../admin_client.ts";

/** How long a server may take to answer; one that is stopped never does. */
const PATIENCE_MS = 2_000;

/** Reads the metrics of some nodes. */
export class MetricsWatch implements AsyncDisposable {
  readonly #folder: string;
  readonly #violations: string[];
  /** What was read last of each node, and in which of its lives. */
  readonly #last = new Map<string, { readonly life: number; readonly series: Series }>();
  /** How often some were read. */
  readings = 0;

  /** @param violations where it is written what does not add up. */
  constructor(violations: string[]) {
    this.#folder = Deno.makeTempDirSync();
    this.#violations = violations;
  }

  /** The options with which a node is started, so that it can be asked. */
  options(node: string): string[] {
    return ["--admin", `unix:${this.#path(node)}`];
  }

  /** Reads one of them, unless it does not answer. */
  async look(node: string): Promise<void> {
    const answer = await askUnix(this.#path(node), "GET", "/metrics", undefined, PATIENCE_MS).catch(() => undefined);
    if (answer === undefined || answer.status !== 200) return;
    const series = readOpenMetrics(answer.text);
    this.readings++;
    for (const dialect of ["relay", "server"]) {
      const [accepted, settled, inFlight] = ["accepted_total", "settled_total", "in_flight"]
        .map((name) => sumOf(series, `chat_messages_${name}`, { dialect }));
      if (accepted !== settled! + inFlight! || inFlight! < 0) {
        this.#violations.push(`${node}: ${dialect} ${accepted} taken, ${settled} settled, ${inFlight} in flight`);
      }
    }
    const life = sumOf(series, "chat_start_time_seconds");
    const before = this.#last.get(node);
    for (const [name, value] of before?.life === life ? before.series : []) {
      if (/_(total|count|bucket)(\{|$)/.test(name) && (series.get(name) ?? 0) < value) {
        this.#violations.push(`${node}: ${name} fell from ${value} to ${series.get(name)}`);
      }
    }
    this.#last.set(node, { life, series });
  }

  /** Removes what there was to be asked by. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }

  #path(node: string): string {
    return `${this.#folder}/${node}`;
  }
}
