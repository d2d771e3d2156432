/**
 * `/drain`: what a signal to stop begins with, and no more.
 *
 * @module
 */

import type { Server } from "../../server.ts";
import { json } from "../http/reply.ts";
import type { Verb } from "./verb.ts";

/**
 * Takes nobody in any more, lets messages in flight finish, and closes all connections in good order. The program goes on, without
 * anybody, until a signal ends it. The answer comes at once; `/readyz` and `/status` say how far it is.
 */
export function drain(server: Pick<Server, "drain" | "state" | "hub">): Verb {
  return {
    name: "drain",
    fields: [],
    act(_fields, changed) {
      if (server.state === "serving") {
        changed("an operator has the server drained: it takes nobody in any more, and ends when a signal ends it");
        void server.drain();
      }
      return json(202, { state: server.state, inFlight: server.hub.counters.onTheirWay });
    },
  };
}
