/**
 * relay's entry in the catalogue.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { RelayClient, USAGE } from "./client.ts";

/** The relay dialect (PROTOCOLS.md, relay). */
export const RELAY: Dialect = {
  name: "relay",
  transport: "tcp",
  defaultPort: 4000,
  usage: USAGE,
  forms: [
    { form: "@<user> <message>", does: "sends to one user" },
    { form: "@ALL <message>", does: "sends to everybody" },
  ],
  client: (name, events) => new RelayClient(name, events),
};
