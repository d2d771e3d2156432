/**
 * The table of everybody in the hub, and who is sent it.
 *
 * @module
 */

import { MAX_DATAGRAM } from "../../chat/datagrams.ts";
import type { Deadline } from "../../chat/deadlines.ts";
import type { Endpoint } from "../../chat/link.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Member, Watcher } from "../../hub/member.ts";
import { encodeAnswer } from "./messages.ts";
import { encodeTable, NORMAL, type Row } from "./table.ts";
import type { GroupUser, UserServices } from "./user.ts";

/** How much room a datagram leaves for the table itself, in bytes. */
const ROOM = MAX_DATAGRAM - encodeAnswer({ verb: "update", payload: "" }).length;

/**
 * How long after the table was sent it is not sent again, in milliseconds: many may come at once. As long as there are
 * clients, within these bounds, so that their number does not change how many datagrams leave in a second.
 */
const INTERVAL_MS = { shortest: 1, longest: 1000 } as const;

/** How many who have left stay in the table, and for how long, in milliseconds: the smaller it is, the more can read it. */
const MAX_OFFLINE = 32;
const OFFLINE_MS = 60_000;

/** Somebody who has left; those who did not speak group were at the server's own address. */
interface Departed {
  readonly name: string;
  readonly endpoint: Endpoint | undefined;
  /** When, in milliseconds. */
  readonly at: number;
}

/**
 * Sends the table to all group clients whenever somebody in the hub comes, leaves, or changes mode. First in it are the group
 * clients, then all others who are there, then those who have left, the latest first; what does not fit into one datagram
 * is left out at the end.
 */
export class Roster implements Watcher {
  readonly #hub: Hub;
  readonly #services: UserServices;
  readonly #users: ReadonlyMap<string, GroupUser>;
  readonly #departed = new Map<string, Departed>();
  /** Who is to be sent the table when the interval is over. */
  readonly #owed = new Set<GroupUser>();
  #interval: Deadline | undefined;
  readonly #unwatch: () => void;

  /** Takes the hub, the server's services, and the group clients by name. */
  constructor(hub: Hub, services: UserServices, users: ReadonlyMap<string, GroupUser>) {
    this.#hub = hub;
    this.#services = services;
    this.#users = users;
    this.#unwatch = hub.watch(this);
  }

  /** Somebody has come. */
  entered(member: Member): void {
    this.#departed.delete(member.name);
    this.changed();
  }

  /** Somebody has left. */
  left(member: Member): void {
    const endpoint = member.dialect === "group" ? member.remote : undefined;
    this.#departed.delete(member.name);
    this.#departed.set(member.name, { name: member.name, endpoint, at: this.#services.deadlines.time });
    const [oldest] = this.#departed.keys();
    if (oldest !== undefined && this.#departed.size > MAX_OFFLINE) this.#departed.delete(oldest);
    this.changed();
  }

  /** Something in the table is different: everybody gets it, at once or when the interval is over. */
  changed(): void {
    this.#send(this.#users.values());
  }

  /** One client asks for the table. */
  tell(user: GroupUser): void {
    this.#send([user]);
  }

  /** Sends nothing any more. */
  stop(): void {
    this.#unwatch();
    this.#owed.clear();
    this.#interval?.cancel();
  }

  #send(users: Iterable<GroupUser>): void {
    for (const user of users) this.#owed.add(user);
    if (this.#interval !== undefined || this.#owed.size === 0) return;
    const { shortest, longest } = INTERVAL_MS;
    this.#interval = this.#services.deadlines.set(Math.min(Math.max(this.#users.size, shortest), longest), {
      expired: () => {
        this.#interval = undefined;
        this.#send([]);
      },
    });
    // All who reach the server at the same address get the same bytes.
    const datagrams = new Map<string, Uint8Array>();
    for (const user of this.#owed) {
      const own = this.#services.addressFor(user.endpoint);
      let datagram = datagrams.get(own.hostname);
      if (datagram === undefined) {
        datagram = encodeAnswer({ verb: "update", payload: encodeTable(this.#rows(own), ROOM) });
        datagrams.set(own.hostname, datagram);
      }
      this.#services.send(datagram, user.endpoint);
    }
    this.#owed.clear();
  }

  *#rows(own: Endpoint): Iterable<Row> {
    for (const { name, endpoint, group } of this.#users.values()) {
      yield { name, ip: endpoint.hostname, port: endpoint.port, isOnline: true, mode: group ?? NORMAL };
    }
    for (const { name } of this.#hub.members()) {
      if (!this.#users.has(name)) yield { name, ip: own.hostname, port: own.port, isOnline: true, mode: NORMAL };
    }
    const longest = this.#services.deadlines.time - OFFLINE_MS;
    for (const { name, endpoint = own, at } of [...this.#departed.values()].reverse()) {
      if (at < longest) return;
      yield { name, ip: endpoint.hostname, port: endpoint.port, isOnline: false, mode: NORMAL };
    }
  }
}
