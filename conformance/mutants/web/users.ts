/**
 * web servers that are wrong in who comes, who leaves, and what they are told of it.
 *
 * @module
 */

import type { Link } from "../../../lib/core/link.ts";
import type { MakePlain, MutantTable } from "../mutant.ts";
import type { Methods } from "../put_in.ts";
import { type Fields, type PlainWebServer, web, type WebPeer } from "./server.ts";

/** Says something else in the place of messages of a type, or (`undefined`) nothing. */
export function altering(
  type: string,
  alter: (message: Fields, server: PlainWebServer, peer: WebPeer) => Fields | undefined,
): MakePlain {
  return web("say", (plain, server) => (peer, message) => {
    const altered = message.type === type ? alter(message, server, peer) : message;
    if (altered !== undefined) plain(peer, altered);
  });
}

/** Tells those who say that they leave from those who break off. */
export function knowingManners(
  change: (isPolite: (peer: WebPeer) => boolean, plain: Methods<PlainWebServer>) => Partial<PlainWebServer>,
): MakePlain {
  return web((plain) => {
    const polite = new WeakSet<WebPeer>();
    return {
      leave: (peer) => {
        polite.add(peer);
        plain.leave(peer);
      },
      ...change((peer) => polite.has(peer), plain),
    };
  });
}

/** Leaves a key of messages of a type out. */
function without(type: string, key: string): MakePlain {
  return altering(type, ({ [key]: _, ...message }) => message);
}

/** Names may look like this as well. */
function taking(pattern: RegExp): MakePlain {
  return web("isName", (plain) => (name) => plain(name) || pattern.test(name));
}

/** Closes at what is to be refused. */
const closing = (peer: { readonly link: Link }) => peer.link.end("refused");

/** Mutants of the clauses on users. */
export const USERS: MutantTable<MakePlain> = {
  "web/hello": {
    "says nothing first": web("greet", () => () => {}),
    "greets twice": web("greet", (plain) => (peer) => {
      plain(peer);
      plain(peer);
    }),
    "speaks another protocol": altering("hello", (message) => ({ ...message, protocol: "chat.web.2" })),
    "does not say how long a body may be": without("hello", "maxMessage"),
    "greets only the first": web("greet", (plain, server) => (peer) => {
      if (server.peers.size === 1) plain(peer);
    }),
  },
  "web/join": {
    "does not answer who joins": altering("joined", () => undefined),
    "names nobody in joined": without("joined", "name"),
    "names nobody who is there": without("joined", "present"),
    "gives names in lower case": web("admit", (plain) => (peer, name) => plain(peer, name.toLowerCase())),
    "refuses all names": web("isFree", () => () => false),
    "joins twice": web("admit", (plain, server) => (peer, name) => {
      plain(peer, name);
      server.say(peer, { type: "joined", name, present: [] });
    }),
  },
  "web/joined-present": {
    "tells nobody who is there": web("listed", () => () => []),
    "does not say what they speak": web("listed", () => (others) => others.map(({ name }) => ({ name }))),
  },
  "web/refused-malformed": {
    "takes a blank in a name": taking(/ /),
    "takes a full stop in a name": taking(/\./),
    "takes a line break in a name": taking(/\n/),
    "takes an empty name": taking(/^$/),
    "takes letters of other alphabets": taking(/é/),
    "takes ALL for a name": taking(/^ALL$/),
    "says of malformed names that they are taken": altering("refused", (message) => ({ ...message, code: "taken" })),
    "says nothing to malformed names": altering(
      "refused",
      (message) => message.code === "malformed" ? undefined : message,
    ),
    "answers malformed names with an error": altering(
      "refused",
      (message) => message.code === "malformed" ? { ...message, type: "error" } : message,
    ),
    "closes at malformed names": web(
      "refuse",
      (plain) => (peer, code) => code === "malformed" ? closing(peer) : plain(peer, code),
    ),
  },
  "web/refused-taken": {
    "gives a name to several": web("isFree", () => () => true),
    "gives a name to the last who asks": web("isFree", (plain, server) => (name) => {
      const holder = server.present.find((peer) => peer.name === name);
      if (holder !== undefined) holder.name = undefined;
      return plain(name);
    }),
    "says of taken names that they are malformed": altering(
      "refused",
      (message) => ({ ...message, code: "malformed" }),
    ),
    "tells the holder of a name that somebody wants it": web("isFree", (plain, server) => (name) => {
      for (const peer of server.present) if (peer.name === name) server.complain(peer, "wanted");
      return plain(name);
    }),
    "closes at taken names": web(
      "refuse",
      (plain) => (peer, code) => code === "taken" ? closing(peer) : plain(peer, code),
    ),
  },
  "web/refused-retry": {
    "refuses all names behind one": web((plain) => {
      const refused = new WeakSet<WebPeer>();
      return {
        refuse: (peer, code) => {
          refused.add(peer);
          plain.refuse(peer, code);
        },
        admit: (peer, name) => refused.has(peer) ? plain.refuse(peer, "taken") : plain.admit(peer, name),
      };
    }),
    "closes behind the second refusal": web((plain) => {
      const refused = new WeakSet<WebPeer>();
      return {
        refuse: (peer, code) => {
          plain.refuse(peer, code);
          if (refused.has(peer)) closing(peer);
          refused.add(peer);
        },
      };
    }),
  },
  "web/release": {
    "never frees a name": web((plain) => {
      const past = new Set<string>();
      return {
        left: (peer, name) => {
          past.add(name);
          plain.left(peer, name);
        },
        isFree: (name) => !past.has(name) && plain.isFree(name),
      };
    }),
    "frees names only of those who say that they leave": knowingManners((isPolite, plain) => {
      const past = new Set<string>();
      return {
        left: (peer, name) => {
          if (!isPolite(peer)) past.add(name);
          plain.left(peer, name);
        },
        isFree: (name) => !past.has(name) && plain.isFree(name),
      };
    }),
    "frees no name of somebody who says that they leave": web((plain) => {
      const past = new Set<string>();
      return {
        leave: (peer) => {
          if (peer.name !== undefined) past.add(peer.name);
          plain.leave(peer);
        },
        isFree: (name) => !past.has(name) && plain.isFree(name),
      };
    }),
  },
  "web/joined-already": {
    "renames who joins again": web("again", (_plain, server) => (peer, name) => {
      if (server.isFree(name)) server.admit(peer, name);
      else server.complain(peer, "joined-already");
    }),
    "says nothing to who joins again": web("again", () => () => {}),
    "refuses the name to who joins again": web("again", (_plain, server) => (peer) => server.refuse(peer, "taken")),
    "has who joins again leave": web("again", (plain, server) => (peer, name) => {
      plain(peer, name);
      server.gone(peer);
    }),
    "lets who joins again have joined again": web(
      "again",
      (_plain, server) => (peer) => server.say(peer, { type: "joined", name: peer.name, present: [] }),
    ),
  },
  "web/not-joined": {
    "passes on what is sent by nobody": web("tooEarly", (_plain, server) => (peer, id) => {
      for (const to of server.present) server.pass(to, peer, "you", { text: "hi" }, () => {});
      server.complain(peer, "not-joined", id);
    }),
    "says nothing to nobody who sends": web("tooEarly", () => () => {}),
    "does not name the message of nobody": web(
      "tooEarly",
      (_plain, server) => (peer) => server.complain(peer, "not-joined"),
    ),
    "tells an outcome to nobody": web("tooEarly", (_plain, server) => (peer, id) => server.answer(peer, id, "unknown")),
    "says nothing to nobody who acknowledges": web("received", (plain) => (peer, number) => {
      if (peer.name !== undefined) plain(peer, number);
    }),
    "closes at who has not joined": web("tooEarly", () => closing),
  },
  "web/present": {
    "tells nobody who joins": altering("present", () => undefined),
    "does not say what newcomers speak": without("present", "dialect"),
  },
  "web/absent": {
    "tells nobody who leaves": altering("absent", () => undefined),
    "names nobody who leaves": without("absent", "name"),
    "tells who joins of who leaves": altering("absent", (message) => ({ ...message, type: "present", dialect: "web" })),
  },
  "web/vanish": {
    "keeps those who break off": knowingManners((isPolite, plain) => ({
      gone: (peer) => {
        if (isPolite(peer) || peer.name === undefined) plain.gone(peer);
      },
    })),
    "tells nobody who breaks off": knowingManners((isPolite, plain) => ({
      left: (peer, name) => {
        if (isPolite(peer)) plain.left(peer, name);
      },
    })),
    "tells of who breaks off, and goes on writing to them": web((plain) => {
      const past = new Map<string, WebPeer>();
      return {
        find: (to, from) => plain.find(to, from) ?? past.get(to),
        left: (peer, name) => {
          past.set(name, peer);
          plain.left(peer, name);
        },
      };
    }),
  },
  "web/leave": {
    "says nothing to who leaves": altering("bye", () => undefined),
    "does not say in bye that it is for leaving": without("bye", "code"),
    "keeps who leaves": web("leave", (_plain, server) => (peer) => {
      server.say(peer, { type: "bye", code: "left", reason: "goodbye" });
      server.gone(peer);
    }),
    "closes at who leaves as at somebody who has broken a rule": web("leave", (_plain, server) => (peer) => {
      server.say(peer, { type: "bye", code: "left", reason: "goodbye" });
      server.gone(peer);
      peer.link.end("flood");
    }),
    "breaks off at who leaves": web("leave", (_plain, server) => (peer) => {
      server.say(peer, { type: "bye", code: "left", reason: "goodbye" });
      peer.link.flushed(() => peer.link.abort("left"));
      server.gone(peer);
    }),
    "lets nobody leave who has not joined": web(
      "leave",
      (plain, server) => (peer) => peer.name === undefined ? server.complain(peer, "not-joined") : plain(peer),
    ),
  },
  "web/close": {
    "says goodbye to who has closed": web("ended", (plain, server) => (peer) => {
      server.say(peer, { type: "bye", code: "left", reason: "goodbye" });
      plain(peer);
    }),
    "does not answer who closes": web("ended", (_plain, server) => (peer) => {
      server.gone(peer);
      peer.link.abort("left");
    }),
    "closes as if somebody had broken a rule": web("ended", (_plain, server) => (peer) => {
      server.gone(peer);
      peer.link.end("malformed");
    }),
  },
  "web/silent-neighbour": {
    "greets nobody while somebody has not joined": web((plain, server) => {
      const waiting: WebPeer[] = [];
      const isBusy = () => [...server.peers].some((peer) => peer.name === undefined && !waiting.includes(peer));
      const next = () => {
        while (waiting.length > 0 && !isBusy()) plain.greet(waiting.shift()!);
      };
      return {
        greet: (peer) => {
          waiting.push(peer);
          next();
        },
        admit: (peer, name) => {
          plain.admit(peer, name);
          next();
        },
        gone: (peer) => {
          if (waiting.includes(peer)) waiting.splice(waiting.indexOf(peer), 1);
          plain.gone(peer);
          next();
        },
      };
    }),
  },
};
