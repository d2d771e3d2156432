/**
 * Frame servers that do wrong by their frames: by their limits, or by where one ends and the next begins.
 *
 * @module
 */

import type { FrameServerClass } from "./other_ways.ts";
import { type Client, type Frame, PlainFrameServer } from "./server.ts";

/** By clause, what a server does wrong, and the server. */
export const WRONG_WITH_FRAMES: Readonly<Record<string, Readonly<Record<string, FrameServerClass>>>> = {
  "frame/forward": {
    "passes a frame on to everybody": class extends PlainFrameServer {
      override forward(_to: Client, frame: Frame): void {
        for (const client of this.clients.values()) super.forward(client, frame);
      }
    },
    "passes a frame on to its sender as well": class extends PlainFrameServer {
      override forward(to: Client, frame: Frame): void {
        super.forward(to, frame);
        super.forward(this.clients.get(Number(frame.source))!, frame);
      }
    },
    "writes source and destination the other way round": class extends PlainFrameServer {
      override forward(to: Client, { source, destination, message }: Frame): void {
        this.say(to, `${destination}][${source}][${message.length}][${message}`);
      }
    },
    "strips blanks from a message": class extends PlainFrameServer {
      override forward(to: Client, { source, destination, message }: Frame): void {
        this.say(to, `${source}][${destination}][${message.trim().length}][${message.trim()}`);
      }
    },
    "takes a message for text": class extends PlainFrameServer {
      override forward(to: Client, frame: Frame): void {
        const bytes = Uint8Array.from(frame.bytes, (character) => character.charCodeAt(0));
        to.link.write(new TextEncoder().encode(new TextDecoder().decode(bytes)));
      }
    },
    "takes a size for a number of characters": class extends PlainFrameServer {
      override size(client: Client, field: string): number | undefined {
        const size = super.size(client, field);
        const [header] = this.header(client.unread) ?? [];
        if (size === undefined || header === undefined) return undefined;
        const bytes = Uint8Array.from(client.unread.slice(header.length), (character) => character.charCodeAt(0));
        const characters = [...new TextDecoder().decode(bytes)];
        if (characters.length < size) return undefined;
        return new TextEncoder().encode(characters.slice(0, size).join("")).length;
      }
    },
    "ends a message at a zero byte": class extends PlainFrameServer {
      override forward = (to: Client, frame: Frame) => this.say(to, frame.bytes.replace(/\0[^]*/, ""));
    },
    "loses every third frame to a client": class extends PlainFrameServer {
      readonly #counts = new Map<Client, number>();

      override forward(to: Client, frame: Frame): void {
        const count = (this.#counts.get(to) ?? 0) + 1;
        this.#counts.set(to, count);
        if (count % 3 !== 0) super.forward(to, frame);
      }
    },
  },

  "frame/forward-255": {
    "takes 254 bytes for the limit": class extends PlainFrameServer {
      override refuse(client: Client, frame: Frame): string | undefined {
        return super.refuse(client, frame) ?? (frame.message.length > 254 ? "that is too long" : undefined);
      }
    },
    "takes sizes of two digits": class extends PlainFrameServer {
      override size = (client: Client, field: string) => super.size(client, field.slice(0, 2));
    },
  },

  "frame/limit-256": {
    "knows no limit": class extends PlainFrameServer {
      override readonly limit: number = Infinity;
    },
    "takes 256 bytes for the limit": class extends PlainFrameServer {
      override readonly limit: number = 256;
    },
    "cuts a message that is too long": class extends PlainFrameServer {
      override readonly limit: number = Infinity;

      override forward(to: Client, { source, destination, message }: Frame): void {
        const cut = message.slice(0, 255);
        this.say(to, `${source}][${destination}][${cut.length}][${cut}`);
      }
    },
    "does not skip a message that is too long": class extends PlainFrameServer {
      override take(client: Client, frame: Frame): Frame {
        super.take(client, frame);
        if (frame.message.length > 255) client.unread = frame.message + client.unread;
        return frame;
      }
    },
  },

  "frame/limit-bytes": {
    "counts each byte that is not ASCII twice": class extends PlainFrameServer {
      override lengthOf = (message: string) => new TextEncoder().encode(message).length;
    },
    "counts characters instead of bytes for the limit": class extends PlainFrameServer {
      override lengthOf(message: string): number {
        const bytes = Uint8Array.from(message, (character) => character.charCodeAt(0));
        return [...new TextDecoder().decode(bytes)].length;
      }
    },
  },

  "frame/ack-consumed": {
    "passes ACK frames on": class extends PlainFrameServer {
      override acknowledge(client: Client, frame: Frame): void {
        const to = this.recipient(frame.destination);
        if (frame.bytes.endsWith("ACK") && to !== undefined && to !== client) this.forward(to, frame);
      }
    },
    "returns an ACK frame to its sender": class extends PlainFrameServer {
      override acknowledge(client: Client, frame: Frame): void {
        if (frame.bytes.endsWith("ACK")) this.forward(client, frame);
      }
    },
    "expects a delimiter behind ACK": class extends PlainFrameServer {
      override take(client: Client, frame: Frame): Frame {
        super.take(client, frame);
        if (frame.bytes.endsWith("][ACK")) client.unread = client.unread.slice(2);
        return frame;
      }
    },
    "closes a client that acknowledges": class extends PlainFrameServer {
      override acknowledge(client: Client, frame: Frame): void {
        if (frame.bytes.endsWith("ACK")) this.expel(client, "ACK?");
      }
    },
  },

  "frame/empty-message": {
    "passes empty messages on": class extends PlainFrameServer {
      override acknowledge(client: Client, frame: Frame): void {
        const to = this.recipient(frame.destination);
        if (!frame.bytes.endsWith("ACK") && to !== undefined && to !== client) this.forward(to, frame);
      }
    },
    "takes a size of 0 for none": class extends PlainFrameServer {
      override size = (client: Client, field: string) => super.size(client, field === "0" ? "none" : field);
    },
  },

  "frame/body-delimiter": {
    "ends a message at a delimiter": class extends PlainFrameServer {
      override take(client: Client, frame: Frame): Frame {
        const message = frame.message.split("][")[0]!;
        const bytes = frame.bytes.replace(frame.message, () => message);
        return super.take(client, { ...frame, message, bytes });
      }
    },
    "ends a message at a line break": class extends PlainFrameServer {
      override forward = (to: Client, frame: Frame) => this.say(to, frame.bytes.replace(/\n[^]*/, ""));
    },
    "takes a message that is ACK for an ACK frame": class extends PlainFrameServer {
      override handle(client: Client, frame: Frame): void {
        if (!frame.message.endsWith("ACK")) super.handle(client, frame);
      }
    },
  },

  "frame/size-mismatch": {
    "takes what is no size for 0": class extends PlainFrameServer {
      override size = (_client: Client, field: string) => Number(/^[0-9]+$/.exec(field)?.[0] ?? 0);
    },
    "reads a size as far as it goes": class extends PlainFrameServer {
      override size = (client: Client, field: string) => super.size(client, String(parseInt(field)));
    },
    "waits for ever behind what is no size": class extends PlainFrameServer {
      override size = (_client: Client, field: string) => /^[0-9]+$/.test(field) ? Number(field) : undefined;
    },
    "closes without a word on what is no size": class extends PlainFrameServer {
      override expel(client: Client): void {
        this.clients.delete(client.id);
        client.link.end("malformed");
      }
    },
    "closes everybody on what is no size": class extends PlainFrameServer {
      override expel(): void {
        for (const client of this.clients.values()) super.expel(client, "crash");
      }
    },
  },

  "frame/stream-split": {
    "takes each piece for a frame": class extends PlainFrameServer {
      override receive(client: Client, text: string): void {
        super.receive(client, text);
        client.unread = "";
      }
    },
    "waits for a whole header in one piece": class extends PlainFrameServer {
      override receive(client: Client, text: string): void {
        super.receive(client, text);
        if (this.header(client.unread) === undefined) client.unread = "";
      }
    },
    "begins a frame at each piece that looks like one": class extends PlainFrameServer {
      override receive(client: Client, text: string): void {
        if (/^[0-9]*\]/.test(text)) client.unread = "";
        super.receive(client, text);
      }
    },
    "takes pieces of characters for characters": class extends PlainFrameServer {
      override receive(client: Client, text: string): void {
        super.receive(client, /[\x80-\xbf]/.test(text[0] ?? "") ? `?${text.slice(1)}` : text);
      }
    },
  },

  "frame/stream-joined": {
    "reads one frame a piece": class extends PlainFrameServer {
      override receive(client: Client, text: string): void {
        client.unread += text;
        const frame = this.read(client);
        if (frame !== undefined) this.handle(client, frame);
        client.unread = frame === undefined ? client.unread : "";
      }
    },
    "handles what came in one piece from the end": class extends PlainFrameServer {
      override receive(client: Client, text: string): void {
        client.unread += text;
        const frames: Frame[] = [];
        for (let frame = this.read(client); frame !== undefined; frame = this.read(client)) frames.push(frame);
        for (const frame of frames.reverse()) this.handle(client, frame);
      }
    },
    "reads at most 4096 bytes of a piece": class extends PlainFrameServer {
      override receive = (client: Client, text: string) => super.receive(client, text.slice(0, 4096));
    },
  },
};
