/**
 * Frame servers that do wrong by their frames: by their limits, or by where one ends and the next begins.
 *
 * @module
 */

import { fromUtf8, utf8 } from "../latin1.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import { type Client, type Frame, frame } from "./server.ts";

/** Passes something else on than a frame. */
function forwarding(alter: (frame: Frame) => string): MakePlain {
  return frame("forward", (_plain, server) => (to, frame) => server.say(to, alter(frame)));
}

/** Reads sizes in another way; `plain` is how a right server reads them, and closes a client whose size is none. */
function sizing(read: (field: string, plain: (field: string) => number | undefined) => number | undefined): MakePlain {
  return frame("size", (plain) => (client, field) => read(field, (field) => plain(client, field)));
}

/** Hears something else in each piece. */
function hearing(alter: (text: string) => string): MakePlain {
  return frame("receive", (plain) => (client, text) => plain(client, alter(text)));
}

/** A frame with another message. */
function written({ source, destination }: Pick<Frame, "source" | "destination">, message: string): string {
  return `${source}][${destination}][${message.length}][${message}`;
}

/** By clause, what a server does wrong, and the server. */
export const WRONG_WITH_FRAMES: MutantTable<MakePlain> = {
  "frame/forward": {
    "passes a frame on to everybody": frame("forward", (plain, server) => (_to, frame) => {
      for (const client of server.clients.values()) plain(client, frame);
    }),
    "passes a frame on to its sender as well": frame("forward", (plain, server) => (to, frame) => {
      plain(to, frame);
      plain(server.clients.get(Number(frame.source))!, frame);
    }),
    "writes source and destination the other way round": forwarding(({ source, destination, message }) =>
      written({ source: destination, destination: source }, message)
    ),
    "strips blanks from a message": forwarding((frame) => written(frame, frame.message.trim())),
    "takes a message for text": forwarding(({ bytes }) => utf8(fromUtf8(bytes))),
    "takes a size for a number of characters": frame("size", (plain, server) => (client, field) => {
      const size = plain(client, field);
      const [header] = server.header(client.unread) ?? [];
      if (size === undefined || header === undefined) return undefined;
      const characters = [...fromUtf8(client.unread.slice(header.length))];
      return characters.length < size ? undefined : utf8(characters.slice(0, size).join("")).length;
    }),
    "ends a message at a zero byte": forwarding(({ bytes }) => bytes.replace(/\0[^]*/, "")),
    "loses every third frame to a client": frame("forward", (plain) => {
      const counts = new Map<Client, number>();
      return (to, frame) => {
        const count = (counts.get(to) ?? 0) + 1;
        counts.set(to, count);
        if (count % 3 !== 0) plain(to, frame);
      };
    }),
  },

  "frame/forward-255": {
    "takes 254 bytes for the limit": frame("refuse", (plain) => (client, frame) => {
      return plain(client, frame) ?? (frame.message.length > 254 ? "that is too long" : undefined);
    }),
    "takes sizes of two digits": sizing((field, plain) => plain(field.slice(0, 2))),
  },

  "frame/limit-256": {
    "knows no limit": frame(() => ({ limit: Infinity })),
    "takes 256 bytes for the limit": frame(() => ({ limit: 256 })),
    "cuts a message that is too long": frame((_plain, server) => ({
      limit: Infinity,
      forward: (to, frame) => server.say(to, written(frame, frame.message.slice(0, 255))),
    })),
    "does not skip a message that is too long": frame("take", (plain) => (client, frame) => {
      plain(client, frame);
      if (frame.message.length > 255) client.unread = frame.message + client.unread;
      return frame;
    }),
  },

  "frame/limit-bytes": {
    "counts each byte that is not ASCII twice": frame("lengthOf", () => (message) => utf8(message).length),
    "counts characters instead of bytes for the limit": frame(
      "lengthOf",
      () => (message) => [...fromUtf8(message)].length,
    ),
  },

  "frame/ack-consumed": {
    "passes ACK frames on": frame("acknowledge", (_plain, server) => (client, frame) => {
      const to = server.recipient(frame.destination);
      if (frame.bytes.endsWith("ACK") && to !== undefined && to !== client) server.forward(to, frame);
    }),
    "returns an ACK frame to its sender": frame("acknowledge", (_plain, server) => (client, frame) => {
      if (frame.bytes.endsWith("ACK")) server.forward(client, frame);
    }),
    "expects a delimiter behind ACK": frame("take", (plain) => (client, frame) => {
      plain(client, frame);
      if (frame.bytes.endsWith("][ACK")) client.unread = client.unread.slice(2);
      return frame;
    }),
    "closes a client that acknowledges": frame("acknowledge", (_plain, server) => (client, frame) => {
      if (frame.bytes.endsWith("ACK")) server.expel(client, "ACK?");
    }),
  },

  "frame/empty-message": {
    "passes empty messages on": frame("acknowledge", (_plain, server) => (client, frame) => {
      const to = server.recipient(frame.destination);
      if (!frame.bytes.endsWith("ACK") && to !== undefined && to !== client) server.forward(to, frame);
    }),
    "takes a size of 0 for none": sizing((field, plain) => plain(field === "0" ? "none" : field)),
  },

  "frame/body-delimiter": {
    "ends a message at a delimiter": frame("take", (plain) => (client, frame) => {
      const message = frame.message.split("][")[0]!;
      const bytes = frame.bytes.replace(frame.message, () => message);
      return plain(client, { ...frame, message, bytes });
    }),
    "ends a message at a line break": forwarding(({ bytes }) => bytes.replace(/\n[^]*/, "")),
    "takes a message that is ACK for an ACK frame": frame("handle", (plain) => (client, frame) => {
      if (!frame.message.endsWith("ACK")) plain(client, frame);
    }),
  },

  "frame/size-mismatch": {
    "takes what is no size for 0": sizing((field) => Number(/^[0-9]+$/.exec(field)?.[0] ?? 0)),
    "reads a size as far as it goes": sizing((field, plain) => plain(String(parseInt(field)))),
    "waits for ever behind what is no size": sizing((field) => /^[0-9]+$/.test(field) ? Number(field) : undefined),
    "closes without a word on what is no size": frame("expel", (_plain, server) => (client) => {
      server.clients.delete(client.id);
      client.link.end("malformed");
    }),
    "closes everybody on what is no size": frame("expel", (plain, server) => () => {
      for (const client of server.clients.values()) plain(client, "crash");
    }),
  },

  "frame/stream-split": {
    "takes each piece for a frame": frame("receive", (plain) => (client, text) => {
      plain(client, text);
      client.unread = "";
    }),
    "waits for a whole header in one piece": frame("receive", (plain, server) => (client, text) => {
      plain(client, text);
      if (server.header(client.unread) === undefined) client.unread = "";
    }),
    "begins a frame at each piece that looks like one": frame("receive", (plain) => (client, text) => {
      if (/^[0-9]*\]/.test(text)) client.unread = "";
      plain(client, text);
    }),
    "takes pieces of characters for characters": hearing((text) =>
      /[\x80-\xbf]/.test(text[0] ?? "") ? `?${text.slice(1)}` : text
    ),
  },

  "frame/stream-joined": {
    "passes each read on as one frame": frame("receive", (_plain, server) => (client, text) => {
      const [source = "", destination = "", size = "", ...message] = text.split("][");
      if (size === "ACK" || size === "0") return;
      if (message.length > 0 && server.size(client, size) === undefined) return;
      const frame = { source, destination, message: message.join("]["), bytes: text };
      const refusal = server.refuse(client, frame);
      const to = refusal === undefined ? server.recipient(destination) : undefined;
      if (to === undefined) server.tell(client, refusal ?? "nobody has that ID");
      else server.forward(to, frame);
    }),
    "reads one frame a piece": frame("receive", (_plain, server) => (client, text) => {
      client.unread += text;
      const frame = server.read(client);
      if (frame !== undefined) server.handle(client, frame);
      client.unread = frame === undefined ? client.unread : "";
    }),
    "handles what came in one piece from the end": frame("receive", (_plain, server) => (client, text) => {
      client.unread += text;
      const frames: Frame[] = [];
      for (let frame = server.read(client); frame !== undefined; frame = server.read(client)) frames.push(frame);
      for (const frame of frames.reverse()) server.handle(client, frame);
    }),
    "reads at most 4096 bytes of a piece": hearing((text) => text.slice(0, 4096)),
  },
};
