/**
 * A frame server that shares no code with ours: small, right, and made to be overridden, so that others can be wrong, or
 * right in another way.
 *
 * @module
 */

import type { Link, LinkHandler } from "../../../lib/core/link.ts";
import { latin1Bytes, latin1Text } from "../latin1.ts";
import type { PlainSettings } from "../mutant.ts";
import { type PutIn, puttingInto } from "../put_in.ts";

/** A frame as it was read: fields as they were spelled, a character a byte. */
export interface Frame {
  /** The first field. */
  readonly source: string;
  /** The second field. */
  readonly destination: string;
  /** The message, empty for an ACK. */
  readonly message: string;
  /** All of its bytes. */
  readonly bytes: string;
}

/** One client. */
export interface Client {
  /** Its connection. */
  readonly link: Link;
  /** Its ID. */
  readonly id: number;
  /** What has arrived and was not read. */
  unread: string;
}

/** Passes frames on, one client at a time, as the document says. */
export class PlainFrameServer {
  /** Who is connected, by ID. */
  readonly clients: Map<number, Client> = new Map();
  /** The longest message. */
  readonly limit: number = 255;

  /** Somebody connects. */
  accept(link: Link): LinkHandler {
    const id = this.assign();
    const client = { link, id: id ?? 0, unread: "" };
    if (id === undefined) {
      this.reject(link);
    } else {
      this.clients.set(id, client);
      this.greet(client);
    }
    const leave = () => {
      if (this.clients.get(client.id) === client) this.leave(client);
    };
    return {
      receive: (bytes) => this.clients.get(client.id) === client && this.receive(client, latin1Text(bytes)),
      ended: () => {
        leave();
        link.end("left");
      },
      closed: () => leave(),
    };
  }

  /** The ID of the next client, if there is one. */
  assign(): number | undefined {
    for (let id = 2; id <= 255; id++) if (!this.clients.has(id)) return id;
    return undefined;
  }

  /** What a client that gets no ID is told. */
  reject(link: Link): void {
    link.end("refused");
  }

  /** What a client is told first. */
  greet(client: Client): void {
    this.say(client, String(client.id));
  }

  /** A client has left. */
  leave(client: Client): void {
    this.clients.delete(client.id);
  }

  /** Bytes have come. */
  receive(client: Client, text: string): void {
    client.unread += text;
    while (this.clients.get(client.id) === client) {
      const frame = this.read(client);
      if (frame === undefined) return;
      this.handle(client, frame);
    }
  }

  /** The next frame, if it is there. */
  read(client: Client): Frame | undefined {
    const [header, source, destination, third] = this.header(client.unread) ?? [];
    if (header === undefined || source === undefined || destination === undefined) return undefined;
    if (third === "ACK") return this.take(client, { source, destination, message: "", bytes: header });
    const size = this.size(client, third!);
    if (size === undefined || client.unread.length < header.length + size) return undefined;
    const message = client.unread.slice(header.length, header.length + size);
    return this.take(client, { source, destination, message, bytes: header + message });
  }

  /** All of a header, and its three fields. */
  header(unread: string): readonly string[] | undefined {
    return /^([^]*?)\]\[([^]*?)\]\[(?:(ACK)|([^]*?)\]\[)/.exec(unread)?.filter((field) => field !== undefined);
  }

  /** How long a message is; a client that does not say it is closed. */
  size(client: Client, field: string): number | undefined {
    if (/^[0-9]+$/.test(field)) return Number(field);
    this.expel(client, "that is no size");
    return undefined;
  }

  /** A frame was read. */
  take(client: Client, frame: Frame): Frame {
    client.unread = client.unread.slice(frame.bytes.length);
    return frame;
  }

  /** Passes a frame on, or says why not. */
  handle(client: Client, frame: Frame): void {
    if (frame.message === "") return this.acknowledge(client, frame);
    const refusal = this.refuse(client, frame);
    if (refusal !== undefined) return this.tell(client, refusal);
    const to = this.clients.has(client.id) ? this.recipient(frame.destination) : undefined;
    if (to === undefined) this.tell(client, "nobody has that ID");
    else this.forward(to, frame);
  }

  /** An ACK frame, or an empty message. */
  acknowledge(_client: Client, _frame: Frame): void {}

  /** Why a frame is not passed on. */
  refuse(client: Client, frame: Frame): string | undefined {
    if (frame.source !== String(client.id)) return "that is not your ID";
    if (frame.destination === String(client.id)) return "that is your own ID";
    return this.lengthOf(frame.message) > this.limit ? "that is too long" : undefined;
  }

  /** What counts against the limit. */
  lengthOf(message: string): number {
    return message.length;
  }

  /** Whom a destination names. */
  recipient(destination: string): Client | undefined {
    return /^[1-9][0-9]*$/.test(destination) ? this.clients.get(Number(destination)) : undefined;
  }

  /** Passes a frame on. */
  forward(to: Client, frame: Frame): void {
    this.say(to, frame.bytes);
  }

  /** Tells a client something. */
  tell(client: Client, reason: string): void {
    this.say(client, `1][${client.id}][${reason.length}][${reason}`);
  }

  /** Closes a client's connection, and says why. */
  expel(client: Client, reason: string): void {
    this.tell(client, reason);
    this.clients.delete(client.id);
    client.link.end("malformed");
  }

  /** Writes to a client. */
  say(client: Client, text: string): void {
    client.link.write(latin1Bytes(text));
  }
}

/** Makes such servers with other functions in the place of some methods. */
export const frame: PutIn<[PlainSettings], PlainFrameServer> = puttingInto(PlainFrameServer);
