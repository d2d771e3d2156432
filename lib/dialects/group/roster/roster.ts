/**
 * The table of all users in the hub, and when clients are sent it.
 *
 * @module
 */

import { type DatagramPort, endpointKey, MAX_DATAGRAM } from "../../../core/datagrams.ts";
import type { Deadline, Deadlines } from "../../../core/deadlines.ts";
import type { Endpoint } from "../../../core/link.ts";
import type { Hub } from "../../../hub/hub.ts";
import type { Member, Watcher } from "../../../hub/member.ts";
import { Budgets, type DatagramScheduler } from "../datagram_scheduler.ts";
import { encodeAnswer, encodeTable, NORMAL, type Row } from "../messages.ts";
import type { GroupUser } from "../users.ts";

/** How much room a datagram leaves for the table itself, in bytes. */
const ROOM = MAX_DATAGRAM - encodeAnswer({ verb: "update", payload: "" }).length;

/** The shortest time between two tables to one client, in milliseconds, also if it has left and come back meanwhile. */
const SPACING_MS = 100;
/** How many bytes of tables a second one address gets. */
const RATE = 64 * 1024;
/** How many bytes of tables leave in one round; the rest waits for the next. */
const MAX_ROUND = 1024 * 1024;
/** How long the next round of tables waits for each that was sent in the last, in milliseconds, so that a thousand leave in a second. */
const PAUSE_MS = 1;

/** How many users that have left stay in the table, and for how long, in milliseconds: the smaller it is, the more can read it. */
const MAX_OFFLINE = 64;
const OFFLINE_MS = 60_000;
/** Where many leave at once, more stay for this time, in milliseconds, in which everybody gets a table; and so many at most. */
const SHOWN_MS = 10 * SPACING_MS;
const MOST_OFFLINE = 1_024;

/** A user that has left. */
interface Departed {
  readonly name: string;
  /** Where a group client listened; users of other dialects are at the server's own address. */
  readonly endpoint: Endpoint | undefined;
  /** When, in milliseconds. */
  readonly at: number;
}

/** What the roster needs of its server. */
export interface RosterServices {
  /** The time. */
  readonly deadlines: Deadlines;
  /** When an unproven address may have a table, and whose budget pays. */
  readonly scheduler: DatagramScheduler;
  /** Where tables leave. */
  readonly port: Pick<DatagramPort, "send" | "addressFor">;
}

/**
 * Sends the table to all group clients whenever a user in the hub comes, leaves, or changes mode. First in it are the group
 * clients, then all other users, then those that have left, the latest first; what does not fit into one datagram is left out
 * at the end.
 */
export class Roster implements Watcher {
  readonly #hub: Hub;
  readonly #services: RosterServices;
  readonly #users: ReadonlyMap<string, GroupUser>;
  readonly #departed = new Map<string, Departed>();
  /** Clients that are to get the table, the one that has waited longest first. What changes meanwhile is in it. */
  readonly #owed = new Set<GroupUser>();
  /** Clients that wait for the budget of unproven addresses. */
  readonly #unproven = new Set<GroupUser>();
  readonly #budgets = new Budgets(RATE);
  /** When the last table was sent to an endpoint, in milliseconds; what is too old to matter is forgotten. */
  readonly #sent = new Map<string, number>();
  /** Whether all are to get the table, which is looked at once a round: many may come and go at once. */
  #hasChanged = false;
  #round: Deadline | undefined;
  #isStopped = false;
  readonly #unwatch: () => void;

  /**
   * Watches the hub until {@linkcode Roster.stop}.
   *
   * @param users the group clients by name.
   */
  constructor(hub: Hub, services: RosterServices, users: ReadonlyMap<string, GroupUser>) {
    this.#hub = hub;
    this.#services = services;
    this.#users = users;
    this.#unwatch = hub.watch(this);
  }

  /** See {@linkcode Watcher.entered}. */
  entered(member: Member): void {
    this.#departed.delete(member.name);
    this.changed();
  }

  /** See {@linkcode Watcher.moved}. */
  moved(): void {
    this.changed();
  }

  /** See {@linkcode Watcher.left}. */
  left(member: Member): void {
    const endpoint = member.dialect === "group" ? member.remote : undefined;
    this.#departed.delete(member.name);
    const at = this.#services.deadlines.time;
    this.#departed.set(member.name, { name: member.name, endpoint, at });
    for (const oldest of this.#departed.values()) {
      const isShown = at - oldest.at >= SHOWN_MS;
      if (this.#departed.size <= (isShown ? MAX_OFFLINE : MOST_OFFLINE)) break;
      this.#departed.delete(oldest.name);
    }
    this.changed();
  }

  /** Something in the table is different: all get it, at once or when they may. */
  changed(): void {
    this.#hasChanged = true;
    this.#send();
  }

  /** Sends the table to one client. */
  sendTo(user: GroupUser): void {
    this.#owed.add(user);
    this.#send();
  }

  /** A client has proven its address: it does not wait with those that have not any longer. */
  proven(user: GroupUser): void {
    if (this.#unproven.delete(user)) this.sendTo(user);
  }

  /** Sends nothing any more. */
  stop(): void {
    this.#unwatch();
    this.#owed.clear();
    this.#unproven.clear();
    this.#round?.cancel();
    this.#isStopped = true;
  }

  /** A round: all that are to get the table and may have it now. The others are looked at again in the next. */
  #send(): void {
    if (this.#round !== undefined || this.#isStopped) return;
    if (this.#hasChanged) {
      this.#hasChanged = false;
      for (const user of this.#users.values()) this.#owed.add(user);
    }
    if (this.#owed.size === 0) return;
    // All that reach the server at the same address get the same bytes.
    const tables = new Map<string, Uint8Array>();
    let [count, bytes] = [0, 0];
    for (const user of this.#owed) {
      if (bytes >= MAX_ROUND) break;
      // A client that waits for the shared budget gets the table as it is when its turn comes.
      if (this.#unproven.has(user) || !this.#isThere(user)) this.#owed.delete(user);
      else if (this.#maySend(user)) {
        this.#owed.delete(user);
        if (!user.isProven) this.#queue(user);
        else {
          count++;
          bytes += this.#write(user, tables);
        }
      }
    }
    this.#round = this.#services.deadlines.set(Math.max(count, 1) * PAUSE_MS, {
      expired: () => {
        this.#round = undefined;
        this.#send();
      },
    });
  }

  /** Lets a client wait for the budget of unproven addresses. */
  #queue(user: GroupUser): void {
    this.#unproven.add(user);
    this.#services.scheduler.table(user.hasTable ? "next-table" : "table", () => {
      if (!this.#unproven.delete(user) || !this.#isThere(user)) return 0;
      this.#owed.delete(user);
      return this.#write(user, new Map());
    });
  }

  #isThere(user: GroupUser): boolean {
    return this.#users.get(user.name) === user;
  }

  #maySend({ endpoint, isProven }: GroupUser): boolean {
    const now = this.#services.deadlines.time;
    const last = this.#sent.get(endpointKey(endpoint));
    if (last !== undefined && now - last < SPACING_MS) return false;
    return !isProven || this.#budgets.isOpen(this.#services.scheduler.payer(endpoint), now);
  }

  /** Sends the table, and returns how many bytes it has; `tables` has those that are made already. */
  #write(user: GroupUser, tables: Map<string, Uint8Array>): number {
    const { deadlines, port } = this.#services;
    const own = port.addressFor(user.endpoint);
    let table = tables.get(own.hostname);
    if (table === undefined) {
      table = encodeAnswer({ verb: "update", payload: encodeTable(this.#rows(own), ROOM) });
      tables.set(own.hostname, table);
    }
    const now = deadlines.time;
    const key = endpointKey(user.endpoint);
    this.#sent.delete(key);
    this.#sent.set(key, now);
    for (const [oldest, at] of this.#sent) {
      if (now - at < SPACING_MS) break;
      this.#sent.delete(oldest);
    }
    user.hasTable = true;
    if (user.isProven) this.#budgets.spend(this.#services.scheduler.payer(user.endpoint), table.length, now);
    port.send(table, user.endpoint);
    return table.length;
  }

  *#rows(own: Endpoint): Iterable<Row> {
    for (const { name, endpoint, group } of this.#users.values()) {
      yield { name, ip: endpoint.hostname, port: endpoint.port, isOnline: true, mode: group ?? NORMAL };
    }
    for (const member of this.#hub.members()) {
      const { name, dialect, group } = member;
      if (this.#users.has(name)) continue;
      // Clients of other nodes listen themselves.
      const at = (dialect === "group" ? this.#hub.elsewhere(member)?.address : undefined) ?? own;
      yield { name, ip: at.hostname, port: at.port, isOnline: true, mode: group ?? NORMAL };
    }
    const longest = this.#services.deadlines.time - OFFLINE_MS;
    for (const { name, endpoint = own, at } of [...this.#departed.values()].reverse()) {
      if (at < longest) return;
      yield { name, ip: endpoint.hostname, port: endpoint.port, isOnline: false, mode: NORMAL };
    }
  }
}
