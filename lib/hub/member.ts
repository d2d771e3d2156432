/**
 * Who is present, as everybody else may see them.
 *
 * @module
 */

import type { Endpoint } from "../core/link.ts";

/** What a dialect tells the hub of somebody who comes. */
export interface Introduction {
  /** The dialect that they speak. */
  readonly dialect: string;
  /** Where they are. */
  readonly remote: Endpoint;
  /** The name as they typed it, where it is not the one that they are addressed by (room). */
  readonly title?: string;
}

/** Somebody who holds a name. */
export interface Member {
  /** The name that addresses them in every dialect. */
  readonly name: string;
  /** The name as they typed it; mostly the same. May hold any characters. */
  readonly title: string;
  /** The dialect that they speak. */
  readonly dialect: string;
  /** Where they are. */
  readonly remote: Endpoint;
  /** When they came, in milliseconds since 1970. */
  readonly since: number;
  /** The number that addresses them in dialects without names, if one was free when they became more than provisional. */
  readonly id: number | undefined;
  /** The group that they are in, where their dialect has groups. */
  readonly group?: string | undefined;
  /** Whether it is not known yet that they are where they say (PROTOCOLS.md, group): they hold no number. */
  readonly isProvisional: boolean;
}

/** Who is told of all who come and go. */
export interface Watcher {
  /** Somebody has become reachable. */
  entered(member: Member): void;
  /** Somebody who has become reachable provisionally is known to be where they say. */
  confirmed?(member: Member): void;
  /** Somebody on another node has come into a group, or out of one. */
  moved?(member: Member): void;
  /** Somebody who was reachable has left. */
  left(member: Member): void;
}
