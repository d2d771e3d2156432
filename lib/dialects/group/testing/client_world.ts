/**
 * A group client without a network, for tests: its server and its peers are the test, which also moves the time.
 *
 * @module
 */

import { Deadlines } from "../../../core/deadlines.ts";
import type { Endpoint } from "../../../core/link.ts";
import { RecordedEvents } from "../../testing/recorded_events.ts";
import { GroupClient } from "../client.ts";
import { RecordedPort } from "./recorded_port.ts";

/** Where the server is, unless a test says otherwise. */
export const SERVER: Endpoint = { hostname: "192.0.2.9", port: 4000 };
/** Where bob listens. */
export const BOB: Endpoint = { hostname: "192.0.2.2", port: 3000 };
/** What the server answers to `register`. */
export const WELCOME_DATAGRAM = "Header:|ack|Message:|[Welcome, You are registered.]";

/** A client called aysha, and all that a test needs of it. */
export interface ClientWorld {
  /** The client. */
  readonly client: GroupClient;
  /** What it tells. */
  readonly events: RecordedEvents;
  /** Its port. */
  readonly port: RecordedPort;
  /** The time; {@linkcode ClientWorld.pass} moves it in small steps. */
  readonly deadlines: Deadlines;
  /** Lets milliseconds pass. */
  pass(ms: number): void;
  /** What the server was sent. */
  asked(): string[];
  /** Lets the server say something. */
  tell(...texts: string[]): void;
}

/** A client that has just asked to be registered. */
export function startClient(server: Endpoint = SERVER): ClientWorld {
  const deadlines = new Deadlines(0);
  const events = new RecordedEvents();
  const port = new RecordedPort({ hostname: "192.0.2.1", port: 2000 });
  const client = new GroupClient("aysha", events, { port, server, deadlines });
  client.start();
  port.start(client);
  return {
    client,
    events,
    port,
    deadlines,
    pass: (ms) => {
      for (const end = deadlines.now + ms; deadlines.now < end;) deadlines.advance(deadlines.now + 10);
    },
    asked: () => port.take(server),
    tell: (...texts) => texts.forEach((text) => port.feed(text, server)),
  };
}

/** A table of rows like `bob yes`, or `bob yes skii 192.0.2.2 3000`. */
export function update(...rows: string[]): string {
  const table = rows.map((row) => {
    const [name, status, mode = "normal", ip = "192.0.2.2", port = "3000"] = row.split(" ");
    return { name, ip, port: name === "aysha" ? 2000 : Number(port), status, mode };
  });
  return `Header:|update|Payload:|${JSON.stringify({ ...table })}`;
}

/** The same, registered, with bob at {@linkcode BOB}, and carol, who speaks another dialect. */
export function startRegistered(server: Endpoint = SERVER): ClientWorld {
  const started = startClient(server);
  started.tell(WELCOME_DATAGRAM, update("aysha yes", "bob yes", `carol yes normal ${server.hostname} ${server.port}`));
  started.asked();
  const told = started.events.take().join();
  if (told !== "ready aysha,notice: online: bob, carol") throw new Error(`the client told ${told}`);
  return started;
}

/** The same, in a group. */
export function startInGroup(server: Endpoint = SERVER): ClientWorld {
  const started = startRegistered(server);
  started.client.enter("join_group skii");
  started.tell("Header:|ack|Message:|[Entered group skii successfully.]");
  started.asked();
  started.events.take();
  started.pass(600);
  return started;
}

/** A datagram as if its request were not marked. */
export function mention(line: string): string {
  return line.replace("Header:", "header:");
}

/** A direct message from bob. */
export function direct(message: string, to = "aysha"): string {
  return `header:|send|current_user:|bob|name|${to}|ip|198.51.100.66|port:|3000|message:|${message}`;
}
