/**
 * Ways to feed what reads what peers say.
 *
 * @module
 */

import { Deadlines } from "../../lib/core/deadlines.ts";
import { FakeTimer } from "../../lib/client/testing/fake_timer.ts";
import type { ClientSession, DialectServer, ServerContext, SetTimer } from "../../lib/dialects/dialect.ts";
import { RecordedPort } from "../../lib/dialects/group/testing/recorded_port.ts";
import { RecordedEvents } from "../../lib/dialects/testing/recorded_events.ts";
import { halfClosing, RecordedLink } from "../../lib/dialects/testing/recorded_link.ts";
import { Hub } from "../../lib/hub/hub.ts";
import { memberIds } from "../../lib/dialects/registry.ts";

/** What reads one stream. */
export interface Reader {
  /** The next piece. */
  push(bytes: Uint8Array): void;
  /** What it has made of all that came. */
  result(): string;
}

/** The largest body, in bytes, small enough to be exceeded often. */
export const MAX_BODY = 2_000;

const HERE = { hostname: "192.0.2.9", port: 4000 };
const latin1 = new TextDecoder("latin1");

/** A reader that is told line by line what it has made. */
export function telling(make: (told: (...what: unknown[]) => void) => (bytes: Uint8Array) => void): () => Reader {
  return () => {
    const all: string[] = [];
    const push = make((...what) => void all.push(what.map(shown).join(" ")));
    return { push, result: () => all.join("\n") };
  };
}

function shown(value: unknown): string {
  return value instanceof Uint8Array ? latin1.decode(value) : typeof value === "string" ? value : JSON.stringify(value);
}

/** A server's session; what is fed comes from its client. */
export function serverSession(make: (context: ServerContext) => DialectServer): () => Reader {
  return () => {
    const deadlines = new Deadlines(0);
    const hub = new Hub({ ackTimeout: 5_000, deadlines, wallClock: () => 0, ids: memberIds() });
    const link = new RecordedLink();
    const session = make({ hub, deadlines, maxMessage: MAX_BODY, log: () => {} }).accept(link);
    link.start(session);
    return {
      push: (bytes) => link.feed(bytes),
      result() {
        // An answer that is handed over lets the next request be read.
        let said = "";
        for (let rounds = 0; rounds < 2; rounds++) {
          for (let more = latin1.decode(link.takeBytes()); more !== ""; more = latin1.decode(link.takeBytes())) {
            said += more;
            link.flush();
          }
          link.flush();
          deadlines.advance(deadlines.now + 10_000);
        }
        const { finish } = link;
        link.close();
        return `${said}\n${finish?.how} ${finish?.reason} ${[...hub.members()].length} ${hub.counters.onTheirWay}`;
      },
    };
  };
}

/** A client's session; what is fed comes on one of its links, behind what a server says first on each. */
export function clientSession(
  make: (events: RecordedEvents, timer: SetTimer) => ClientSession,
  greetings: readonly string[],
  fed = 0,
): () => Reader {
  return () => {
    const events = new RecordedEvents();
    const links = greetings.map(() => new RecordedLink());
    const time = new FakeTimer();
    const handlers = make(events, time.timer).start(links.map((link) => halfClosing(link)));
    for (const [i, link] of links.entries()) {
      link.start(handlers[i]!);
      if (greetings[i] !== "") link.feed(greetings[i]!);
    }
    return {
      push: (bytes) => links[fed]!.feed(bytes),
      result() {
        for (let i = 0; i < 20; i++) time.advance(100);
        const written = links.map((link) => latin1.decode(link.takeBytes()));
        return [...written, ...links.map(({ finish }) => finish?.reason), ...events.take()].join("\n");
      },
    };
  };
}

/** Something that takes each piece for a datagram. */
export function datagrams(
  make: (deadlines: Deadlines, port: RecordedPort) => (bytes: Uint8Array) => void,
): () => Reader {
  return () => {
    const deadlines = new Deadlines(0);
    const port = new RecordedPort(HERE);
    const push = make(deadlines, port);
    return {
      push,
      result() {
        for (let now = 0; now <= 5_000; now += 250) deadlines.advance(now);
        return port.takeAll().join("\n");
      },
    };
  };
}
