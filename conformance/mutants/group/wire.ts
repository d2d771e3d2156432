/**
 * What goes over a group server's port, changed on its way.
 *
 * @module
 */

import type { DatagramHandler, DatagramPort } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { CloseReason } from "../../../lib/core/close_reason.ts";

/** A datagram as text, a character a byte (Latin-1), and whom it goes to or comes from. */
export interface Note {
  /** What it holds. */
  readonly text: string;
  /** Its other end. */
  readonly at: Endpoint;
}

/** A change to what one server says and hears. */
export interface GroupWire {
  /** Takes what the server says, and gives what is sent instead. */
  readonly says?: (note: Note) => readonly Note[];
  /** Takes what arrived, and gives what the server hears instead. */
  readonly hears?: (note: Note) => readonly Note[];
  /** The server is about to stop. */
  readonly stops?: () => void;
}

/** What a change may do besides. */
export interface Server {
  /** Has the server hear something that nobody sent. */
  hear(note: Note): void;
  /** Sends something that the server did not say. */
  say(note: Note): void;
}

/** Makes a change for a server, which remembers nothing of other servers. */
export type GroupChange = (server: Server) => GroupWire;

/** What decoders call Latin-1 is another encoding. */
function textOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A port whose datagrams are changed in both directions. */
export class AlteredPort implements DatagramPort, Server {
  readonly #port: DatagramPort;
  readonly #wire: GroupWire;
  #handler: DatagramHandler | undefined;

  /** Takes the port that carries them, and the change. */
  constructor(port: DatagramPort, change: GroupChange) {
    this.#port = port;
    this.#wire = change(this);
  }

  /** See {@linkcode DatagramPort.local}. */
  get local(): Endpoint {
    return this.#port.local;
  }

  /** See {@linkcode DatagramPort.addressFor}. */
  addressFor(peer: Endpoint): Endpoint {
    return this.#port.addressFor(peer);
  }

  /** See {@linkcode DatagramPort.start}. */
  start(handler: DatagramHandler): void {
    this.#handler = handler;
    this.#port.start({
      receive: (bytes, from) => {
        const note = { text: textOf(bytes), at: from };
        for (const heard of this.#wire.hears?.(note) ?? [note]) this.hear(heard);
      },
      closed: (reason) => handler.closed(reason),
    });
  }

  /** See {@linkcode DatagramPort.send}. */
  send(bytes: Uint8Array, to: Endpoint): void {
    const note = { text: textOf(bytes), at: to };
    for (const said of this.#wire.says?.(note) ?? [note]) this.say(said);
  }

  /** See {@linkcode DatagramPort.close}. */
  close(reason: CloseReason): void {
    this.#wire.stops?.();
    this.#port.close(reason);
  }

  /** See {@linkcode Server.hear}. */
  hear({ text, at }: Note): void {
    this.#handler?.receive(bytesOf(text), at);
  }

  /** See {@linkcode Server.say}. */
  say({ text, at }: Note): void {
    this.#port.send(bytesOf(text), at);
  }
}
