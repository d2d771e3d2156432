/**
 * frame's entry in the registry.
 *
 * @module
 */

import type { Dialect } from "../dialect.ts";
import { frameIds } from "./ids.ts";
import { FORMS, USAGE } from "./commands.ts";

/** The frame dialect (PROTOCOLS.md, frame). */
export const FRAME: Dialect = {
  name: "frame",
  transport: "tcp",
  defaultPort: 4255,
  usage: USAGE,
  forms: FORMS,
  assignsNames: true,
  memberIds: frameIds,
  messageLog: {
    option: "transcript-dir",
    help: "Where frame's files of what is sent and received go; here by default.",
  },
  firstBytes: {
    client: /^[0-9]{1,3}\]\[[0-9]{1,3}\]\[(?:[0-9]{1,3}\]\[|ACK)/,
    server: /^\d{1,3}\s*\d{1,3}\]\[\d{1,3}\]\[/,
    likelyServer: /^\d{1,3}\s*$/,
  },
  // The ID that everybody gets who connects is free again when we close.
  ping: { answer: /^\d{1,3}\s*(?:$|1?\]\[)/ },
  refusal: (words, first) => `1][${first.slice(0, first.indexOf("]"))}][${words.length}][${words}`,
  speaksFirst: true,
  client: async (_name, events, isInteractive) => {
    const [{ FrameClient }, { FrameMenu }] = await Promise.all([import("./client.ts"), import("./menu.ts")]);
    const client = new FrameClient(events);
    return new FrameMenu(client, events, isInteractive);
  },
  server: async (context) => {
    const { FrameServer } = await import("./server.ts");
    return () => new FrameServer(context);
  },
};
