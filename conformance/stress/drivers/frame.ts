/**
 * frame: one connection a user, an ID from the server, and no answers.
 *
 * @module
 */

import { concat } from "@std/bytes";
import { Assignment } from "../../../lib/dialects/frame/assignment.ts";
import { encodeHeader, FrameDecoder } from "../../../lib/dialects/frame/codec.ts";
import { LAST_ID, NO_ID, SERVER_ID } from "../../../lib/dialects/frame/header.ts";
import type { Driver, StressClient, StressHost } from "../driver.ts";

/** More digits of an ID may follow for so long, in milliseconds: nothing says where it ends. */
const LAST_DIGIT = 30;

/** Plays frame clients. */
export const FRAME_DRIVER: Driver = {
  dialect: "frame",
  hasAcknowledgements: false,
  abilities: {
    choosesNames: false,
    sendsToOne: true,
    sendsToAll: false,
    hasGroups: false,
    fillings: ["words", "lookalike", "lines", "bytes"],
    sizes: [24, 32, 64, 100, 200, 255],
  },
  come,
};

async function come(host: StressHost): Promise<StressClient | undefined> {
  const assignment = new Assignment();
  const claim = host.claim("an ID");
  let id = NO_ID;
  const assigned = Promise.withResolvers<void>();
  const take = () => {
    if (id !== NO_ID || assignment.id === NO_ID) return;
    id = assignment.id;
    claim.key = `ID ${id}`;
    host.answer(claim, "ok");
    assigned.resolve();
  };
  const decoder = new FrameDecoder({
    message: (source, destination, body) => {
      if (destination !== id) return host.garbled(`a frame from ${source} to ${destination}`);
      // What the server itself says is for people.
      if (source !== SERVER_ID) host.arrive(String(source), body);
    },
    acknowledged: () => {},
    tooLong: (source, _, size) => host.garbled(`a frame of ${size} bytes from ${source}`),
    unreadable: (fault) => host.garbled(`a frame that cannot be read (${fault})`),
  });
  let isSettled = false;
  const link = await host.dial((bytes) => {
    if (isSettled) return decoder.push(bytes);
    const rest = assignment.push(bytes);
    if (rest === undefined) return host.after(LAST_DIGIT, take);
    isSettled = true;
    take();
    if (id === NO_ID) return host.garbled("no ID in what the server says first");
    decoder.push(rest);
  });
  await assigned.promise;
  return {
    name: String(id),
    send(to, body, sending) {
      // Whoever is not there has no ID yet.
      const destination = /^\d+$/.test(to ?? "") ? Number(to) : LAST_ID;
      link.write(concat([encodeHeader(id, destination, body.length), body]));
      host.answer(sending, "ok");
    },
    leave() {},
  };
}
