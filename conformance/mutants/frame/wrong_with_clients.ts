/**
 * Frame servers that do wrong by their clients: by their IDs, by whom a frame reaches, or when one leaves.
 *
 * @module
 */

import type { Link } from "../../../lib/core/link.ts";
import type { FrameServerClass } from "./other_ways.ts";
import { type Client, type Frame, PlainFrameServer } from "./server.ts";

/** The lowest free ID, in other bounds. */
function free(clients: ReadonlyMap<number, Client>, first: number, last: number): number | undefined {
  for (let id = first; id <= last; id++) if (!clients.has(id)) return id;
  return undefined;
}

/** By clause, what a server does wrong, and the server. */
export const WRONG_WITH_CLIENTS: Readonly<Record<string, Readonly<Record<string, FrameServerClass>>>> = {
  "frame/assign": {
    "begins to count IDs at 1": class extends PlainFrameServer {
      override assign = () => free(this.clients, 1, 255);
    },
    "ends the ID with a line break": class extends PlainFrameServer {
      override greet = (client: Client) => this.say(client, `${client.id}\n`);
    },
    "writes the ID with zeros before it": class extends PlainFrameServer {
      override greet = (client: Client) => this.say(client, String(client.id).padStart(3, "0"));
    },
    "puts words around the ID": class extends PlainFrameServer {
      override greet = (client: Client) => this.say(client, `Your ID is ${client.id}.`);
    },
    "waits for the client to speak first": class extends PlainFrameServer {
      override greet = () => {};
    },
  },

  "frame/assign-unique": {
    "takes the number of clients for the next ID": class extends PlainFrameServer {
      override assign = () => this.clients.size < 254 ? this.clients.size + 2 : undefined;
    },
    "gives everybody the same ID": class extends PlainFrameServer {
      override assign = () => 2;
    },
  },

  "frame/assign-range": {
    "has 200 IDs": class extends PlainFrameServer {
      override assign = () => free(this.clients, 2, 201);
    },
    "ends at 254 and begins again with 256": class extends PlainFrameServer {
      override assign = () => free(this.clients, 2, 254) ?? free(this.clients, 256, 256);
    },
  },

  "frame/assign-full": {
    "has IDs past 255": class extends PlainFrameServer {
      override assign = () => free(this.clients, 2, 1000);
    },
    "says that it is full": class extends PlainFrameServer {
      override reject(link: Link): void {
        link.write(new TextEncoder().encode("full"));
        super.reject(link);
      }
    },
    "keeps those waiting who get no ID": class extends PlainFrameServer {
      override reject = () => {};
    },
    "closes a client to make room for the next": class extends PlainFrameServer {
      override assign(): number | undefined {
        const [oldest] = this.clients.values();
        if (this.clients.size === 254) this.expel(oldest!, "make room");
        return super.assign();
      }
    },
  },

  "frame/assign-reuse": {
    "gives no ID a second time once all were given": class extends PlainFrameServer {
      #isFull = false;

      override assign(): number | undefined {
        this.#isFull ||= this.clients.size === 254;
        return this.#isFull ? undefined : super.assign();
      }
    },
  },

  "frame/destination-range": {
    "takes 0 for everybody": class extends PlainFrameServer {
      override recipient(destination: string): Client | undefined {
        if (destination === "0") { for (const client of this.clients.values()) this.say(client, "2][0][3][bad"); }
        return super.recipient(destination);
      }
    },
    "keeps destinations in eight bits": class extends PlainFrameServer {
      override recipient = (destination: string) => super.recipient(String(Number(destination) & 255));
    },
    "ignores the sign of a destination": class extends PlainFrameServer {
      override recipient = (destination: string) => super.recipient(destination.replace("-", ""));
    },
    "reads a destination as far as it is a number": class extends PlainFrameServer {
      override recipient = (destination: string) => super.recipient(String(parseInt(destination)));
    },
    "takes an empty destination for the first who is there": class extends PlainFrameServer {
      override recipient(destination: string): Client | undefined {
        return super.recipient(destination) ?? (destination === "" ? [...this.clients.values()][0] : undefined);
      }
    },
    "closes everybody on a destination that is no number": class extends PlainFrameServer {
      override recipient(destination: string): Client | undefined {
        if (!/^-?[0-9]+$/.test(destination)) {
          for (const client of this.clients.values()) {
            this.expel(client, "crash");
          }
        }
        return super.recipient(destination);
      }
    },
  },

  "frame/destination-absent": {
    "closes a sender to an ID that nobody has": class extends PlainFrameServer {
      override handle(client: Client, frame: Frame): void {
        const isAbsent = Number(frame.destination) < 256 && this.recipient(frame.destination) === undefined;
        return isAbsent ? this.expel(client, "nobody has that ID") : super.handle(client, frame);
      }
    },
    "sends what is for an ID that nobody has to the next one": class extends PlainFrameServer {
      override recipient(destination: string): Client | undefined {
        const id = Number(destination);
        return super.recipient(destination) ?? (id > 1 && id < 256 ? super.recipient(String(id - 1)) : undefined);
      }
    },
    "stops reading behind a frame for an ID that nobody has": class extends PlainFrameServer {
      override take(client: Client, frame: Frame): Frame {
        super.take(client, frame);
        if (this.recipient(frame.destination) === undefined) client.unread = "";
        return frame;
      }
    },
  },

  "frame/destination-self": {
    "delivers to the sender itself": class extends PlainFrameServer {
      override refuse(client: Client, frame: Frame): string | undefined {
        const refusal = super.refuse(client, frame);
        return refusal === "that is your own ID" ? undefined : refusal;
      }
    },
  },

  "frame/source-forged": {
    "believes every source": class extends PlainFrameServer {
      override refuse = (client: Client, frame: Frame) => super.refuse(client, { ...frame, source: String(client.id) });
    },
    "believes who says that they are the server": class extends PlainFrameServer {
      override refuse(client: Client, frame: Frame): string | undefined {
        return super.refuse(client, frame.source === "1" ? { ...frame, source: String(client.id) } : frame);
      }
    },
    "puts a forged source right": class extends PlainFrameServer {
      override handle(client: Client, frame: Frame): void {
        const bytes = frame.bytes.replace(frame.source, String(client.id));
        super.handle(client, { ...frame, source: String(client.id), bytes });
      }
    },
    "believes a source that somebody has": class extends PlainFrameServer {
      override refuse(client: Client, frame: Frame): string | undefined {
        const isSomebody = this.clients.has(Number(frame.source));
        return super.refuse(client, isSomebody ? { ...frame, source: String(client.id) } : frame);
      }
    },
  },

  "frame/leave": {
    "closes everybody when somebody leaves": class extends PlainFrameServer {
      override leave(client: Client): void {
        super.leave(client);
        for (const other of this.clients.values()) this.expel(other, "crash");
      }
    },
    "delivers the beginning of a frame whose sender has left": class extends PlainFrameServer {
      override leave(client: Client): void {
        super.leave(client);
        const [header, source, destination] = this.header(client.unread) ?? [];
        const to = destination === undefined ? undefined : this.recipient(destination);
        const message = client.unread.slice(header?.length ?? 0);
        if (to !== undefined) this.say(to, `${source}][${destination}][${message.length}][${message}`);
      }
    },
    "tells everybody in plain text who left": class extends PlainFrameServer {
      override leave(client: Client): void {
        super.leave(client);
        for (const other of this.clients.values()) this.say(other, `${client.id} left\n`);
      }
    },
  },
};
