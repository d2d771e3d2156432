/**
 * Frame servers that do wrong by their clients: by their IDs, by whom a frame reaches, or when one leaves.
 *
 * @module
 */

import type { MakePlain, MutantTable } from "../mutant.ts";
import { type Client, frame } from "./server.ts";

/** Gives the lowest free ID of these bounds, the next bounds counting where there is none. */
function assigning(...bounds: readonly (readonly [first: number, last: number])[]): MakePlain {
  return frame("assign", (_plain, { clients }) => () => {
    for (const [first, last] of bounds) for (let id = first; id <= last; id++) if (!clients.has(id)) return id;
    return undefined;
  });
}

/** Says something else than its ID to who has come. */
function greeting(words: (id: number) => string): MakePlain {
  return frame("greet", (_plain, server) => (client) => server.say(client, words(client.id)));
}

/** Reads another destination. */
function addressing(alter: (destination: string) => string): MakePlain {
  return frame("recipient", (plain) => (destination) => plain(alter(destination)));
}

/** Believes some sources that are forged. */
function believing(isBelieved: (source: string, clients: ReadonlyMap<number, Client>) => boolean): MakePlain {
  return frame("refuse", (plain, { clients }) => (client, frame) => {
    return plain(client, isBelieved(frame.source, clients) ? { ...frame, source: String(client.id) } : frame);
  });
}

/** By clause, what a server does wrong, and the server. */
export const WRONG_WITH_FRAME_CLIENTS: MutantTable<MakePlain> = {
  "frame/assign": {
    "begins to count IDs at 1": assigning([1, 255]),
    "ends the ID with a line break": greeting((id) => `${id}\n`),
    "writes the ID with zeros before it": greeting((id) => String(id).padStart(3, "0")),
    "puts words around the ID": greeting((id) => `Your ID is ${id}.`),
    "waits for the client to speak first": frame("greet", () => () => {}),
  },

  "frame/assign-unique": {
    "takes the number of clients for the next ID": frame("assign", (_plain, { clients }) => () => {
      return clients.size < 254 ? clients.size + 2 : undefined;
    }),
    "gives everybody the same ID": frame("assign", () => () => 2),
  },

  "frame/assign-range": {
    "has 200 IDs": assigning([2, 201]),
    "ends at 254 and begins again with 256": assigning([2, 254], [256, 256]),
  },

  "frame/assign-full": {
    "has IDs past 255": assigning([2, 1000]),
    "says an ID to whom it turns away": frame("reject", (plain) => (link) => {
      link.write(new TextEncoder().encode("256"));
      plain(link);
    }),
    "keeps those waiting who get no ID": frame("reject", () => () => {}),
    "closes a client to make room for the next": frame("assign", (plain, server) => () => {
      const [oldest] = server.clients.values();
      if (server.clients.size === 254) server.expel(oldest!, "make room");
      return plain();
    }),
  },

  "frame/assign-reuse": {
    "gives no ID a second time once all were given": frame("assign", (plain, server) => {
      let isFull = false;
      return () => {
        isFull ||= server.clients.size === 254;
        return isFull ? undefined : plain();
      };
    }),
  },

  "frame/destination-range": {
    "takes 0 for everybody": frame("recipient", (plain, server) => (destination) => {
      if (destination === "0") { for (const client of server.clients.values()) server.say(client, "2][0][3][bad"); }
      return plain(destination);
    }),
    "keeps destinations in eight bits": addressing((destination) => String(Number(destination) & 255)),
    "ignores the sign of a destination": addressing((destination) => destination.replace("-", "")),
    "reads a destination as far as it is a number": addressing((destination) => String(parseInt(destination))),
    "takes an empty destination for the first who is there": frame("recipient", (plain, server) => (destination) => {
      return plain(destination) ?? (destination === "" ? [...server.clients.values()][0] : undefined);
    }),
    "closes everybody on a destination that is no number": frame("recipient", (plain, server) => (destination) => {
      const isNumber = /^-?[0-9]+$/.test(destination);
      if (!isNumber) { for (const client of server.clients.values()) server.expel(client, "crash"); }
      return plain(destination);
    }),
  },

  "frame/destination-absent": {
    "closes a sender to an ID that nobody has": frame("handle", (plain, server) => (client, frame) => {
      const isAbsent = Number(frame.destination) < 256 && server.recipient(frame.destination) === undefined;
      return isAbsent ? server.expel(client, "nobody has that ID") : plain(client, frame);
    }),
    "sends what is for an ID that nobody has to the next one": frame("recipient", (plain) => (destination) => {
      const id = Number(destination);
      return plain(destination) ?? (id > 1 && id < 256 ? plain(String(id - 1)) : undefined);
    }),
    "takes 255 for everybody while nobody has it": frame("handle", (plain, server) => (client, frame) => {
      const isForAll = frame.destination === "255" && !server.clients.has(255) && frame.message !== "";
      if (!isForAll || server.refuse(client, frame) !== undefined) return plain(client, frame);
      for (const other of server.clients.values()) if (other !== client) server.forward(other, frame);
    }),
    "stops reading behind a frame for an ID that nobody has": frame("take", (plain, server) => (client, frame) => {
      plain(client, frame);
      if (server.recipient(frame.destination) === undefined) client.unread = "";
      return frame;
    }),
  },

  "frame/destination-self": {
    "delivers to the sender itself": frame("refuse", (plain) => (client, frame) => {
      const refusal = plain(client, frame);
      return refusal === "that is your own ID" ? undefined : refusal;
    }),
  },

  "frame/source-forged": {
    "believes every source": believing(() => true),
    "believes who says that they are the server": believing((source) => source === "1"),
    "puts a forged source right": frame("handle", (plain) => (client, frame) => {
      const bytes = frame.bytes.replace(frame.source, String(client.id));
      plain(client, { ...frame, source: String(client.id), bytes });
    }),
    "believes a source that somebody has": believing((source, clients) => clients.has(Number(source))),
  },

  "frame/silent-neighbour": {
    "waits for the rest of a frame before it reads what others say": frame((plain) => {
      let amid: Client | undefined;
      const held: (() => void)[] = [];
      const release = () => {
        if (amid === undefined) { for (const receive of held.splice(0)) receive(); }
      };
      const receive = (client: Client, text: string): void => {
        if (amid !== undefined && amid !== client) return void held.push(() => receive(client, text));
        plain.receive(client, text);
        amid = client.unread === "" ? undefined : client;
        release();
      };
      return {
        receive,
        leave: (client) => {
          plain.leave(client);
          if (amid === client) amid = undefined;
          release();
        },
      };
    }),
  },
  "frame/leave": {
    "closes everybody when somebody leaves": frame("leave", (plain, server) => (client) => {
      plain(client);
      for (const other of server.clients.values()) server.expel(other, "crash");
    }),
    "delivers the beginning of a frame whose sender has left": frame("leave", (plain, server) => (client) => {
      plain(client);
      const [header, source, destination] = server.header(client.unread) ?? [];
      const to = destination === undefined ? undefined : server.recipient(destination);
      const message = client.unread.slice(header?.length ?? 0);
      if (to !== undefined) server.say(to, `${source}][${destination}][${message.length}][${message}`);
    }),
    "tells everybody in plain text who left": frame("leave", (plain, server) => (client) => {
      plain(client);
      for (const other of server.clients.values()) server.say(other, `${client.id} left\n`);
    }),
  },
};
