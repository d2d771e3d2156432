/**
 * Whether a server is well, for whoever starts, stops and chooses among servers.
 *
 * @module
 */

import { json } from "./http/reply.ts";
import type { Route } from "./routes.ts";
import type { ReadableServer } from "./server_reading.ts";

/** Why nobody should be sent to a server; nothing if it is ready. */
export function notReadyBecause(
  { state, listeners, node }: Pick<ReadableServer, "state" | "listeners" | "node">,
): string[] {
  return [
    ...state === "serving" ? [] : [`the server is ${state}`],
    ...listeners.length > 0 ? [] : ["it listens nowhere"],
    ...node === undefined || node.status.isServing ? [] : ["the cluster cannot be reached: no names are given"],
  ];
}

/** `/healthz` and `/readyz`. */
export function healthRoutes(server: ReadableServer): Route[] {
  return [
    { method: "GET", path: "/healthz", isOpen: true, reply: () => json(200, { alive: true }) },
    {
      method: "GET",
      path: "/readyz",
      isOpen: true,
      reply: () => {
        const why = notReadyBecause(server);
        return why.length === 0 ? json(200, { ready: true }) : json(503, { ready: false, why });
      },
    },
  ];
}
