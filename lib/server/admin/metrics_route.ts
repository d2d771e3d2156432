/**
 * `/metrics`: what Prometheus asks.
 *
 * @module
 */

import { metricsText } from "./metrics.ts";
import type { Route } from "./routes.ts";
import { type ReadingSources, readServer } from "./server_reading.ts";

/** Answers with all figures of the moment. */
export function metricsRoute(sources: ReadingSources): Route {
  return {
    method: "GET",
    path: "/metrics",
    isOpen: true,
    async reply({ head }) {
      const { contentType, text } = await metricsText(readServer(sources), wantsOpenMetrics(head.fields.get("accept")));
      return { status: 200, contentType, body: text };
    },
  };
}

/**
 * Whether a field `Accept` prefers OpenMetrics to plain text. Whoever says nothing of it, or takes anything, gets plain text.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*\/*;q=0.1";
 * assertEquals([undefined, "*\/*", prometheus].map(wantsOpenMetrics), [false, false, true]);
 * assertEquals(wantsOpenMetrics("text/plain, application/openmetrics-text;q=0.9"), false);
 * ```
 */
export function wantsOpenMetrics(accept = ""): boolean {
  const weightOf = (type: string) => {
    const weights = accept.toLowerCase().split(",").map((one) => one.trim()).filter((one) =>
      one.split(";")[0]!.trim() === type
    )
      .map((one) => Number(/;\s*q=([\d.]+)/.exec(one)?.[1] ?? 1));
    return Math.max(0, ...weights);
  };
  const weight = weightOf("application/openmetrics-text");
  return weight > 0 && weight >= weightOf("text/plain");
}
