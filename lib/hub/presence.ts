/**
 * Somebody's hold on a name.
 *
 * @module
 */

import type { Endpoint } from "../core/link.ts";
import type { OutcomeObserver, Recipient } from "./delivery.ts";
import type { Introduction, Member } from "./member.ts";
import type { CloseReason } from "../core/close_reason.ts";
import type { NameFault } from "./names.ts";

/** Why somebody who is present has to leave. */
export type Eviction = Extract<CloseReason, "kicked" | "name-lost">;

/**
 * One of the two halves in which somebody comes, each over a connection of its own, perhaps to a node of its own: what others
 * reach them by, and what they send with.
 */
export type Half = "receiving" | "sending";

/**
 * How somebody comes: `whole`, so that they enter as soon as the name is theirs, which others may be told with it; `later`, when
 * that is for them to say; or in two halves, and this is one of them.
 */
export type Coming = "whole" | "later" | Half;

/** Who is told what becomes of a name that was claimed, where other nodes have a say in it. */
export interface Claimant {
  /**
   * The name is theirs on all nodes, or why it is not: then they have left. Called once, at once or later.
   *
   * @param isPaired whether the other half is there, on another node.
   */
  decided(fault?: NameFault, isPaired?: boolean): void;
  /** The name, which was theirs, is theirs no more: they are told why, and have to leave. */
  lost(why: Eviction): void;
  /**
   * The other half has come to another node.
   *
   * @param from its introduction.
   * @returns whether it can be theirs: then it is, from now on.
   */
  pairs?(half: Half, from: Introduction): boolean;
  /** The other half, on another node, has left: they have to leave. */
  otherHalfLeft?(): void;
}

/** What a presence asks of its hub. */
export interface PresenceHub {
  /** Asks all nodes whether a name that is free on this one is free. */
  secure(presence: Presence, claimant: Claimant, arrival: Coming): void;
  /** Makes a member reachable. */
  enter(presence: Presence): void;
  /** A member that was provisional is one like all others. */
  confirm(presence: Presence): void;
  /** A member has come into a group, or out of one. */
  move(presence: Presence): void;
  /** Frees a member's name and number. */
  release(presence: Presence): void;
  /** Sends to one name or number. */
  send(from: Presence, to: string | number, body: Uint8Array, report: OutcomeObserver): void;
  /** Sends to everyone else. */
  broadcast(from: Presence, body: Uint8Array, report: OutcomeObserver): number;
}

/**
 * Somebody's hold on a name: theirs from {@linkcode Hub.claim} to {@linkcode Presence.leave}, and the address at which
 * others reach them from {@linkcode Presence.enter} on.
 */
export class Presence implements Member {
  readonly #hub: PresenceHub;
  /** What they are addressed by. */
  readonly name: string;
  /** The name as they typed it. */
  readonly title: string;
  /** The dialect that they speak. */
  readonly dialect: string;
  /** Where they are. */
  readonly remote: Endpoint;
  /** The number that they hold; the hub sets it. */
  id: number | undefined;
  /** Whether their address may not be theirs. */
  isProvisional = false;
  /** The group that they are in; see {@linkcode Presence.move}. */
  group: string | undefined;
  /** Who takes what is sent to them, once they are reachable; the hub reads it. */
  recipient: Recipient | undefined;
  #claimant: Claimant | undefined;
  #left = false;

  /** Only a hub makes these. */
  constructor(
    hub: PresenceHub,
    name: string,
    about: Introduction,
    /** When they came, in milliseconds since 1970. */
    readonly since: number,
  ) {
    this.#hub = hub;
    this.name = name;
    this.title = about.title ?? name;
    this.dialect = about.dialect;
    this.remote = about.remote;
  }

  /**
   * Has all nodes decide on the name, before its holder is told that it has it; a hub that is alone does so at once.
   */
  secure(claimant: Claimant, arrival: Coming = "later"): void {
    this.#claimant = claimant;
    this.#hub.secure(this, claimant, arrival);
  }

  /** Whether the name was given up. */
  get hasLeft(): boolean {
    return this.#left;
  }

  /** Has its holder leave, who is told why. */
  evict(why: Eviction): void {
    if (!this.#left) this.#claimant?.lost(why);
  }

  /** Makes its holder reachable: for good, or provisionally as long as it is not known whether they are where they say. */
  enter(recipient: Recipient, isProvisional = false): void {
    if (this.#left || this.recipient !== undefined) return;
    this.recipient = recipient;
    this.isProvisional = isProvisional;
    this.#hub.enter(this);
  }

  /** Its holder, who has entered provisionally, is where they say. */
  confirm(): void {
    if (this.#left || !this.isProvisional) return;
    this.isProvisional = false;
    this.#hub.confirm(this);
  }

  /** Its holder is in this group from now on, or in none. */
  move(group: string | undefined): void {
    if (this.#left || this.group === group) return;
    this.group = group;
    this.#hub.move(this);
  }

  /** Sends to one name or number; `unknown` if nobody is there. The body is only read during this call. */
  send(to: string | number, body: Uint8Array, report: OutcomeObserver): void {
    this.#hub.send(this, to, body, report);
  }

  /**
   * Sends to everyone else who is present. It is delivered when all have it; otherwise the outcome is the first that
   * was not `delivered`, once all are known. With nobody else present it is `unknown`. Returns how many it was passed on to.
   */
  broadcast(body: Uint8Array, report: OutcomeObserver): number {
    return this.#hub.broadcast(this, body, report);
  }

  /** Gives the name up, at once and for good. */
  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#hub.release(this);
  }
}
