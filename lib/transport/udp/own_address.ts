/**
 * Under which of this machine's addresses a peer reaches it.
 *
 * @module
 */

import { isLoopback } from "../../core/datagrams.ts";

/** One address of this machine, as `Deno.networkInterfaces` lists them. */
export interface InterfaceAddress {
  /** `IPv4` or `IPv6`. */
  readonly family: "IPv4" | "IPv6";
  /** The address. */
  readonly address: string;
  /** The address and its prefix length, `192.0.2.7/24`. */
  readonly cidr: string;
}

/** The networks that this machine is on, as `ADDRESS/BITS`; none where the program may not ask for them. */
export function ownNetworks(): string[] {
  try {
    return Deno.networkInterfaces().map(({ cidr }) => cidr);
  } catch (error) {
    // A permission that a program made of parts of this one may lack: then all but loopback is far away.
    if (error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}

/**
 * A word that this machine, or the part of it that has a network of its own, has, and hardly any other: its interfaces and their
 * addresses. `undefined` where the program may not ask for them.
 */
export async function machineWord(): Promise<string | undefined> {
  let interfaces: readonly Deno.NetworkInterfaceInfo[];
  try {
    interfaces = Deno.networkInterfaces();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
  const text = interfaces.map(({ name, mac, address }) => `${name} ${mac} ${address}`).sort().join("\n");
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...hash.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether an address stands for every interface of the machine. */
export function isWildcard(hostname: string): boolean {
  return hostname === "0.0.0.0" || hostname === "::";
}

/**
 * The address that a peer can reach: on the peer's own network if there is one, else the first that leads out of this
 * machine; `undefined` if there is none of the peer's family.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const own = [
 *   { family: "IPv4", address: "127.0.0.1", cidr: "127.0.0.1/8" },
 *   { family: "IPv4", address: "192.0.2.7", cidr: "192.0.2.7/24" },
 *   { family: "IPv4", address: "198.51.100.7", cidr: "198.51.100.7/24" },
 * ] as const;
 * assertEquals(ownAddressFor("127.0.0.1", own), "127.0.0.1");
 * assertEquals(ownAddressFor("198.51.100.9", own), "198.51.100.7");
 * assertEquals(ownAddressFor("203.0.113.9", own), "192.0.2.7");
 * ```
 */
export function ownAddressFor(peer: string, own: readonly InterfaceAddress[]): string | undefined {
  const family = peer.includes(":") ? "IPv6" : "IPv4";
  const candidates = own.filter((one) => one.family === family);
  const loopback = candidates.find((one) => isLoopback(one.address));
  if (isLoopback(peer)) return loopback?.address;
  const outward = candidates.filter((one) => !isLoopback(one.address) && !isLinkLocal(one.address));
  return (outward.find((one) => isWithin(peer, one.cidr)) ?? outward[0] ?? loopback)?.address;
}

function isLinkLocal(address: string): boolean {
  return /^(?:169\.254\.|fe[89ab])/i.test(address);
}

/** Whether an address is on the network that `cidr` is on. */
function isWithin(address: string, cidr: string): boolean {
  const [network = "", length = ""] = cidr.split("/");
  const shared = Number(length);
  return bitsOf(address).slice(0, shared) === bitsOf(network).slice(0, shared);
}

/** An address as a text of zeros and ones. */
function bitsOf(address: string): string {
  if (!address.includes(":")) return address.split(".").map((part) => bits(Number(part), 8)).join("");
  const [head = "", tail] = address.split("::").map((half) => half === "" ? [] : half.split(":"));
  const missing = tail === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...new Array<string>(missing).fill("0"), ...(tail ?? [])]
    .map((part) => bits(Number.parseInt(part, 16), 16)).join("");
}

function bits(value: number, width: number): string {
  return value.toString(2).padStart(width, "0");
}
