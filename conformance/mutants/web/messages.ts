/**
 * web servers that read, pass on or confirm messages in a wrong way.
 *
 * @module
 */

import type { MakePlain, MutantTable } from "../mutant.ts";
import {
  type Body,
  type Fields,
  type OutcomeReport,
  type PlainWebServer,
  web,
  type WebOutcomeKind,
  type WebPeer,
} from "./server.ts";
import { altering } from "./users.ts";

/** Nobody hears what became of it. */
const unheard: OutcomeReport = () => {};

/** Tells other outcomes, or (`undefined`) none. */
function outcomes(alter: (kind: string, message: Fields) => string | undefined): MakePlain {
  return altering("outcome", (message) => {
    const kind = alter(String(message.kind), message);
    return kind === undefined ? undefined : { ...message, kind };
  });
}

/** Passes bodies on changed. */
function bodies(alter: (text: string) => string): MakePlain {
  return web("pass", (plain) => (to, from, audience, body, report) => {
    plain(to, from, audience, body.text === undefined ? body : { text: alter(body.text) }, report);
  });
}

/** Finds recipients in another way. */
function finding(find: (to: string, from: WebPeer, server: PlainWebServer) => WebPeer | undefined): MakePlain {
  return web("find", (_plain, server) => (to, from) => find(to, from, server));
}

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

/** Tells the outcome of a broadcast in another way. */
function answeringAll(
  act: (tell: (kind: string, more?: Fields) => void, outcomes: readonly WebOutcomeKind[], recipients: number) => void,
): MakePlain {
  return web(
    "answerAll",
    (_plain, server) => (peer, id, outcomes, recipients) =>
      act((kind, more = {}) => server.answer(peer, id, kind, more), outcomes, recipients),
  );
}

/** Reads only the beginning of a number. */
const short = (number: unknown) => typeof number === "number" && number > 0xffff_ffff ? 0xffff_ffff : number;

/** Mutants of the clauses on messages. */
export const MESSAGES: MutantTable<MakePlain> = {
  "web/send": {
    "passes each message on to everybody": web("deliver", (plain, server) => (peer, to, body, report) => {
      for (const other of server.audience(peer)) if (other.name !== to) server.pass(other, peer, "you", body, unheard);
      plain(peer, to, body, report);
    }),
    "passes each message on twice": web("pass", (plain) => (to, from, audience, body, report) => {
      plain(to, from, audience, body, report);
      plain(to, from, audience, body, unheard);
    }),
    "passes messages back to their sender": finding((_to, from) => from),
    "takes the beginning of a name for the name": finding((to, _from, server) =>
      server.present.find(({ name }) => to.startsWith(name!))
    ),
    "names the recipient instead of the sender": altering(
      "message",
      (message, _server, peer) => ({ ...message, from: peer.name }),
    ),
    "says that it is for all": altering("message", (message) => ({ ...message, to: "all" })),
    "names the recipient as the one whom it is for": altering(
      "message",
      (message, _server, peer) => ({ ...message, to: peer.name }),
    ),
    "passes on no number": altering("message", ({ number: _, ...message }) => message),
    "passes nothing on": altering("message", () => undefined),
  },
  "web/received": {
    "confirms a message before its recipient has answered": web(
      "pass",
      (plain) => (to, from, audience, body, report) => {
        plain(to, from, audience, body, unheard);
        report("delivered");
      },
    ),
    "never confirms a message": outcomes((kind) => kind === "delivered" ? undefined : kind),
    "confirms the oldest, whatever its number": web("received", (plain) => (peer, number) => {
      const [oldest = number] = peer.unanswered.keys();
      plain(peer, oldest);
    }),
    "confirms all up to a number": web("received", (plain) => (peer, number) => {
      for (const each of [...peer.unanswered.keys()]) if (each <= number) plain(peer, each);
    }),
    "numbers all messages 1": web("number", () => (to) => {
      to.last++;
      return 1;
    }),
    "takes anybody's received for the recipient's": web("received", (plain, server) => (peer, number) => {
      for (const each of server.present) plain(each, number);
      if (peer.name === undefined) plain(peer, number);
    }),
    "tells each outcome twice": web("answer", (plain) => (peer, id, kind, more) => {
      plain(peer, id, kind, more);
      plain(peer, id, kind, more);
    }),
    "tells outcomes in the order of the messages": web((plain) => {
      const owed = new WeakMap<WebPeer, number[]>();
      const known = new WeakMap<WebPeer, Map<number, [string, Fields?]>>();
      return {
        send: (peer, id, to, body) => {
          owed.set(peer, [...owed.get(peer) ?? [], id]);
          plain.send(peer, id, to, body);
        },
        answer: (peer, id, kind, more) => {
          const outcomes = known.get(peer) ?? new Map();
          known.set(peer, outcomes.set(id, [kind, more]));
          const queue = owed.get(peer) ?? [];
          while (queue[0] !== undefined && outcomes.has(queue[0])) {
            const first = queue.shift()!;
            plain.answer(peer, first, ...outcomes.get(first) as [string, Fields?]);
            outcomes.delete(first);
          }
        },
      };
    }),
    "numbers outcomes by itself": altering("outcome", (message) => ({ ...message, id: 1 })),
    "tells the recipient what became of it": web("answer", (plain, server) => (peer, id, kind, more) => {
      plain(peer, id, kind, more);
      if (kind === "delivered") { for (const other of server.audience(peer)) plain(other, id, kind, more); }
    }),
  },
  "web/received-nothing": {
    "complains of a number that it has not sent": web("received", (plain, server) => (peer, number) => {
      if (peer.name !== undefined && !peer.unanswered.has(number)) server.complain(peer, "bad-message");
      else plain(peer, number);
    }),
    "closes at a number that it has not sent": web("received", (plain) => (peer, number) => {
      if (peer.name !== undefined && !peer.unanswered.has(number)) peer.link.end("malformed");
      else plain(peer, number);
    }),
    "keeps what was acknowledged in advance": web((plain, server) => {
      const early = new WeakMap<WebPeer, Set<number>>();
      return {
        received: (peer, number) => {
          early.set(peer, (early.get(peer) ?? new Set()).add(number));
          plain.received(peer, number);
        },
        pass: (to, from, audience, body, report) => {
          plain.pass(to, from, audience, body, report);
          if (early.get(to)?.has(to.last)) server.received(to, to.last);
        },
      };
    }),
    "confirms again what is acknowledged twice": web((plain, server) => {
      const done = new Map<string, () => void>();
      return {
        received: (peer, number) => {
          const next = peer.unanswered.has(number + 1) ? number + 1 : number;
          const again = done.get(`${peer.name} ${number}`);
          if (again !== undefined) return server.answer(peer, next, "delivered");
          plain.received(peer, number);
          done.set(`${peer.name} ${number}`, () => {});
        },
      };
    }),
  },
  "web/send-unknown": {
    "confirms messages to nobody": outcomes((kind) => kind === "unknown" ? "delivered" : kind),
    "says nothing about messages to nobody": outcomes((kind) => kind === "unknown" ? undefined : kind),
    "says of nobody that they have left": outcomes((kind) => kind === "unknown" ? "gone" : kind),
    "calls a message to nobody an error": altering(
      "outcome",
      (message) =>
        message.kind === "unknown" ? { type: "error", code: "unknown", id: message.id, reason: "no" } : message,
    ),
    "closes at a message to nobody": web("answer", (plain) => (peer, id, kind, more) => {
      plain(peer, id, kind, more);
      if (kind === "unknown") peer.link.end("malformed");
    }),
  },
  "web/send-gone": {
    "confirms what somebody has not acknowledged who leaves": outcomes((kind) => kind === "gone" ? "delivered" : kind),
    "says nothing of those who leave": web("unanswered", () => () => {}),
    "says of those who leave that they were never there": outcomes((kind) => kind === "gone" ? "unknown" : kind),
    "notices only those who say that they leave": web((plain) => {
      const polite = new WeakSet<WebPeer>();
      return {
        leave: (peer) => {
          polite.add(peer);
          plain.leave(peer);
        },
        gone: (peer) => {
          if (!polite.has(peer)) peer.unanswered.clear();
          plain.gone(peer);
        },
      };
    }),
  },
  "web/send-silent": {
    "confirms the next at what comes too late": web((plain, server) => {
      const late: OutcomeReport[] = [];
      return {
        timedOut: (settle) => {
          late.push(settle);
          plain.timedOut(settle);
        },
        received: (peer, number) => {
          plain.received(peer, number);
          if (late.pop() !== undefined) server.answer(server.present.find((each) => each !== peer)!, 2, "delivered");
        },
      };
    }),
    "tells what came too late after all": web("pass", (plain) => (to, from, audience, body, report) => {
      let isLate = false;
      plain(to, from, audience, body, (outcome) => {
        isLate = outcome === "timed-out";
        report(outcome);
      });
      const delivery = to.unanswered.get(to.last);
      if (delivery === undefined) return;
      const settle: OutcomeReport = (outcome) =>
        isLate && outcome === "delivered" ? report(outcome) : delivery.settle(outcome);
      to.unanswered.set(to.last, { settle });
    }),
    "waits for ever": web("timedOut", () => () => {}),
    "confirms what nobody acknowledges": outcomes((kind) => kind === "timed-out" ? "delivered" : kind),
    "says of those who are silent that they are gone": outcomes((kind) => kind === "timed-out" ? "gone" : kind),
  },
  "web/outcome-once": {
    "takes an id of 0 for none": web(
      "readSend",
      (plain, server) => (peer, message) => message.id === 0 ? server.bad(peer) : plain(peer, message),
    ),
    "cuts ids to 32 bits": reading((message) =>
      message.type === "send" ? { ...message, id: short(message.id) } : message
    ),
  },
  "web/body-exact": {
    "cuts what is said at a line break": bodies((text) => text.split("\n", 1)[0]!),
    "escapes markup": bodies((text) => text.replaceAll("<", "&lt;")),
    "leaves out what is not seen": bodies((text) => text.replaceAll("\u202e", "")),
    "leaves out control characters": bodies((text) => text.replaceAll("\0", "")),
    "trims blanks": bodies((text) => text.trim()),
    "cuts characters in two": bodies((text) => text.replaceAll("😀", "\ufffd")),
    "doubles backslashes": bodies((text) => text.replaceAll("\\", "\\\\")),
    "reads messages in messages": bodies((text) => text.startsWith("{") ? "" : text),
    "turns quotes": bodies((text) => text.replaceAll('"', "'")),
  },
  "web/body-large": {
    "cuts long messages": bodies((text) => text.slice(0, 65_535)),
    "refuses long messages": web(
      "readSend",
      (plain, server) => (peer, message) =>
        String(message.text).length > 60_000 && String(message.text).length <= 65_536
          ? server.notTaken(peer, Number(message.id), "too-long")
          : plain(peer, message),
    ),
  },
  "web/send-bytes": {
    "takes no base64": web(
      "readSend",
      (plain, server) => (peer, message) =>
        message.base64 === undefined ? plain(peer, message) : server.bad(peer, Number(message.id)),
    ),
    "passes all bytes on as text": web("fromBase64", () => (base64) => ({ text: atob(base64) })),
    "passes base64 on where it is text": web("fromBase64", () => (base64) => ({ base64 })),
    "passes base64 on as it stands": web("fromBase64", () => (base64) => ({ text: base64 })),
  },
  "web/send-too-long": {
    "cuts what is too long": web("readSend", (plain, { maxMessage }) => (peer, message) => {
      plain(peer, typeof message.text === "string" ? { ...message, text: message.text.slice(0, maxMessage) } : message);
    }),
    "says nothing to what is too long": altering(
      "outcome",
      (message) => message.reason === "too-long" ? undefined : message,
    ),
    "calls what is too long an error": altering(
      "outcome",
      (message) =>
        message.reason === "too-long" ? { type: "error", code: "too-long", id: message.id, reason: "no" } : message,
    ),
    "confirms what is too long": altering(
      "outcome",
      (message) => message.reason === "too-long" ? { type: "outcome", id: message.id, kind: "delivered" } : message,
    ),
    "closes at what is too long": web(
      "notTaken",
      (plain) => (peer, id, reason) => reason === "too-long" ? peer.link.end("malformed") : plain(peer, id, reason),
    ),
  },
  "web/lone-surrogate": {
    "passes on half of a character": web("readSend", (plain) => (peer, message) => {
      plain(peer, typeof message.text === "string" ? { ...message, text: message.text.toWellFormed() } : message);
    }),
    "says nothing to half of a character": altering(
      "outcome",
      (message) => message.reason === "not-text" ? undefined : message,
    ),
    "calls half of a character an error": altering(
      "outcome",
      (message) =>
        message.reason === "not-text" ? { type: "error", code: "bad-message", id: message.id, reason: "no" } : message,
    ),
    "closes at half of a character": web(
      "notTaken",
      (plain) => (peer, id, reason) => reason === "not-text" ? peer.link.end("malformed") : plain(peer, id, reason),
    ),
  },
  "web/broadcast": {
    "passes broadcasts on to one": web("audience", (plain) => (peer) => plain(peer).slice(-1)),
    "passes broadcasts on to their sender as well": web("audience", (_plain, server) => () => server.present),
    "says that broadcasts are for one": altering("message", (message) => ({ ...message, to: "you" })),
    "keeps broadcasts for who comes later": web((plain, server) => {
      let last: { readonly from: WebPeer; readonly body: Body } | undefined;
      return {
        broadcast: (peer, id, body) => {
          last = { from: peer, body };
          plain.broadcast(peer, id, body);
        },
        admit: (peer, name) => {
          plain.admit(peer, name);
          if (last !== undefined) server.pass(peer, last.from, "all", last.body, unheard);
        },
      };
    }),
    "passes no broadcast on": web("audience", () => () => []),
  },
  "web/broadcast-confirmed": {
    "confirms broadcasts at once": web("broadcast", (_plain, server) => (peer, id, body) => {
      const recipients = server.audience(peer);
      for (const to of recipients) server.pass(to, peer, "all", body, unheard);
      server.answerAll(peer, id, recipients.map(() => "delivered"), recipients.length);
    }),
    "confirms broadcasts at the first who has it": web(
      "counted",
      (_plain, server) => (peer, id, outcomes, recipients) => {
        if (outcomes.length === 1) {
          server.answerAll(
            peer,
            id,
            outcomes.concat(Array(recipients - 1).fill("delivered")),
            recipients,
          );
        }
      },
    ),
    "never confirms broadcasts": web("answerAll", () => () => {}),
    "confirms broadcasts that somebody has not got": answeringAll((tell, outcomes, recipients) =>
      tell("delivered", { delivered: outcomes.length, recipients })
    ),
  },
  "web/broadcast-count": {
    "does not count": answeringAll((tell, outcomes) => {
      tell(outcomes.find((each) => each !== "delivered") ?? "delivered");
    }),
    "counts those who have it not as well": web("answerAll", (_plain, server) => (peer, id, outcomes, recipients) => {
      const kind = outcomes.find((each) => each !== "delivered") ?? "delivered";
      server.answer(peer, id, kind, { delivered: recipients, recipients });
    }),
    "counts only those who have it": web("answerAll", (_plain, server) => (peer, id, outcomes) => {
      const kind = outcomes.find((each) => each !== "delivered") ?? "delivered";
      const delivered = outcomes.filter((each) => each === "delivered").length;
      server.answer(peer, id, kind, { delivered, recipients: delivered });
    }),
    "counts the sender": web(
      "answerAll",
      (plain) => (peer, id, outcomes, recipients) => plain(peer, id, outcomes, recipients + 1),
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
