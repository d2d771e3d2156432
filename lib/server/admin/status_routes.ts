/**
 * `/status` and `/events`: the state of a server, once or every second.
 *
 * @module
 */

import type { Runtime, Timer } from "../../core/runtime.ts";
import { failure, json, type StreamReader } from "./http/reply.ts";
import type { Route } from "./routes.ts";
import type { ReadingSources } from "./server_reading.ts";
import { statusReport } from "./status_report.ts";

/** How often it is told, in milliseconds. */
const INTERVAL_MS = 1_000;
/** How many may listen. */
const MAX_LISTENERS = 16;
/** How many members are told at a time. */
const MAX_MEMBERS = 500;

/** The two routes. Nothing is made for `/events` while nobody listens, and one text a second for all who do. */
export function statusRoutes(sources: ReadingSources, runtime: Pick<Runtime, "every">): Route[] {
  const readers = new Set<StreamReader>();
  let timer: Timer | undefined;
  const event = () => `event: status\ndata: ${JSON.stringify(statusReport(sources, MAX_MEMBERS))}\n\n`;
  const tell = () => {
    const ready = [...readers].filter(({ isReady }) => isReady);
    if (ready.length === 0) return;
    const text = event();
    for (const reader of ready) reader.write(text);
  };
  return [
    { method: "GET", path: "/status", reply: () => json(200, statusReport(sources)) },
    {
      method: "GET",
      path: "/events",
      reply() {
        if (readers.size >= MAX_LISTENERS) {
          return failure(503, "full", `${MAX_LISTENERS} listen already: try again when one has gone`);
        }
        return {
          contentType: "text/event-stream",
          begin(reader) {
            readers.add(reader);
            timer ??= runtime.every(INTERVAL_MS, tell);
            reader.write(event());
            return () => {
              readers.delete(reader);
              if (readers.size > 0) return;
              timer?.cancel();
              timer = undefined;
            };
          },
        };
      },
    },
  ];
}
