/**
 * room's entry in the catalogue.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { RoomClient, USAGE } from "./client.ts";

/** The room dialect (PROTOCOLS.md, room). */
export const ROOM: Dialect = {
  name: "room",
  transport: "tcp",
  defaultPort: 5000,
  usage: USAGE,
  forms: [
    { form: "<message>", does: "sends to everybody in the room" },
    { form: "#quit", does: "leaves" },
  ],
  client: (name, events) => new RoomClient(name, events),
  server: async (context) => {
    const { RoomServer } = await import("./server.ts");
    return () => new RoomServer(context);
  },
};
