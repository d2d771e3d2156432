/**
 * web servers that read what clients say in a wrong way.
 *
 * @module
 */

import type { MakePlain, MutantTable } from "../mutant.ts";
import { type Fields, web, type WebPeer } from "./server.ts";

/** Reads some messages in another way; what `read` returns is handled as it is. */
function reading(read: (message: Fields) => Fields): MakePlain {
  return web("handle", (plain) => (peer, message) => plain(peer, read(message)));
}

/** Answers something that cannot be read otherwise. */
function answering(type: "notJson" | "unknownType" | "bad"): Readonly<Record<string, MakePlain>> {
  const codes = { notJson: "bad-json", unknownType: "unknown-type", bad: "bad-message" };
  const what = { notJson: "what is no JSON", unknownType: "an unknown type", bad: "a bad message" }[type];
  const code = codes[type];
  return {
    [`says nothing to ${what}`]: web(
      "complain",
      (plain) => (peer, told, id) => told === code ? undefined : plain(peer, told, id),
    ),
    [`calls ${what} something else`]: web(
      "complain",
      (plain) => (peer, told, id) => plain(peer, told === code ? "wrong" : told, id),
    ),
    [`closes at ${what}`]: web(
      "complain",
      (plain) => (peer, told, id) => told === code ? peer.link.end("malformed") : plain(peer, told, id),
    ),
  };
}

/** Reads only the beginning of a number. */
const short = (number: unknown) => typeof number === "number" && number > 0xffff_ffff ? 0xffff_ffff : number;

/** Mutants of the clauses on what is read. */
export const READING: MutantTable<MakePlain> = {
  "web/outcome-once": {
    "takes an id of 0 for none": web(
      "readSend",
      (plain, server) => (peer, message) => message.id === 0 ? server.bad(peer) : plain(peer, message),
    ),
    "cuts ids to 32 bits": reading((message) =>
      message.type === "send" ? { ...message, id: short(message.id) } : message
    ),
  },
  "web/bad-json": {
    ...answering("notJson"),
    "takes arrays for objects": web("receive", (plain, server) => (peer, text) => {
      if (text.startsWith("[")) server.complain(peer, "bad-message");
      else plain(peer, text);
    }),
    "takes numbers for objects": web("receive", (plain, server) => (peer, text) => {
      if (/^\d/.test(text)) server.complain(peer, "bad-message");
      else plain(peer, text);
    }),
    "overlooks empty messages": web("receive", (plain) => (peer, text) => text === "" ? undefined : plain(peer, text)),
    "overlooks what is deep": web(
      "receive",
      (plain) => (peer, text) => text.startsWith("[[[") ? undefined : plain(peer, text),
    ),
    "takes half an object for a whole one": web(
      "receive",
      (plain) => (peer, text) => plain(peer, text.replace(/^(\{[^{}]*)$/, "$1}")),
    ),
  },
  "web/unknown-type": {
    ...answering("unknownType"),
    "passes on what only servers say": web("unknownType", (plain, server) => (peer, message) => {
      if (message.type === "message") server.say(peer, message);
      else plain(peer, message);
    }),
  },
  "web/bad-message": {
    ...answering("bad"),
    "takes numbers for text": reading((message) =>
      typeof message.text === "number" ? { ...message, text: String(message.text) } : message
    ),
    "takes numbers for names": reading((message) =>
      message.type === "join" && typeof message.name === "number" ? { ...message, name: String(message.name) } : message
    ),
    "takes text for numbers": reading((message) =>
      typeof message.id === "string" ? { ...message, id: Number(message.id) } : message
    ),
    "takes text for the numbers of messages": reading((message) =>
      typeof message.number === "string" ? { ...message, number: Number(message.number) } : message
    ),
    "takes null for everybody": reading((message) => message.to === null ? { ...message, to: undefined } : message),
    "takes text where there is base64 as well": reading((message) =>
      typeof message.text === "string" ? { ...message, base64: undefined } : message
    ),
    "takes a send with nothing in it": reading((message) =>
      message.type === "send" && message.text === undefined && message.base64 === undefined
        ? { ...message, text: "" }
        : message
    ),
    "takes what is no base64": reading((message) => message.base64 === "a" ? { ...message, base64: "aaaa" } : message),
    "does not name the send that lacks something": web("bad", (plain) => (peer) => plain(peer)),
    "takes what has no type for a message to leave": reading((message) =>
      message.type === undefined ? { type: "leave" } : message
    ),
  },
  "web/error-goes-on": {
    "takes three errors for too many": web((plain) => {
      const errors = new WeakMap<WebPeer, number>();
      return {
        complain: (peer, code, id) => {
          plain.complain(peer, code, id);
          errors.set(peer, (errors.get(peer) ?? 0) + 1);
          if (errors.get(peer) === 3) peer.link.end("malformed");
        },
      };
    }),
    "tells others of errors": web("complain", (plain, server) => (peer, code, id) => {
      plain(peer, code, id);
      if (peer.name === undefined) server.tellOthers(peer, { type: "error", code, reason: "somebody errs" });
    }),
    "reads nothing more of who errs before they join": web((plain) => {
      const wrong = new WeakSet<WebPeer>();
      return {
        complain: (peer, code, id) => {
          if (peer.name === undefined && code === "unknown-type") wrong.add(peer);
          plain.complain(peer, code, id);
        },
        receive: (peer, text) => wrong.has(peer) ? undefined : plain.receive(peer, text),
      };
    }),
  },
  "web/unknown-keys": {
    "refuses keys that it does not know": web("handle", (plain, server) => (peer, message) => {
      const known = ["type", "name", "id", "to", "text", "base64", "number"];
      if (Object.keys(message).every((key) => known.includes(key))) plain(peer, message);
      else server.bad(peer);
    }),
    "refuses keys of other types": web("handle", (plain, server) => (peer, message) => {
      if (message.type === "send" && "number" in message) server.bad(peer, Number(message.id));
      else plain(peer, message);
    }),
    "reads no object in an object": web(
      "receive",
      (plain, server) => (peer, text) =>
        /\{.*\{/.test(text) && !text.includes("\\") ? server.notJson(peer) : plain(peer, text),
    ),
  },
  "web/key-order": {
    "wants the type first": web(
      "receive",
      (plain, server) => (peer, text) =>
        /^\s*\{\s*"(?!type)/.test(text) && text.includes('"type"') ? server.unknownType(peer, {}) : plain(peer, text),
    ),
    "reads no blanks": web(
      "receive",
      (plain, server) => (peer, text) => /^\s/.test(text) ? server.notJson(peer) : plain(peer, text),
    ),
  },
};
