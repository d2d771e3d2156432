/**
 * The group clients that are registered, by name and by where they listen.
 *
 * @module
 */

import { endpointKey } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import type { GroupUser } from "./user.ts";

/** How many clients there may be, whatever the server's limits: all are sent the table whenever it changes. */
const MAX_USERS = 512;

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

  /** Whether no more can come. */
  get isFull(): boolean {
    return this.#byName.size >= MAX_USERS;
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
    const users = [...this.#byName.values()];
    if (near !== undefined || !users.some(({ endpoint }) => endpoint.hostname === hostname)) return near;
    const [one, another] = users.filter(({ endpoint }) => endpoint.port === port);
    return another === undefined ? one : undefined;
  }
}
