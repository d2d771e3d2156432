/**
 * slash's entry in the catalogue.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { SlashClient, USAGE } from "./client.ts";

/** The slash dialect (PROTOCOLS.md, slash). */
export const SLASH: Dialect = {
  name: "slash",
  transport: "tcp",
  defaultPort: 55555,
  usage: USAGE,
  forms: [
    { form: "/dm <alias> <message>", does: "sends to one user" },
    { form: "/bm <message>", does: "sends to everybody else" },
    { form: "/users", does: "asks the server who is there" },
    { form: "/help", does: "asks the server what it can do" },
    { form: "/quit", does: "leaves" },
  ],
  requests: { help: "/help", names: "/users" },
  client: (name, events, isInteractive, timer) => new SlashClient(name, events, timer, isInteractive),
};
