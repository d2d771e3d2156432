/**
 * web's entry in the registry.
 *
 * @module
 */

import { addressText } from "../../core/address.ts";
import type { Dialect } from "../dialect.ts";
import { FORMS, USAGE } from "./commands.ts";
import { canonical, longest, PATH, PROTOCOL, upgradeQuestion } from "./opening.ts";

/** The web dialect (docs/protocols/web.md). */
export const WEB: Dialect = {
  name: "web",
  transport: "tcp",
  webSocket: { path: PATH, name: PROTOCOL, longest, canonical },
  defaultPort: 8080,
  portHelp: "The port for the page, and for web, or off.",
  ping: { question: ({ server }) => upgradeQuestion(addressText(server)), answer: /^HTTP\/1\.1 101 / },
  usage: USAGE,
  forms: FORMS,
  client: async (name, events) => {
    const { WebClient } = await import("./client.ts");
    return new WebClient(name, events);
  },
  server: async (context) => {
    const { WebServer } = await import("./server.ts");
    return () => new WebServer(context);
  },
};
