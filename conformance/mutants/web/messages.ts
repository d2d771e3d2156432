/**
 * web servers that pass on or confirm messages in a wrong way.
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
import { altering, knowingManners } from "./users.ts";

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

/** Says of a send that it does not take for this reason something else than that; `code` is that of the error that it calls it. */
function notTaking(reason: string, code: string, what: string): Readonly<Record<string, MakePlain>> {
  return {
    [`says nothing to ${what}`]: altering("outcome", (message) => message.reason === reason ? undefined : message),
    [`calls ${what} an error`]: altering(
      "outcome",
      (message) => message.reason === reason ? { type: "error", code, id: message.id, reason: "no" } : message,
    ),
    [`closes at ${what}`]: web(
      "notTaken",
      (plain) => (peer, id, told) => told === reason ? peer.link.end("malformed") : plain(peer, id, told),
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

/** Mutants of the clauses on sending. */
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
    "notices only those who say that they leave": knowingManners((isPolite, plain) => ({
      gone: (peer) => {
        if (!isPolite(peer)) peer.unanswered.clear();
        plain.gone(peer);
      },
    })),
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
    ...notTaking("too-long", "too-long", "what is too long"),
    "confirms what is too long": altering(
      "outcome",
      (message) => message.reason === "too-long" ? { type: "outcome", id: message.id, kind: "delivered" } : message,
    ),
  },
  "web/lone-surrogate": {
    "passes on half of a character": web("readSend", (plain) => (peer, message) => {
      plain(peer, typeof message.text === "string" ? { ...message, text: message.text.toWellFormed() } : message);
    }),
    ...notTaking("not-text", "bad-message", "half of a character"),
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
};
