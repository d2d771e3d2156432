/**
 * room's entry in the registry.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { FORMS, USAGE } from "./commands.ts";

/** The room dialect (PROTOCOLS.md, room). */
export const ROOM: Dialect = {
  name: "room",
  transport: "tcp",
  defaultPort: 5000,
  usage: USAGE,
  forms: FORMS,
  firstBytes: { server: /^Greetings from the ChatRoom!/ },
  // The greeting, or why nobody is let in.
  ping: { answer: /^(?:greetings[^]*name|\* the chat closes)/i },
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
