/**
 * slash's entry in the catalogue.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { SlashClient, USAGE } from "./client.ts";
import { COMMANDS, FORMS } from "./command.ts";

/** The slash dialect (PROTOCOLS.md, slash). */
export const SLASH: Dialect = {
  name: "slash",
  transport: "tcp",
  defaultPort: 55555,
  usage: USAGE,
  forms: FORMS,
  requests: { help: COMMANDS.help.form, names: COMMANDS.users.form },
  client: (name, events, isInteractive, timer) => new SlashClient(name, events, timer, isInteractive),
  server: async (context) => {
    const { SlashServer } = await import("./server.ts");
    return () => new SlashServer(context);
  },
};
