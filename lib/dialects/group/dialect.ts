/**
 * group's entry in the registry.
 *
 * @module
 */

import type { DatagramDialect } from "../dialect.ts";
import { FORMS, USAGE } from "./commands.ts";

/** The group dialect (PROTOCOLS.md, group). */
export const GROUP: DatagramDialect = {
  name: "group",
  transport: "udp",
  defaultPort: 4000,
  usage: USAGE,
  exitsWhenLost: true,
  clientPort: { option: "client-port", help: "The port that a group client listens on; 0 for any." },
  // It changes nothing, and is answered (nack) to those who are not registered.
  ping: {
    question: ({ port }) => `header:\nlist_groups\nport:\n${port}\ncurrent_user:\nnobody`,
    answer: /^[^\n]*\r?\n(?:ack|nack|update|dereg|list_groups)\r?\n/i,
  },
  forms: FORMS,
  client: async (name, events, open) => {
    const { GroupClient } = await import("./client.ts");
    return new GroupClient(name, events, open);
  },
  server: async (context) => {
    const { GroupServer } = await import("./server.ts");
    return (port, guard) => new GroupServer(context, port, guard);
  },
};
