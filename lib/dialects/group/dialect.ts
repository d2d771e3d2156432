/**
 * group's entry in the catalogue.
 *
 * @module
 */

import type { DatagramDialect } from "../dialect.ts";
import { USAGE } from "./commands.ts";

/** The group dialect (PROTOCOLS.md, group). */
export const GROUP: DatagramDialect = {
  name: "group",
  transport: "udp",
  defaultPort: 4000,
  usage: USAGE,
  exitsWhenLost: true,
  clientPort: { option: "client-port", help: "The port that a group client listens on; 0 for any." },
  forms: [
    { form: "send <name> <message>", does: "sends to one user, outside of a group" },
    { form: "list_groups", does: "asks which groups there are" },
    { form: "create_group <new>", does: "makes a group" },
    { form: "join_group <group>", does: "enters a group" },
    { form: "send_group <message>", does: "sends to the group that one is in" },
    { form: "list_members", does: "asks who is in it" },
    { form: "leave_group", does: "leaves it" },
    { form: "dereg <name>", does: "tells the server that somebody is gone; with one's own name, leaves" },
  ],
  client: async (name, events, open) => {
    const { GroupClient } = await import("./client.ts");
    return new GroupClient(name, events, open);
  },
  server: async (context) => {
    const { GroupServer } = await import("./server.ts");
    return (port, guard) => new GroupServer(context, port, guard);
  },
};
