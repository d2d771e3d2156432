/**
 * frame's entry in the catalogue.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { FrameClient, USAGE } from "./client.ts";
import { FrameMenu } from "./menu.ts";

/** The frame dialect (PROTOCOLS.md, frame). */
export const FRAME: Dialect = {
  name: "frame",
  transport: "tcp",
  defaultPort: 4255,
  usage: USAGE,
  forms: [
    { form: "1", does: "asks for a message and the ID that it goes to, and sends it; an empty line goes back" },
    { form: "2", does: "disconnects and exits" },
  ],
  assignsNames: true,
  client: (_name, events, isInteractive) => {
    const client = new FrameClient(events);
    return isInteractive ? new FrameMenu(client, events) : client;
  },
};
