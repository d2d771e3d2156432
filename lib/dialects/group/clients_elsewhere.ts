/**
 * The group clients of other nodes, whose datagrams may come to this one: a port that several share, or a client that sends from
 * another port than it listens on.
 *
 * @module
 */

import { endpointKey } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Member, Watcher } from "../../hub/member.ts";
import type { Users } from "./users.ts";

/** Knows where they listen, and passes on what is theirs. */
export class ClientsElsewhere implements Watcher {
  readonly #hub: Hub;
  readonly #users: Pick<Users, "byName">;
  readonly #members = new Map<string, Member>();
  readonly #unwatch: () => void;

  /** Watches the hub until {@linkcode ClientsElsewhere.stop}. */
  constructor(hub: Hub, users: Pick<Users, "byName">) {
    this.#hub = hub;
    this.#users = users;
    this.#unwatch = hub.watch(this);
  }

  /** See {@linkcode Watcher.entered}. */
  entered(member: Member): void {
    const isHere = this.#users.byName.get(member.name)?.presence === member;
    if (member.dialect === "group" && !isHere) this.#members.set(endpointKey(member.remote), member);
  }

  /** See {@linkcode Watcher.left}. */
  left({ name, remote }: Member): void {
    const key = endpointKey(remote);
    if (this.#members.get(key)?.name === name) this.#members.delete(key);
  }

  /**
   * Passes a datagram on to the node of the client that listens at an endpoint.
   *
   * @returns whether there is one. A client that registers with this one is not meant by that, unless the nodes share their ports.
   */
  passOn(verb: string, endpoint: Endpoint, bytes: Uint8Array, from: Endpoint): boolean {
    const client = this.#members.get(endpointKey(endpoint));
    const member = client && this.#hub.elsewhere(client);
    if (member === undefined || verb === "register" && !member.sharesPorts) return false;
    member.passDatagram(bytes, from);
    return true;
  }

  /**
   * Passes on that a client of another node is gone, as a client says that names its port: see {@linkcode Users.meantBy}.
   *
   * @returns whether there is one.
   */
  passOnLeaving({ hostname, port }: Endpoint, bytes: Uint8Array): boolean {
    const near = this.#members.get(endpointKey({ hostname, port }));
    const meant = near ?? this.#onlyOneAt(port, hostname);
    const member = meant && this.#hub.elsewhere(meant);
    member?.passDatagram(bytes, member.remote);
    return member !== undefined;
  }

  /** The only client anywhere that listens on a port, if it is on another node, and somebody here is at the asker's address. */
  #onlyOneAt(port: number, hostname: string): Member | undefined {
    const here = [...this.#users.byName.values()].map(({ endpoint }) => endpoint);
    if (!here.some((endpoint) => endpoint.hostname === hostname) || here.some((endpoint) => endpoint.port === port)) {
      return undefined;
    }
    const [one, another] = [...this.#members.values()].filter(({ remote }) => remote.port === port);
    return another === undefined ? one : undefined;
  }

  /** Hears nothing any more. */
  stop(): void {
    this.#unwatch();
  }
}
