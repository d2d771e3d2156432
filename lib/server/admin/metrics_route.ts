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
      const isOpenMetrics = head.fields.get("accept")?.includes("application/openmetrics-text") ?? false;
      const { contentType, text } = await metricsText(readServer(sources), isOpenMetrics);
      return { status: 200, contentType, body: text };
    },
  };
}
