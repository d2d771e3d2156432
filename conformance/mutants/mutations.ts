/**
 * Changes that fit any dialect: to what goes over a connection, and to what becomes of messages.
 *
 * @module
 */

import type { Link } from "../../lib/core/link.ts";
import type { Outcome } from "../../lib/core/outcome.ts";
import type { ServerSession } from "../../lib/dialects/dialect.ts";
import type { Delivery, OutcomeObserver, Recipient } from "../../lib/hub/delivery.ts";
import type { Hub } from "../../lib/hub/hub.ts";
import type { Presence } from "../../lib/hub/presence.ts";
import type { Changing, Mutation } from "./mutation.ts";

/** Sends a message: as {@linkcode Presence.send} does, and as {@linkcode Presence.broadcast} with `to` undefined. */
export type Send = (to: string | number | undefined, body: Uint8Array, report: OutcomeObserver) => void;

/** One change made of several, in their order. */
export function together(...changing: readonly Changing[]): Changing {
  return () => {
    const changes = changing.map((change) => change());
    const all: Mutation = Object.assign({}, ...changes);
    return {
      ...all,
      presence: (presence) => changes.forEach((change) => change.presence?.(presence)),
      hub: (hub) => changes.forEach((change) => change.hub?.(hub)),
      server: (server) => changes.forEach((change) => change.server?.(server)),
    };
  };
}

/** A change that looks at who is present: `names` gives their names, in the order in which they came. */
export function inHub(change: (names: () => string[]) => Changing): Changing {
  return () => {
    let hub: Hub | undefined;
    const names = () => [...hub!.members()].map(({ name }) => name);
    return together(() => ({ hub: (made) => void (hub = made) }), change(names))();
  };
}

/** Each connection hears what `alter` makes of each piece that arrives; `alter` is made anew for each. */
export function hearing(alter: (link: Link) => (text: string) => string | readonly string[]): Changing {
  return () => ({ wire: (link) => ({ hears: alter(link) }) });
}

/** Each connection says what `alter` makes of each write; `alter` is made anew for each. */
export function saying(alter: (link: Link) => (text: string) => string): Changing {
  return () => ({ wire: (link) => ({ says: alter(link) }) });
}

/** Each connection says something else in place of what fits a pattern. */
export function rewording(pattern: RegExp, replacement: string): Changing {
  return saying(() => (text) => text.replace(pattern, () => replacement));
}

/** The server does not close connections. */
export function neverClosing(): Mutation {
  return { wire: () => ({ closes: () => false }) };
}

/** Alters each session of the server when it begins. */
export function sessions<Session extends ServerSession>(alter: (session: Session, link: Link) => void): Changing {
  return () => ({
    server: (server) => {
      const accept = server.accept.bind(server);
      server.accept = (link) => {
        const session = accept(link) as Session;
        alter(session, link);
        return session;
      };
    },
  });
}

/** Alters everybody's way to send, to one or to all; made anew for each sender. */
export function sending(alter: (send: Send, presence: Presence) => Send): Changing {
  return () => ({
    presence: (presence) => {
      const [send, broadcast] = [presence.send.bind(presence), presence.broadcast.bind(presence)];
      const altered = alter((to, body, report) => {
        if (to === undefined) broadcast(body, report);
        else send(to, body, report);
      }, presence);
      presence.send = altered;
      presence.broadcast = (body, report) => {
        altered(undefined, body, report);
        return 0; // Nobody is charged.
      };
    },
  });
}

/** Alters what senders are told; `untold` tells them nothing. */
export function outcomes(alter: (outcome: Outcome, to: string | number | undefined) => Outcome | "untold"): Changing {
  return sending((send) => (to, body, report) => {
    send(to, body, {
      settled: (outcome) => {
        const told = alter(outcome, to);
        if (told !== "untold") report.settled(told);
      },
    });
  });
}

/** Alters what is passed on. */
export function bodies(alter: (body: Uint8Array) => Uint8Array): Changing {
  return sending((send) => (to, body, report) => send(to, alter(body), report));
}

/** Keeps names when their holders leave, who are not reachable any more: those for which that is so. */
export function keepingNames(isKept: (holder: Presence) => boolean): Changing {
  return () => {
    let hub: Hub | undefined;
    return {
      hub: (made) => hub = made,
      presence: (presence) => {
        const leave = presence.leave.bind(presence);
        const { name, dialect, remote } = presence;
        presence.leave = () => {
          const isTaken = isKept(presence);
          leave();
          if (isTaken) hub!.claim(name, { dialect, remote });
        };
      },
    };
  };
}

/** Alters everybody who becomes reachable. */
export function recipients(alter: (recipient: Recipient, presence: Presence) => void): Changing {
  return () => ({
    presence: (presence) => {
      const enter = presence.enter.bind(presence);
      presence.enter = (recipient) => {
        alter(recipient, presence);
        enter(recipient);
      };
    },
  });
}

/** Alters the passing on of each message to its recipient. */
export function deliveries(alter: (deliver: (delivery: Delivery) => void, delivery: Delivery) => void): Changing {
  return recipients((recipient) => {
    const deliver = recipient.deliver.bind(recipient);
    recipient.deliver = (delivery) => alter(deliver, delivery);
  });
}
