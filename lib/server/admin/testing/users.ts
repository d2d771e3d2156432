/**
 * Users of a simulated server, at the level of bytes.
 *
 * @module
 */

import type { DatagramPort } from "../../../core/datagrams.ts";
import type { HalfClosingLink } from "../../../core/link.ts";
import type { AdminWorld } from "./admin_world.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Somebody who hears what a server says. */
export interface Hearer {
  /** All that has come. */
  readonly said: string;
}

/** A connection. */
export class TestConnection implements Hearer {
  /** See {@linkcode Hearer.said}. */
  said = "";
  /** Whether the server has closed it. */
  isClosed = false;
  readonly #link: HalfClosingLink;

  /** @param heard told what comes. */
  constructor(link: HalfClosingLink, heard: (text: string, talk: TestConnection) => void = () => {}) {
    this.#link = link;
    link.start({
      receive: (bytes) => {
        const text = decoder.decode(bytes);
        this.said += text;
        heard(text, this);
      },
      ended: () => link.end("left"),
      closed: () => this.isClosed = true,
    });
  }

  /** Sends some text. */
  say(text: string): void {
    this.#link.write(encoder.encode(text));
  }
}

/** A group client, which acknowledges what it gets. */
export class Datagrams implements Hearer {
  /** See {@linkcode Hearer.said}. */
  said = "";

  /** Registers. */
  constructor(there: AdminWorld, name: string) {
    const port: DatagramPort = there.world.network.openPort({ hostname: "192.0.2.1", port: 0 });
    const number = port.local.port;
    const send = (...fields: string[]) => port.send(encoder.encode(fields.join("\n")), there.group);
    port.start({
      receive: (bytes) => {
        const text = decoder.decode(bytes);
        this.said += text;
        const [, verb, ...rest] = text.split("\n");
        if (verb === "send") send("Header:", "ack", "Message:", rest.at(-1)!, "Port:", String(number));
        else if (verb === "send_group") send("Header:", "ack", "Message:", rest[1]!, "Port:", String(number));
      },
      closed: () => {},
    });
    send("header:", "register", "username:", name, "ip:", "192.0.2.1", "port:", String(number));
  }
}

/** Has a user of each dialect there, by name. */
export async function joinAll(there: AdminWorld): Promise<ReadonlyMap<string, Hearer>> {
  const users = new Map<string, Hearer>();
  const relay = new TestConnection(await there.connect("relay"), (text, talk) => {
    for (const [, from] of text.matchAll(/FORWARD (\S+)/g)) talk.say(`RECEIVED ${from}\n\n`);
  });
  relay.say("REGISTER TORECV rob\n\n");
  new TestConnection(await there.connect("relay")).say("REGISTER TOSEND rob\n\n");
  users.set("rob", relay);
  for (const [dialect, name] of [["slash", "sam"], ["room", "rae"]] as const) {
    const talk = new TestConnection(await there.connect(dialect));
    await there.pass(100);
    talk.say(`${name}\n`);
    users.set(name, talk);
  }
  const frame = new TestConnection(await there.connect("frame"));
  users.set("gus", new Datagrams(there, "gus"));
  await there.pass(2_000);
  for (const { name, dialect } of there.server.hub.members()) if (dialect === "frame") users.set(name, frame);
  return users;
}
