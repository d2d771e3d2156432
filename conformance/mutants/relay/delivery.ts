/**
 * relay servers that deliver, or confirm, in a wrong way.
 *
 * @module
 */

import type { MakePlain, MutantTable } from "../mutant.ts";
import {
  bodiesAlone,
  broadcasting,
  choosing,
  choosingInstead,
  closingBehind,
  onOutcome,
  outcomes,
  replacing,
  replacingByOwnName,
  sayingOnce,
} from "./changes.ts";
import {
  type PlainDelivery,
  type PlainRelayServer,
  type PlainUser,
  relay,
  type RelaySocket,
  type Report,
} from "./server.ts";

/** Nobody hears what became of it. */
const unheard: Report = () => {};

/** Passes messages on in another way. */
function passing(act: (pass: (report: Report) => PlainDelivery, report: Report) => void): MakePlain {
  return relay("pass", (plain) => (to, from, body, report) => {
    let last: PlainDelivery | undefined;
    act((report) => last = plain(to, from, body, report), report);
    return last!;
  });
}

/** Keeps messages to those who are not present yet, if that is so. */
function keeping(isKept: (to: string, server: PlainRelayServer) => boolean): MakePlain {
  return relay((plain, server) => {
    const kept: { readonly to: string; readonly again: () => void }[] = [];
    return {
      nobody: (to, report, again) => {
        if (isKept(to, server)) kept.push({ to, again });
        else plain.nobody(to, report, again);
      },
      entered: ({ name }) => {
        queueMicrotask(() => kept.filter(({ to }) => to === name).forEach(({ again }) => again()));
      },
    };
  });
}

/** Confirms broadcasts in another way; `report` tells the sender. */
function collecting(collect: (count: number, report: Report) => Report): MakePlain {
  return relay("collect", () => (count, report) => collect(count, report));
}

/** A broadcast becomes what `alter` makes of its first outcome. */
function firstAnswer(alter: (outcome: Parameters<Report>[0]) => Parameters<Report>[0]): MakePlain {
  return collecting((_count, report) => {
    let isTold = false;
    return (outcome) => {
      if (!isTold) report(alter(outcome));
      isTold = true;
    };
  });
}

/** Mutants of the clauses on messages to one user, and to all. */
export const DELIVERY: MutantTable<MakePlain> = {
  "relay/send-unicast": {
    "passes each message on to everybody": relay("deliver", (plain, server) => (from, to, body, report) => {
      server.broadcast(from, body, unheard);
      plain(from, to, body, report);
    }),
    "passes messages back to their sender": choosing((_to, _users, from) => from),
    "passes each message on twice": passing((pass, report) => {
      pass(report);
      pass(unheard);
    }),
    "takes the beginning of a name for the name": choosing((to, users) =>
      users.find(({ name }) => name.startsWith(to))
    ),
    "passes each message on to the user who came last": choosing((_to, users, from) =>
      users.filter((user) => user !== from).at(-1)
    ),
    "names the recipient in FORWARD instead of the sender": replacingByOwnName(/(?<=^FORWARD )\w+/),
    "leaves the sender out of FORWARD": replacing(/(?<=^FORWARD) \w+/, ""),
    "passes a SEND on as it is": replacing(/^FORWARD/, "SEND"),
    "leaves Content-length out of FORWARD": replacing(/(?<=^FORWARD \w+)\n[^\n]+/, ""),
    "writes Content-Length with a capital L in FORWARD": replacing(/Content-length/, "Content-Length"),
    "leaves the blank out behind Content-length": replacing(/Content-length: /, "Content-length:"),
    "puts a newline behind each body": bodiesAlone((body) => `${body}\n`),
    "puts an empty line behind each body": bodiesAlone((body) => `${body}\n\n`),
    "ends header lines in \\r\\n": replacing(/^FORWARD[^]*/, (all) => all.replaceAll("\n", "\r\n")),
  },
  "relay/send-confirmed": {
    "confirms a message before its recipient has answered": passing((pass, report) => pass(report).settle("delivered")),
    "says SEND before its recipient has answered": relay((plain) => ({
      pass: (to, from, body, report) => {
        const delivery = plain.pass(to, from, body, report);
        delivery.settle("delivered");
        return delivery;
      },
      answer: (_socket, tell, to, outcome) => tell(outcome === "delivered" ? `SEND ${to}` : "ERROR 102 Unable to send"),
    })),
    "never confirms a message": outcomes((outcome, to) => outcome === "delivered" && to !== "ALL" ? "untold" : outcome),
    "takes anybody's RECEIVED for the recipient's": relay("received", (_plain, server) => (_user, from) => {
      const all = server.present.flatMap(({ unanswered }) => unanswered);
      all.find((delivery) => !delivery.isSettled && delivery.from === from)?.settle("delivered");
    }),
    "confirms all messages of a sender at one RECEIVED": relay("received", (plain) => (user, from) => {
      for (let i = 0; i < 10; i++) plain(user, from);
    }),
    "names nobody in SENT": replacing(/(?<=^SENT) \w+/, ""),
    "names the sender in SENT instead of the recipient": replacingByOwnName(/(?<=^SENT )\w+/),
    "says OK instead of SENT": replacing(/^SENT [^\n]+/, "OK"),
    "says SENT of the first message on a socket and SEND of the others": sayingOnce(
      /^SENT/,
      (text) => text.replace(/^SENT/, "SEND"),
    ),
    "passes RECEIVED on to the sender": replacing(/^SENT/, "RECEIVED"),
    "confirms each message twice": replacing(/^SENT [^]*/, (all) => all + all),
  },
  "relay/send-unknown": {
    "confirms messages to nobody": outcomes((outcome) => outcome === "unknown" ? "delivered" : outcome),
    "says nothing about messages to nobody": outcomes((outcome) => outcome === "unknown" ? "untold" : outcome),
    "closes a sender to nobody": onOutcome((outcome, { link }) => outcome === "unknown" && link.end("done")),
    "closes the socket behind ERROR 102": closingBehind(/^ERROR 102/),
    "says another code than 102": replacing(/(?<=^ERROR )102/, "100"),
    "puts other words behind ERROR 102": replacing(/(?<=^ERROR 102 ).+/, "User not found"),
    "keeps messages for users who have not come yet": keeping(() => true),
    "passes messages to nobody on to whoever has a name that begins like it": choosingInstead((to, name) =>
      name.startsWith(to)
    ),
    "passes messages to nobody on to whose name they begin with": choosingInstead((to, name) => to.startsWith(name)),
    "finds users whatever the case of their names": choosingInstead((to, name) =>
      name.toLowerCase() === to.toLowerCase()
    ),
    "takes all in small letters for ALL": relay("send", (plain) => (socket, from, to, body) => {
      plain(socket, from, to === "all" ? "ALL" : to, body);
    }),
  },
  "relay/send-half-recipient": {
    "passes messages on to who has registered TORECV alone": relay("find", (_plain, server) => (to) => {
      const user = server.users.get(to);
      return user?.sockets.has("TORECV") ? user : undefined;
    }),
    "keeps messages for a user until both sockets are registered": keeping((to, { users }) => users.has(to)),
  },
  "relay/send-gone": {
    "confirms messages to who has left": outcomes((outcome, to) =>
      outcome === "gone" && to !== "ALL" ? "delivered" : outcome
    ),
    "says nothing about messages to who has left": outcomes((outcome, to) =>
      outcome === "gone" && to !== "ALL" ? "untold" : outcome
    ),
    "notices that a user has left when both sockets are closed": relay((plain) => {
      const left = new Set<RelaySocket>();
      return {
        timedOut: () => {},
        leave: (socket) => {
          left.add(socket);
          const others = [...socket.user?.sockets.values() ?? []].filter((other) => !left.has(other));
          if (others.length === 0) plain.leave(socket);
        },
      };
    }),
    "tells one sender alone when a recipient has left": relay((plain) => ({
      timedOut: () => {},
      gone: (deliveries) => plain.gone(deliveries.slice(0, 1)),
    })),
    "closes those whose recipient has left": onOutcome((outcome, { link }) => outcome === "gone" && link.abort("done")),
  },
  "relay/send-silent": {
    "waits for ever for a recipient that does not answer": relay("timedOut", () => () => {}),
    "confirms messages that are not answered in time": outcomes((outcome) =>
      outcome === "timed-out" ? "delivered" : outcome
    ),
    "takes the RECEIVED of a message that was given up for the next one's": relay(
      "timedOut",
      (plain) => (to, delivery) => {
        to.unanswered = to.unanswered.filter((each) => each !== delivery);
        plain(to, delivery);
      },
    ),
    "keeps a RECEIVED that comes too late for the next message": relay((plain) => {
      const credits = new Map<PlainUser, number>();
      return {
        received: (user, from) => {
          const isLate = user.unanswered.every(({ isSettled }) => isSettled);
          if (isLate) credits.set(user, (credits.get(user) ?? 0) + 1);
          plain.received(user, from);
        },
        pass: (to, from, body, report) => {
          const delivery = plain.pass(to, from, body, report);
          const credit = credits.get(to) ?? 0;
          if (credit > 0) delivery.settle("delivered");
          credits.set(to, Math.max(credit - 1, 0));
          return delivery;
        },
      };
    }),
  },
  "relay/send-recipient-error": {
    "says ERROR 102 where the recipient says ERROR 103": outcomes((outcome) =>
      outcome === "refused" ? "unknown" : outcome
    ),
    "confirms what the recipient could not read": outcomes((outcome) => outcome === "refused" ? "delivered" : outcome),
    "does not listen to a recipient's ERROR": relay("rejected", () => () => {}),
    "closes a recipient that says ERROR": relay("rejected", (plain) => (user) => {
      plain(user);
      user.sockets.get("TORECV")!.link.end("malformed");
    }),
  },
  "relay/broadcast": {
    "takes ALL for a name that nobody has": broadcasting(() => []),
    "does not answer SEND ALL": relay("broadcast", () => () => {}),
    "passes a broadcast on to its sender, too": broadcasting((others, from) => [...others, from]),
    "passes a broadcast on to one user alone": broadcasting((others) => others.slice(0, 1)),
    "leaves out the user who came last from broadcasts": broadcasting((others) => others.slice(0, -1)),
    "passes each broadcast on twice": broadcasting((others) => [...others, ...others]),
  },
  "relay/broadcast-confirmed": {
    "confirms a broadcast at once": collecting((_count, report) => {
      report("delivered");
      return unheard;
    }),
    "confirms a broadcast when the first has acknowledged it": firstAnswer((outcome) => outcome),
    "confirms a broadcast when the first has answered, whatever that was": firstAnswer(() => "delivered"),
    "never confirms a broadcast": outcomes((outcome, to) =>
      to === "ALL" && outcome === "delivered" ? "untold" : outcome
    ),
    "confirms a broadcast whoever got it": outcomes((outcome, to) => to === "ALL" ? "delivered" : outcome),
    "refuses every broadcast": outcomes((outcome, to) => to === "ALL" ? "unknown" : outcome),
    "says nothing about a broadcast that not everyone has": outcomes((outcome, to) =>
      to === "ALL" && outcome !== "delivered" ? "untold" : outcome
    ),
    "confirms a broadcast once for each recipient": replacing(/^SENT ALL[^]*/, (all) => all + all),
  },
};
