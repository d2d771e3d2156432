/**
 * relay servers that deliver, or confirm, in a wrong way.
 *
 * @module
 */

import { DELIVERED, refused } from "../../../lib/core/outcome.ts";
import type { RelaySession } from "../../../lib/dialects/relay/session.ts";
import type { RelayUser, UserSocket } from "../../../lib/dialects/relay/user.ts";
import type { Delivery } from "../../../lib/hub/delivery.ts";
import type { Presence } from "../../../lib/hub/presence.ts";
import { broadcasting, choosing, firstAnswer, toEverybody, UNHEARD } from "../audience.ts";
import type { Changing, Mutation } from "../mutation.ts";
import { deliveries, outcomes, recipients, sending, sessions, together } from "../mutations.ts";
import type { MutantTable } from "../mutant.ts";
import {
  closingBehind,
  forwardedBodies,
  messages,
  onOutcome,
  registering,
  replacing,
  replacingByOwnName,
  users,
} from "./changes.ts";

/** Longer than any fixture waits, in milliseconds. */
const FOR_EVER = 60 * 60 * 1000;

/** Mutants of the clauses on messages to one user, and to all. */
export const DELIVERY: MutantTable<Changing> = {
  "relay/send-unicast": {
    "passes each message on to everybody": toEverybody,
    "passes messages back to their sender": choosing((_to, _names, sender) => sender),
    "passes each message on twice": deliveries((deliver, delivery) => {
      deliver(delivery);
      deliver(delivery);
    }),
    "takes the beginning of a name for the name": choosing((to, names) => names.find((name) => name.startsWith(to))),
    "passes each message on to the user who came last": choosing((_to, names, sender) =>
      names.filter((name) => name !== sender).at(-1)
    ),
    "names the recipient in FORWARD instead of the sender": replacingByOwnName(/(?<=^FORWARD )\w+/),
    "leaves the sender out of FORWARD": replacing(/(?<=^FORWARD) \w+/, ""),
    "passes a SEND on as it is": replacing(/^FORWARD/, "SEND"),
    "leaves Content-length out of FORWARD": replacing(/(?<=^FORWARD \w+)\n[^\n]+/, ""),
    "writes Content-Length with a capital L in FORWARD": replacing(/Content-length/, "Content-Length"),
    "leaves the blank out behind Content-length": replacing(/Content-length: /, "Content-length:"),
    "puts a newline behind each body": forwardedBodies((body) => `${body}\n`),
    "puts an empty line behind each body": forwardedBodies((body) => `${body}\n\n`),
    "ends header lines in \\r\\n": replacing(/^FORWARD[^]*/, (all) => all.replaceAll("\n", "\r\n")),
  },
  "relay/send-confirmed": {
    "confirms a message before its recipient has answered": deliveries((deliver, delivery) => {
      deliver(delivery);
      delivery.settle(DELIVERED);
    }),
    "never confirms a message": outcomes((outcome, to) =>
      outcome.kind === "delivered" && to !== undefined ? "untold" : outcome
    ),
    "takes anybody's RECEIVED for the recipient's": strangers(),
    "confirms all messages of a sender at one RECEIVED": recipients((recipient) => {
      const user = recipient as RelayUser;
      const received = user.received.bind(user);
      user.received = (sender) => {
        for (let i = 0; i < 10; i++) received(sender);
      };
    }),
    "names nobody in SENT": replacing(/(?<=^SENT) \w+/, ""),
    "names the sender in SENT instead of the recipient": replacingByOwnName(/(?<=^SENT )\w+/),
    "says OK instead of SENT": replacing(/^SENT [^\n]+/, "OK"),
    "says SENT of the first message on a socket and SEND of the others": messages(() => {
      let count = 0;
      return (message) => message.replace(/^SENT/, (word) => count++ === 0 ? word : "SEND");
    }),
    "passes RECEIVED on to the sender": replacing(/^SENT/, "RECEIVED"),
    "confirms each message twice": replacing(/^SENT [^]*/, (all) => all + all),
  },
  "relay/send-unknown": {
    "confirms messages to nobody": outcomes((outcome) => outcome.kind === "unknown" ? DELIVERED : outcome),
    "says nothing about messages to nobody": outcomes((outcome) => outcome.kind === "unknown" ? "untold" : outcome),
    "closes a sender to nobody": onOutcome((outcome, link) => {
      if (outcome.kind === "unknown") queueMicrotask(() => link.end("done"));
    }),
    "closes the socket behind ERROR 102": closingBehind(/^ERROR 102/),
    "says another code than 102": replacing(/(?<=^ERROR )102/, "100"),
    "puts other words behind ERROR 102": replacing(/(?<=^ERROR 102 ).+/, "User not found"),
    "keeps messages for users who have not come yet": keeping(() => true),
    "passes messages to nobody on to whoever has a name that begins like it": choosing((to, names) =>
      names.includes(to) ? to : names.find((name) => name.startsWith(to))
    ),
    "passes messages to nobody on to whose name they begin with": choosing((to, names) =>
      names.includes(to) ? to : names.find((name) => to.startsWith(name))
    ),
  },
  "relay/send-half-recipient": {
    "passes messages on to who has registered TORECV alone": halfPresent(),
    "keeps messages for a user until both sockets are registered": keeping((name, claimed) => claimed.has(name)),
  },
  "relay/send-gone": {
    "confirms messages to who has left": outcomes((outcome, to) =>
      outcome.kind === "gone" && to !== undefined ? DELIVERED : outcome
    ),
    "says nothing about messages to who has left": outcomes((outcome, to) =>
      outcome.kind === "gone" && to !== undefined ? "untold" : outcome
    ),
    "notices that a user has left when both sockets are closed": together(
      waitingForEver,
      users((user) => {
        const leave = user.leave.bind(user);
        const left = new Set<UserSocket>();
        user.leave = (socket, reason) => left.add(socket).size < 2 ? undefined : leave(socket, reason);
      }),
    ),
    "tells one sender alone when a recipient has left": onlyFirstGone(),
    "closes those whose recipient has left": onOutcome((outcome, link) => {
      if (outcome.kind === "gone") link.abort("done");
    }),
  },
  "relay/send-silent": {
    "waits for ever for a recipient that does not answer": waitingForEver,
    "confirms messages that are not answered in time": outcomes((outcome) =>
      outcome.kind === "timed-out" ? DELIVERED : outcome
    ),
    "takes the RECEIVED of a message that was given up for the next one's": forgetful(),
    "keeps a RECEIVED that comes too late for the next message": crediting(),
  },
  "relay/send-recipient-error": {
    "says ERROR 102 where the recipient says ERROR 103": outcomes((outcome) =>
      outcome.kind === "refused" ? refused("undeliverable") : outcome
    ),
    "confirms what the recipient could not read": outcomes((outcome) =>
      outcome.kind === "refused" ? DELIVERED : outcome
    ),
    "does not listen to a recipient's ERROR": users((user) => user.rejected = () => {}),
    "closes a recipient that says ERROR": sessions((session: RelaySession) => {
      const message = session.message.bind(session);
      session.message = (header) => {
        message(header);
        if (header.verb === "ERROR" && session.isRegistered) session.finish("malformed");
      };
    }),
  },
  "relay/broadcast": {
    "takes ALL for a name that nobody has": sending((send) => (to, body, report) => send(to ?? "ALL", body, report)),
    "does not answer SEND ALL": sending((send) => (to, body, report) => to !== undefined && send(to, body, report)),
    "passes a broadcast on to its sender, too": broadcasting((others, { name }) => [...others, name]),
    "passes a broadcast on to one user alone": broadcasting((others) => others.slice(0, 1)),
    "leaves out the user who came last from broadcasts": broadcasting((others) => others.slice(0, -1)),
    "passes each broadcast on twice": broadcasting((others) => [...others, ...others]),
  },
  "relay/broadcast-confirmed": {
    "confirms a broadcast at once": sending((send) => (to, body, report) => {
      send(to, body, to === undefined ? UNHEARD : report);
      if (to === undefined) report.settled(DELIVERED);
    }),
    "confirms a broadcast when the first has acknowledged it": broadcasting((others) => others, firstAnswer),
    "confirms a broadcast when the first has answered, whatever that was": together(
      broadcasting((others) => others, firstAnswer),
      outcomes((outcome, to) => to === undefined ? DELIVERED : outcome),
    ),
    "never confirms a broadcast": outcomes((outcome, to) =>
      to === undefined && outcome === DELIVERED ? "untold" : outcome
    ),
    "confirms a broadcast whoever got it": outcomes((outcome, to) => to === undefined ? DELIVERED : outcome),
    "refuses every broadcast": outcomes((outcome, to) => to === undefined ? refused("undeliverable") : outcome),
    "says nothing about a broadcast that not everyone has": outcomes((outcome, to) =>
      to === undefined && outcome !== DELIVERED ? "untold" : outcome
    ),
    "confirms a broadcast once for each recipient": replacing(/^SENT ALL[^]*/, (all) => all + all),
  },
};

/** No recipient is ever given up. */
function waitingForEver(): Mutation {
  return { options: { ackTimeout: FOR_EVER } };
}

/** One list of unanswered messages for all recipients. */
function strangers(): Changing {
  return () => {
    const unanswered: Delivery[] = [];
    return recipients((recipient) => {
      const user = recipient as RelayUser;
      const deliver = user.deliver.bind(user);
      user.deliver = (delivery) => {
        unanswered.push(delivery);
        deliver(delivery);
      };
      user.received = (sender) => {
        unanswered.find((delivery) => !delivery.isSettled && delivery.from.name === sender)?.settle(DELIVERED);
      };
    })();
  };
}

/** A message that was given up leaves no trace. */
function forgetful(): Changing {
  return recipients((recipient) => {
    const user = recipient as RelayUser;
    const deliver = user.deliver.bind(user);
    const delivered: Delivery[] = [];
    user.deliver = (delivery) => {
      delivered.push(delivery);
      deliver(delivery);
    };
    user.received = (sender) => {
      delivered.find((delivery) => !delivery.isSettled && delivery.from.name === sender)?.settle(DELIVERED);
    };
  });
}

/** Each RECEIVED confirms a message, if not one that is there, then one that comes. */
function crediting(): Changing {
  return recipients((recipient) => {
    const user = recipient as RelayUser;
    const [deliver, received] = [user.deliver.bind(user), user.received.bind(user)];
    const delivered: Delivery[] = [];
    let credit = 0;
    user.deliver = (delivery) => {
      delivered.push(delivery);
      deliver(delivery);
      if (credit > 0) delivery.settle(DELIVERED);
      credit = Math.max(credit - 1, 0);
    };
    user.received = (sender) => {
      if (delivered.every(({ isSettled }) => isSettled)) credit++;
      received(sender);
    };
  });
}

/** Of several who wait for a recipient that leaves, one is told. */
function onlyFirstGone(): Changing {
  return () => {
    let isTold = false;
    return outcomes((outcome) => {
      if (outcome.kind !== "gone") return outcome;
      if (isTold) return "untold";
      isTold = true;
      queueMicrotask(() => isTold = false);
      return outcome;
    })();
  };
}

/** A user is reachable as soon as there is a socket to reach it on. */
function halfPresent(): Changing {
  return () => {
    const presences = new Map<string, Presence>();
    return together(
      () => ({ presence: (presence) => void presences.set(presence.name, presence) }),
      registering((register) => (socket, side, name) => {
        const user = register(socket, side, name);
        if (typeof user !== "string" && side === "TORECV") presences.get(name)?.enter(user);
        return user;
      }),
    )();
  };
}

/** Keeps messages to those who are not present yet, where `isKept`: of everybody, or of those who have claimed a name. */
function keeping(isKept: (name: string, claimed: ReadonlySet<string>) => boolean): Changing {
  return () => {
    const claimed = new Set<string>();
    const kept: { readonly to: string; readonly send: () => void }[] = [];
    return together(
      () => ({ presence: ({ name }) => void claimed.add(name) }),
      sending((send) => (to, body, report) => {
        const copy = body.slice();
        send(to, body, {
          settled: (outcome) => {
            if (outcome.kind !== "unknown" || typeof to !== "string" || !isKept(to, claimed)) report.settled(outcome);
            else kept.push({ to, send: () => send(to, copy, report) });
          },
        });
      }),
      recipients((_recipient, { name }) => {
        queueMicrotask(() => kept.filter(({ to }) => to === name).forEach(({ send }) => send()));
      }),
    )();
  };
}
