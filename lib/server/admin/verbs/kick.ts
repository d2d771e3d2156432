/**
 * `/kick`: somebody has to go.
 *
 * @module
 */

import type { Hub } from "../../../hub/hub.ts";
import { failure, json } from "../http/reply.ts";
import type { Verb } from "./verb.ts";

/** Closes the connection of whoever has a name, who is told why. They may come again: see `/deny`. */
export function kick(hub: Pick<Hub, "local" | "find">): Verb {
  return {
    name: "kick",
    fields: ["name"],
    act({ name }, changed) {
      if (name === undefined) return failure(422, "bad-value", 'say who: {"name": "bob"}');
      const presence = hub.local(name);
      if (presence === undefined) {
        const shown = JSON.stringify(name);
        return hub.find(name) === undefined
          ? failure(404, "unknown", `nobody is called ${shown}: GET /status has all who are present`)
          : failure(409, "elsewhere", `${shown} is on another node: ask that one`);
      }
      const { dialect, remote: { hostname: address, port } } = presence;
      presence.evict("kicked");
      changed("an operator has closed a connection", { name, dialect, address });
      return json(200, { kicked: name, dialect, address, port });
    },
  };
}
