/**
 * A hub, a server of a dialect of text, and others who are present, for tests of sessions: everything happens at once.
 *
 * @module
 */

import { Deadlines } from "../../../core/deadlines.ts";
import type { Outcome } from "../../../core/outcome.ts";
import type { Delivery } from "../../../hub/delivery.ts";
import { Hub } from "../../../hub/hub.ts";
import type { Presence } from "../../../hub/presence.ts";
import type { BroadcastLimit, ServerContext, ServerSession } from "../../dialect.ts";
import { RecordedLink } from "../../testing/recorded_link.ts";
import type { TextServer } from "../text_server.ts";

/** How long a recipient may take to acknowledge, in milliseconds. */
export const ACK_TIMEOUT = 5_000;

/** Somebody who has connected. */
export interface Connected {
  /** The link. */
  readonly link: RecordedLink;
  /** The server's side. */
  readonly session: ServerSession;
  /** What the server said first. */
  readonly greeting: string;
}

/** The world, and the test's hold on it. */
export class TextWorld {
  /** Time, which only the test moves. */
  readonly deadlines: Deadlines = new Deadlines(0);
  /** Where all meet. */
  readonly hub: Hub = new Hub({ ackTimeout: ACK_TIMEOUT, deadlines: this.deadlines, wallClock: () => 0 });
  /** The server. */
  readonly server: TextServer;
  readonly #hostname: string | undefined;

  constructor(makeServer: (context: ServerContext) => TextServer, hostname?: string) {
    const { deadlines, hub } = this;
    this.server = makeServer({ hub, deadlines, maxMessage: 65_536, log: () => {} });
    this.#hostname = hostname;
  }

  /** Connects somebody, perhaps with a limit to what may be passed on for it, who takes the greeting. */
  connect(broadcasts?: BroadcastLimit): Connected {
    const link = new RecordedLink(this.#hostname);
    const session = this.server.accept(link, broadcasts);
    link.start(session);
    link.flush();
    return { link, session, greeting: link.take() };
  }

  /** Lets somebody join who speaks another dialect. */
  joinElsewhere(name: string, title: string = name): Elsewhere {
    const remote = { hostname: "192.0.2.7", port: 9 };
    const presence = this.hub.claim(name, { dialect: "other", remote, title });
    if (presence === undefined) throw new Error(`${name} is taken`);
    return new Elsewhere(presence);
  }
}

/** Somebody of another dialect, who keeps what comes and settles it when the test does. */
export class Elsewhere {
  /** The name. */
  readonly presence: Presence;
  /** What has come. */
  readonly received: Delivery[] = [];
  /** What became of what was sent. */
  readonly outcomes: Outcome[] = [];

  constructor(presence: Presence) {
    this.presence = presence;
    presence.enter({ deliver: (delivery) => this.received.push(delivery) });
  }

  /** The bodies that have come. */
  get texts(): string[] {
    return this.received.map(({ body }) => new TextDecoder().decode(body));
  }

  /** Sends something to one, or to everybody. */
  send(to: string | undefined, body: string | Uint8Array): void {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const report = { settled: (outcome: Outcome) => void this.outcomes.push(outcome) };
    if (to === undefined) this.presence.broadcast(bytes, report);
    else this.presence.send(to, bytes, report);
  }
}

/** All that is said to each, also what waits until something before it is handed over. */
export function takeAll(...links: readonly RecordedLink[]): string[] {
  const said = links.map(() => "");
  for (let isQuiet = false; !isQuiet;) {
    for (const link of links) link.flush();
    const more = links.map((link) => link.take());
    more.forEach((text, i) => said[i] += text);
    isQuiet = more.every((text) => text === "");
  }
  return said;
}
