/**
 * room's entry in the catalogue.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { USAGE } from "./usage.ts";

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
  firstBytes: { server: /^Greetings from the ChatRoom!/ },
  speaksFirst: true,
  greetsFreely: true,
  client: async (name, events) => {
    const { RoomClient } = await import("./client.ts");
    return new RoomClient(name, events);
  },
  server: async (context) => {
    const { RoomServer } = await import("./server.ts");
    return () => new RoomServer(context);
  },
};
