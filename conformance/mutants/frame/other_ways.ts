/**
 * Frame servers that keep every clause, each in a way of its own: none of them may fail anything.
 *
 * @module
 */

import { type Client, type Frame, PlainFrameServer } from "./server.ts";

/** Makes a server. */
export type FrameServerClass = new () => PlainFrameServer;

/** All of them, by what they do. */
export const OTHER_WAYS: Readonly<Record<string, FrameServerClass>> = {
  "does what the document says": PlainFrameServer,

  "gives out the highest ID first": class extends PlainFrameServer {
    override assign(): number | undefined {
      for (let id = 255; id >= 2; id--) if (!this.clients.has(id)) return id;
      return undefined;
    }
  },

  "does not say why a frame was not delivered": class extends PlainFrameServer {
    override tell(): void {}

    override expel(client: Client, reason: string): void {
      super.tell(client, reason);
      super.expel(client, reason);
    }
  },

  "sends its ID and a greeting byte by byte": class extends PlainFrameServer {
    override greet(client: Client): void {
      const bytes = [...`${client.id}1][${client.id}][7][welcome`];
      const next = () => {
        const byte = bytes.shift();
        if (byte === undefined) return;
        this.say(client, byte);
        client.link.flushed(next);
      };
      next();
    }
  },

  "chatters as ID 1": class extends PlainFrameServer {
    get #some(): Client[] {
      return [...this.clients.values()].slice(-10);
    }

    override greet(client: Client): void {
      super.greet(client);
      for (const other of this.#some) this.tell(other, `${client.id} has come`);
    }

    override forward(to: Client, frame: Frame): void {
      this.tell(to, `${frame.source} says:`);
      super.forward(to, frame);
      this.tell(to, "that was all");
    }

    override leave(client: Client): void {
      super.leave(client);
      for (const other of this.#some) this.tell(other, "somebody][has\nleft");
    }
  },

  "acknowledges everything as ID 1": class extends PlainFrameServer {
    override handle(client: Client, frame: Frame): void {
      super.handle(client, frame);
      this.say(client, `1][${client.id}][ACK`);
    }
  },

  "closes on what can never be delivered": class extends PlainFrameServer {
    override refuse(client: Client, frame: Frame): string | undefined {
      const refusal = super.refuse(client, frame);
      const isAddressed = /^[1-9][0-9]*$/.test(frame.destination) && Number(frame.destination) <= 255;
      if (refusal === "that is your own ID" || (refusal === undefined && isAddressed)) return refusal;
      this.expel(client, "that cannot be delivered");
      return undefined;
    }
  },

  "reads numbers as Python does": class extends PlainFrameServer {
    override recipient(destination: string): Client | undefined {
      return super.recipient(destination.trim().replace(/^\+?0*/, ""));
    }
  },
};
