/**
 * What makes a server wrong: small changes at its seams, which leave all of its code as it is.
 *
 * @module
 */

import type { Link } from "../../lib/core/link.ts";
import type { DialectServer } from "../../lib/dialects/dialect.ts";
import type { Hub } from "../../lib/hub/hub.ts";
import type { Presence } from "../../lib/hub/presence.ts";

/**
 * A change to one server, at one of its seams or at several. A server has a change of its own, so that what a change
 * remembers is that server's.
 */
export interface Mutation {
  /** To what the server is told at its start. */
  readonly options?: Partial<ServerSettings>;
  /** To what goes over one connection; called for each. */
  readonly wire?: (link: Link) => Wire;
  /** To somebody who was just given a name. */
  readonly presence?: (presence: Presence) => void;
  /** To the place where all who are present meet. */
  readonly hub?: (hub: Hub) => void;
  /** To the dialect's server. */
  readonly server?: (server: DialectServer) => void;
}

/** Makes a change for a server. */
export type Changing = () => Mutation;

/** What a server is told at its start. */
export interface ServerSettings {
  /** How long a recipient may take to acknowledge, in milliseconds. */
  readonly ackTimeout: number;
  /** The largest body, in bytes. */
  readonly maxMessage: number;
}

/** A change to one connection. Texts stand for bytes, a character each (Latin-1). */
export interface Wire {
  /** Takes what the server is about to say in one write, and gives what it says instead. */
  readonly says?: (text: string) => string;
  /** Takes what arrived in one piece, and gives the pieces that the server gets instead. */
  readonly hears?: (text: string) => string | readonly string[];
  /** The server is about to close: whether it does. */
  readonly closes?: () => boolean;
}
