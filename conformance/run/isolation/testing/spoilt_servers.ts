/**
 * Servers that others spoil: what one fixture does to them shows in the next one.
 *
 * @module
 */

import type { MakePlain } from "../../../mutants/mutant.ts";
import { type Client, type Frame, frame } from "../../../mutants/frame/server.ts";
import { type PlainUser, relay, type RelaySocket } from "../../../mutants/relay/server.ts";
import { room } from "../../../mutants/room/server.ts";
import type { TextClient } from "../../../mutants/text/server.ts";

/** Keeps a socket that broke in its table, and its next broadcast fails in the thread of whoever speaks, who is deaf from then on. */
export const failingInTheSpeaker: MakePlain = failingAtBrokenSockets(false);

/** The same, and the table is right again once a thread has died of it. */
export const failingOnce: MakePlain = failingAtBrokenSockets(true);

function failingAtBrokenSockets(isOnce: boolean): MakePlain {
  return room((plain, server) => {
    const dead = new Set<TextClient>();
    const deaf = new Set<TextClient>();
    return {
      leave: (client) => {
        if (client.hasQuit) return plain.leave(client);
        server.clients.delete(client);
        if (!deaf.has(client)) dead.add(client);
      },
      line: (client, text) => {
        if (deaf.has(client)) return;
        if (dead.size === 0 || !isOnce && text === "#quit") return plain.line(client, text);
        if (isOnce) dead.clear();
        deaf.add(client);
      },
    };
  });
}

/** After any connection that has come and gone, each delivery is one behind. */
export const oneBehind: MakePlain = frame((plain) => {
  const queue: (readonly [Client, Frame])[] = [];
  let behind = 0;
  return {
    leave: (client) => {
      plain.leave(client);
      behind = 1;
    },
    forward: (to, frame) => {
      queue.push([to, frame]);
      if (queue.length > behind) plain.forward(...queue.shift()!);
    },
  };
});

/** Keeps the names of those who left: they cannot be had again, and broadcasts wait for them. */
export const keepingNamesOfTheGone: MakePlain = relay((plain, server) => {
  const gone = new Map<string, PlainUser>();
  return {
    leave: (socket: RelaySocket) => {
      const { user } = socket;
      if (user !== undefined && server.isRegistered(socket)) gone.set(user.name, user);
      plain.leave(socket);
    },
    isFree: (name, side) => !gone.has(name) && plain.isFree(name, side),
    audience: (from) => [...plain.audience(from), ...gone.values()],
  };
});

/** Gives each client the next ID, and none a second time. */
export const countingUp: MakePlain = frame("assign", () => {
  let next = 2;
  return () => next++;
});

/** The same, and refuses who comes when the last was given: sooner, the more have come and gone. */
export const usingUp: MakePlain = frame("assign", () => {
  let next = 2;
  return () => next > 255 ? undefined : next++;
});

/** Takes what is for nobody for what is for everybody. */
export const tellingEverybody: MakePlain = frame("handle", (plain, server) => (client, frame) => {
  if (frame.message === "" || server.refuse(client, frame) !== undefined) return plain(client, frame);
  if (server.recipient(frame.destination) !== undefined) return plain(client, frame);
  for (const other of server.clients.values()) if (other !== client) server.forward(other, frame);
});

/** Delivers 256 bytes; and gives whoever comes first the ID 1, except in its first start. */
export function beginningAtOne(): MakePlain {
  let starts = 0;
  return frame((plain) => {
    let isFirst = ++starts > 1;
    return {
      assign: () => {
        const id = isFirst ? 1 : plain.assign();
        isFirst = false;
        return id;
      },
      lengthOf: (message) => Math.min(message.length, 255),
    };
  });
}
