/**
 * Which addresses may connect, and how many connections there may be.
 *
 * @module
 */

import { type BlockList, isIPv6 } from "node:net";
import type { CloseReason } from "../../core/close_reason.ts";
import { addressFamily, networks, NetworkSet } from "./networks.ts";
import type { MakeRoom } from "../../dialects/dialect.ts";

/** The limits of admission. */
export interface AdmissionOptions {
  /** How many connections there may be in all. */
  readonly maxConnections: number;
  /** How many connections there may be from one address, or from one IPv6 network of 64 bits. */
  readonly maxPerAddress: number;
  /** How many connections one address may make in a second, on average and at once. */
  readonly connectRate: number;
  /** Whether the limits for each address hold for this machine's own addresses too. */
  readonly limitLoopback: boolean;
  /** Networks that may connect, as `ADDRESS/BITS` or `@FILE`; all if none is given. */
  readonly allow: readonly string[];
  /** Networks that may not. */
  readonly deny: readonly string[];
}

/** Announcing a peer to so many others costs as much as a connection. */
const ANNOUNCED_A_CONNECTION = 200;

/** How long it takes until nothing that an address did can still be seen in its allowance, in milliseconds. */
const REFILLED_AFTER = 2_000;

/** What is known of one address. */
interface Peer {
  connections: number;
  /** How many connections it may still make; refilled as time passes. */
  allowance: number;
  /** When the allowance was refilled, in milliseconds. */
  refilled: number;
}

/** Why a peer is not admitted. */
export type Inadmissible = Extract<CloseReason, "denied" | "full" | "too-many" | "too-fast">;

/** Counts connections, and decides which are admitted. */
export class Admission {
  #options: AdmissionOptions;
  #allowed: BlockList | undefined;
  #denied: BlockList | undefined;
  /** What operators have allowed and denied since the start. */
  readonly #alsoAllowed = new NetworkSet();
  readonly #alsoDenied = new NetworkSet();
  readonly #peers = new Map<string, Peer>();
  #makeRoom: MakeRoom = () => false;
  #connections = 0;
  #sweptAt = 0;

  /**
   * Starts without connections.
   *
   * @throws {ChatError} `bad-network` for an `allow` or `deny` that is no network, or no file of networks.
   */
  constructor(options: AdmissionOptions) {
    this.#options = options;
    this.readNetworks();
  }

  /**
   * Reads the files of networks again. They hold for connections from now on.
   *
   * @throws {ChatError} `bad-network`; all stays as it was.
   */
  readNetworks(): void {
    const { allow, deny } = this.#options;
    const [allowed, denied] = [allow, deny].map((list) => list.length === 0 ? undefined : networks(list));
    this.#allowed = allowed;
    this.#denied = denied;
  }

  /**
   * Denies an address or a network from now on, whatever else is allowed, until it is allowed again.
   *
   * @throws {ChatError} `bad-network` for what is none, or where there are too many; all stays as it was.
   */
  deny(network: string): void {
    this.#alsoDenied.add(network);
    this.#alsoAllowed.remove(network);
  }

  /**
   * Takes back that a network was denied, and allows it where not all are allowed. What was denied at the start stays denied, and so do
   * other networks, with what they share.
   *
   * @throws {ChatError} as {@linkcode Admission.deny}.
   */
  allow(network: string): void {
    this.#alsoAllowed.add(network);
    this.#alsoDenied.remove(network);
  }

  /**
   * Takes other limits, for connections from now on.
   *
   * @throws {ChatError} `bad-network`; all stays as it was.
   */
  adopt(options: AdmissionOptions): void {
    const before = this.#options;
    this.#options = options;
    try {
      this.readNetworks();
    } catch (error) {
      this.#options = before;
      throw error;
    }
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#connections;
  }

  /** Sets what can make room for a new connection when there is none. */
  yields(makeRoom: MakeRoom): void {
    this.#makeRoom = makeRoom;
  }

  /** Whether an address is of a network that may connect at all. */
  permits(address: string): boolean {
    const family = addressFamily(address);
    if (this.#denied?.check(address, family) || this.#alsoDenied.has(address)) return false;
    return this.#allowed?.check(address, family) !== false || this.#alsoAllowed.has(address);
  }

  /** Admits a connection of an address, at a time in milliseconds, until {@linkcode Admission.leave}; or returns why not. */
  enter(address: string, now: number): Inadmissible | undefined {
    const { maxConnections, maxPerAddress, connectRate, limitLoopback } = this.#options;
    if (!this.permits(address)) return "denied";
    if (this.#connections >= maxConnections && !this.#makeRoom(() => true)) return "full";
    if (limitLoopback || !isLoopback(address)) {
      this.#sweep(now);
      const network = networkOf(address);
      const peer = this.#peer(network, now);
      const isSame = (other: string) => networkOf(other) === network;
      if (peer.connections >= maxPerAddress && !this.#makeRoom(isSame)) return "too-many";
      if (peer.allowance < 1) return "too-fast";
      peer.allowance = Math.min(peer.allowance, connectRate) - 1;
      peer.connections++;
    }
    this.#connections++;
    return undefined;
  }

  /** A peer of an address was announced to so many others, as it came or left: that is charged like some more connections. */
  announced(address: string, recipients: number, now: number): void {
    const { connectRate, limitLoopback } = this.#options;
    if (!limitLoopback && isLoopback(address)) return;
    const peer = this.#peer(networkOf(address), now);
    peer.allowance = Math.max(-connectRate, peer.allowance - recipients / ANNOUNCED_A_CONNECTION);
  }

  /** A connection that was admitted is closed. */
  leave(address: string): void {
    this.#connections--;
    const peer = this.#peers.get(networkOf(address));
    if (peer !== undefined && peer.connections > 0) peer.connections--;
  }

  #peer(network: string, now: number): Peer {
    const { connectRate } = this.#options;
    let peer = this.#peers.get(network);
    if (peer === undefined) {
      peer = { connections: 0, allowance: connectRate, refilled: now };
      this.#peers.set(network, peer);
    }
    peer.allowance = Math.min(connectRate, peer.allowance + (now - peer.refilled) / 1000 * connectRate);
    peer.refilled = now;
    return peer;
  }

  /** Forgets addresses that have left a while ago, so that a scan from many of them does not fill the memory. */
  #sweep(now: number): void {
    if (now - this.#sweptAt < 1_000) return;
    this.#sweptAt = now;
    for (const [network, peer] of this.#peers) {
      if (peer.connections === 0 && now - peer.refilled >= REFILLED_AFTER) this.#peers.delete(network);
    }
  }
}

const LOOPBACK = networks(["127.0.0.0/8", "::1/128"]);

/** Whether an address is this machine itself. Nearly always that can be seen. */
function isLoopback(address: string): boolean {
  return address.startsWith("127.") || LOOPBACK.check(address, addressFamily(address));
}

/** A test whether an address is on one of this machine's own networks, given as `ADDRESS/BITS`, or the machine itself. */
export function nearby(own: readonly string[]): (address: string) => boolean {
  const near = networks(["127.0.0.0/8", "::1/128", ...own.map((network) => network.replace(/%[^/]*/, ""))]);
  return (address) => near.check(address, addressFamily(address));
}

/** What counts as one peer: an IPv4 address, or the first 64 bits of an IPv6 address, which one host usually has to itself. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped !== null) return mapped[1]!;
  const [head = "", tail] = address.split("%")[0]!.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? [] : new Array<string>(8 - front.length - back.length).fill("0");
  return [...front, ...zeros, ...back].slice(0, 4).map((group) => parseInt(group, 16).toString(16)).join(":");
}
