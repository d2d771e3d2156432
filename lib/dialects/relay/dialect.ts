/**
 * relay's entry in the registry.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { FORMS, USAGE } from "./commands.ts";

/** The relay dialect (PROTOCOLS.md, relay). */
export const RELAY: Dialect = {
  name: "relay",
  transport: "tcp",
  defaultPort: 4000,
  usage: USAGE,
  forms: FORMS,
  furtherPorts: [{ option: "relay-send", help: "A second port for relay, which says SEND where the first says SENT." }],
  retiredOption: {
    option: "relay-reply",
    words: ["SENT", "SEND"],
    instead: "--relay-send PORT opens a second port for relay, which says SEND",
  },
  firstBytes: {
    client: /^REGISTER (?:TOSEND|TORECV) [^\n]*\n[ \t]*\r?\n/,
    server: /^(?:ERROR 10[0-3] |REGISTERED TO)[^\n]*\n\n/,
  },
  // A name that cannot be had (relay/register-malformed): whoever does not mind it has half a user for a moment.
  ping: { question: () => "REGISTER TOSEND -\n\n", answer: /^(?:ERROR|REGISTERED)/ },
  refusal: (words) => `ERROR 101 ${words}\n\n`,
  // With an error of its own (relay/unregistered-garbage).
  answersOthers: true,
  client: async (name, events) => {
    const { RelayClient } = await import("./client.ts");
    return new RelayClient(name, events);
  },
  server: async (context, retired) => {
    const [{ RelayServer }, { RelayUsers }] = await Promise.all([import("./server.ts"), import("./users.ts")]);
    const users = new RelayUsers(context);
    const replies = (option: string) => option === "relay-send" || retired === "SEND" ? "SEND" : "SENT";
    return (option) => new RelayServer(context, { reply: replies(option), users });
  },
};
