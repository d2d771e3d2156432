/**
 * Networks, as people write them.
 *
 * @module
 */

import { BlockList, isIP, isIPv6 } from "node:net";
import { ChatError } from "../../core/error.ts";
import { listedNetworks } from "./network_file.ts";

/** How many networks a {@linkcode NetworkSet} may have. */
const MAX_NETWORKS = 10_000;

/** A network: all addresses that begin with so many bits of this one. */
interface AddressBlock {
  readonly address: string;
  readonly bits: number;
}

/** Networks that come and go while the server runs. */
export class NetworkSet {
  readonly #networks = new Map<string, AddressBlock>();
  /** Nothing, where there are none: each datagram is held against it. */
  #blocks: BlockList | undefined;

  /** Whether an address is in one of them. */
  has(address: string): boolean {
    return this.#blocks?.check(address, addressFamily(address)) ?? false;
  }

  /**
   * Adds an address or a network.
   *
   * @throws {ChatError} `bad-network` for what is none, or where there are too many.
   */
  add(network: string): void {
    const block = parseNetwork(network);
    if (this.#networks.size >= MAX_NETWORKS) {
      const advice = "write them into a file, and name that with @FILE";
      throw new ChatError("bad-network", `there are ${MAX_NETWORKS} networks already: ${advice}`);
    }
    this.#networks.set(keyOf(block), block);
    this.#blocks ??= new BlockList();
    addTo(this.#blocks, block);
  }

  /** Removes one that was added, however it is spelled. */
  remove(network: string): void {
    if (!this.#networks.delete(keyOf(parseNetwork(network)))) return;
    this.#blocks = this.#networks.size === 0 ? undefined : blocksOf(this.#networks.values());
  }
}

/**
 * The networks of some values of an option, those in files among them.
 *
 * @throws {ChatError} `bad-network` for what is none, or for a file that cannot be read.
 */
export function networks(list: readonly string[]): BlockList {
  return blocksOf(list.flatMap(listedNetworks).map(({ network, place }) => parseNetwork(network, place)));
}

/** Of which kind an address is. */
export function addressFamily(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function blocksOf(list: Iterable<AddressBlock>): BlockList {
  const blocks = new BlockList();
  for (const block of list) addTo(blocks, block);
  return blocks;
}

function addTo(blocks: BlockList, { address, bits }: AddressBlock): void {
  blocks.addSubnet(address, bits, addressFamily(address));
}

function parseNetwork(network: string, place = ""): AddressBlock {
  const [address = "", length] = network.split("/");
  if (address.includes("%")) {
    const advice = "addresses are compared without a zone: leave out what stands behind the %";
    throw new ChatError("bad-network", `${place}${JSON.stringify(network)} is no network: ${advice}`);
  }
  const most = isIP(address) === 6 ? 128 : 32;
  const bits = length === undefined ? most : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (isIP(address) !== 0 && bits >= 0 && bits <= most) return { address, bits };
  throw new ChatError("bad-network", `${place}${JSON.stringify(network)} is no network: write ADDRESS or ADDRESS/BITS`);
}

/** One of the spellings that an address has. */
function keyOf({ address, bits }: AddressBlock): string {
  const { hostname } = new URL(isIPv6(address) ? `http://[${address}]` : `http://${address}`);
  return `${hostname}/${bits}`;
}
