/**
 * room: one who speaks, and others who hear it; the speaker hears it as well.
 *
 * @module
 */

import type { DialectLoad } from "../dialect_load.ts";
import { bodyOf, type Exchange, nameOf, type Plan } from "../plan.ts";

function enter(plan: Plan, name: string): number {
  const link = plan.stream();
  plan.until("press enter!");
  plan.send(`${name}\n`);
  plan.until("to exit.\n");
  return link;
}

/** A room with so many listeners. */
function openRoom(plan: Plan, listeners: number, bodySize: number): Exchange {
  const speaker = nameOf("a", 0);
  const links = [enter(plan, speaker)];
  for (let i = 0; i < listeners; i++) links.push(enter(plan, nameOf("b", i)));
  for (const link of links.slice(0, -1)) {
    plan.on(link);
    plan.until(`${nameOf("b", listeners - 1)} from [127.0.0.1] has joined the chat!\n`);
  }
  const heard = `${speaker}: ${bodyOf(bodySize)}\n`;
  return {
    sender: links[0]!,
    receivers: links.slice(1),
    request: `${bodyOf(bodySize)}\n`,
    delivered: heard,
    answer: "",
    confirmed: heard,
  };
}

/** How room is put under load. */
export const LOAD: DialectLoad = {
  what:
    "a room, where everybody hears everything: one speaks 64 bytes at a time, the next when the room has repeated it, " +
    "and 10 others hear it; messages are those heard, against those that the byte relays pass on over 10 connections",
  audience: openRoom,
};
