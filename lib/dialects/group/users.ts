/**
 * The group clients that are registered, by name and by where they listen.
 *
 * @module
 */

import { endpointKey, isLoopback } from "../../chat/datagrams.ts";
import type { Endpoint } from "../../chat/link.ts";
import type { GroupUser } from "./user.ts";

/** How many clients there may be. */
const MAX_USERS = 512;
/** How many of them may be at one address, other than this machine's own. */
const MAX_AT_ADDRESS = 64;

/** Everybody who is registered. */
export class Users {
  readonly #byName = new Map<string, GroupUser>();
  readonly #byEndpoint = new Map<string, GroupUser>();

  /** All of them, by name, in the order in which they came. */
  get byName(): ReadonlyMap<string, GroupUser> {
    return this.#byName;
  }

  /** Who listens there. */
  at(endpoint: Endpoint): GroupUser | undefined {
    return this.#byEndpoint.get(endpointKey(endpoint));
  }

  /** Whether one more may come from an address. */
  hasRoomFor(hostname: string): boolean {
    return this.#byName.size < MAX_USERS && (isLoopback(hostname) || this.#atAddress(hostname).length < MAX_AT_ADDRESS);
  }

  /** Adds somebody. */
  add(user: GroupUser): void {
    this.#byName.set(user.name, user);
    this.#byEndpoint.set(endpointKey(user.endpoint), user);
  }

  /** Removes somebody. */
  remove(user: GroupUser): void {
    this.#byName.delete(user.name);
    this.#byEndpoint.delete(endpointKey(user.endpoint));
  }

  /**
   * Whom somebody at `hostname` means by a port alone, as `dereg` names its client: who listens on it at the same address,
   * or else, if the asker's address is a client's, the only one who does elsewhere.
   */
  meantBy(hostname: string, port: number): GroupUser | undefined {
    const near = this.at({ hostname, port });
    if (near !== undefined || this.#atAddress(hostname).length === 0) return near;
    const [one, another] = [...this.#byName.values()].filter(({ endpoint }) => endpoint.port === port);
    return another === undefined ? one : undefined;
  }

  #atAddress(hostname: string): GroupUser[] {
    return [...this.#byName.values()].filter(({ endpoint }) => endpoint.hostname === hostname);
  }
}
