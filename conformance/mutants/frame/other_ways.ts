/**
 * Frame servers that keep every clause, each in a way of its own: none of them may fail anything.
 *
 * @module
 */

import { latin1Bytes } from "../latin1.ts";
import type { MakePlain } from "../mutant.ts";
import { frame } from "./server.ts";

/** All of them, by what they do. */
export const OTHER_WAYS: Readonly<Record<string, MakePlain>> = {
  "does what the document says": frame(),

  "gives out the highest ID first": frame("assign", (_plain, server) => () => {
    for (let id = 255; id >= 2; id--) if (!server.clients.has(id)) return id;
    return undefined;
  }),

  "does not say why a frame was not delivered": frame((plain) => ({
    tell: () => {},
    expel: (client, reason) => {
      plain.tell(client, reason);
      plain.expel(client, reason);
    },
  })),

  "says in words why a frame was not delivered": frame("tell", (_plain, server) => (client, reason) => {
    server.say(client, `Error: ${reason}\n`);
  }),

  "says in words that it is full": frame("reject", () => (link) => {
    link.write(latin1Bytes("Server full. Come back later."));
    link.end("refused");
  }),

  "sends its ID and a greeting byte by byte": frame("greet", (_plain, server) => (client) => {
    const bytes = [...`${client.id}1][${client.id}][7][welcome`];
    const next = () => {
      const byte = bytes.shift();
      if (byte === undefined) return;
      server.say(client, byte);
      client.link.flushed(next);
    };
    next();
  }),

  "chatters as ID 1": frame((plain, server) => {
    const some = () => [...server.clients.values()].slice(-10);
    return {
      greet: (client) => {
        plain.greet(client);
        for (const other of some()) server.tell(other, `${client.id} has come`);
      },
      forward: (to, frame) => {
        server.tell(to, `${frame.source} says:`);
        plain.forward(to, frame);
        server.tell(to, "that was all");
      },
      leave: (client) => {
        plain.leave(client);
        for (const other of some()) server.tell(other, "somebody][has\nleft");
      },
    };
  }),

  "acknowledges everything as ID 1": frame("handle", (plain, server) => (client, frame) => {
    plain(client, frame);
    server.say(client, `1][${client.id}][ACK`);
  }),

  "closes on what can never be delivered": frame("refuse", (plain, server) => (client, frame) => {
    const refusal = plain(client, frame);
    const isAddressed = /^[1-9][0-9]*$/.test(frame.destination) && Number(frame.destination) <= 255;
    if (refusal === "that is your own ID" || (refusal === undefined && isAddressed)) return refusal;
    server.expel(client, "that cannot be delivered");
    return undefined;
  }),

  "closes on some of what cannot be delivered, and drops the rest": frame(
    "refuse",
    (plain, server) => (client, frame) => {
      const isOdd = !/^[1-9][0-9]{0,2}$/.test(frame.destination) || frame.message.length > 1000 || frame.source === "1";
      const refusal = plain(client, frame);
      if (!isOdd || refusal === undefined && server.recipient(frame.destination) !== undefined) return refusal;
      server.expel(client, "that cannot be delivered");
      return undefined;
    },
  ),

  "reads numbers as Python does": frame("recipient", (plain) => (destination) => {
    return plain(destination.trim().replace(/^\+?0*/, ""));
  }),
};
