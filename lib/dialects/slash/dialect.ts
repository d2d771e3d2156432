/**
 * slash's entry in the registry.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { COMMANDS, FORMS, USAGE } from "./commands.ts";

/** The slash dialect (PROTOCOLS.md, slash). */
export const SLASH: Dialect = {
  name: "slash",
  transport: "tcp",
  defaultPort: 55555,
  usage: USAGE,
  forms: FORMS,
  requests: { help: COMMANDS.help.form, names: COMMANDS.users.form },
  firstBytes: { server: /^\* Welcome to chat! Choose an alias/ },
  // Whatever it says is right (slash/alias). One that is silent waits for an alias, and has somebody of this one for a moment.
  ping: { question: () => `${COMMANDS.help.form}\n`, patience: 500, answer: /\S/, farewell: "/quit\n" },
  speaksFirst: true,
  greetsFreely: true,
  client: async (name, events, isInteractive, timer) => {
    const { SlashClient } = await import("./client.ts");
    return new SlashClient(name, events, timer, isInteractive);
  },
  server: async (context) => {
    const { SlashServer } = await import("./server.ts");
    return () => new SlashServer(context);
  },
};
