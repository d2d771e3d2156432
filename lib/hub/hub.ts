/**
 * Who is present, and who gets what. Knows no dialect and no socket.
 *
 * @module
 */

import type { Deadlines } from "../core/deadlines.ts";
import { UNKNOWN } from "../core/outcome.ts";
import { MessageCounters } from "./message_counters.ts";
import { type Audience, Delivery, type OutcomeObserver } from "./delivery.ts";
import { Forms } from "./forms.ts";
import type { Introduction, Member, Watcher } from "./member.ts";
import { type NameFault, Names } from "./names.ts";
import { Presence, type PresenceHub } from "./presence.ts";
import type { IdPool } from "./id_pool.ts";
import { BroadcastOutcome } from "./broadcast_outcome.ts";

/** What a hub is told at its start. */
export interface HubOptions {
  /** How long a recipient may take to acknowledge a message, in milliseconds. */
  readonly ackTimeout: number;
  /** The table of deadlines, which the server moves forward. */
  readonly deadlines: Deadlines;
  /** The time of day, in milliseconds since 1970. */
  readonly wallClock: () => number;
  /** The numbers that members hold, for dialects that address by number. Without them nobody holds one. */
  readonly ids?: IdPool<Presence> | undefined;
}

/** The one place where all dialects meet. */
export class Hub {
  /** What became of all messages. */
  readonly counters = new MessageCounters();
  readonly #options: HubOptions;
  readonly #names = new Names();
  readonly #present = new Map<string, Presence>();
  readonly #watchers = new Set<Watcher>();
  readonly #services: PresenceHub = {
    enter: (presence) => this.#enter(presence),
    confirm: (presence) => this.#confirm(presence),
    release: (presence) => this.#release(presence),
    send: (from, to, body, report) => this.#send(from, to, body, this.counters.open(from.dialect, report)),
    broadcast: (from, body, report) => this.#broadcast(from, body, this.counters.open(from.dialect, report)),
  };

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** How long a recipient may take to acknowledge a message, in milliseconds. */
  get ackTimeout(): number {
    return this.#options.ackTimeout;
  }

  /** All who are present, in the order in which they came. */
  members(): Iterable<Member> {
    return this.#present.values();
  }

  /** Who is present under this name, or holds this number. */
  find(to: string | number): Member | undefined {
    return this.#recipient(to);
  }

  /** Has `watcher` told of all who come and go, until the function returned is called. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Gives a name to the first who asks, or `undefined` for the reason that {@linkcode Hub.nameFault} tells. Whether a name
   * is well formed is for the dialect to say.
   */
  claim(name: string, about: Introduction): Presence | undefined {
    if (this.nameFault(name, about.title) !== undefined) return undefined;
    const presence = new Presence(this.#services, name, about, this.#options.wallClock());
    this.#names.take(presence);
    return presence;
  }

  /** Why nobody can have this name now, or be shown under this title; `undefined` if somebody can. */
  nameFault(name: string, title?: string): NameFault | undefined {
    return this.#names.fault(name, title);
  }

  /**
   * Gives the lowest free number, and the name that goes with it; a number whose name is taken is passed over.
   *
   * @returns `undefined` when no number is left.
   * @throws {TypeError} if the hub was given no numbers.
   */
  claimId(nameOf: (id: number) => string, about: Introduction): Presence | undefined {
    const { ids } = this.#options;
    if (ids === undefined) throw new TypeError("this hub has no ID pool");
    for (let id = ids.lowest(); id !== undefined; id = ids.lowest(id + 1)) {
      const presence = this.claim(nameOf(id), about);
      if (presence === undefined) continue;
      ids.take(id, presence);
      presence.id = id;
      return presence;
    }
    return undefined;
  }

  #recipient(to: string | number): Presence | undefined {
    const presence = typeof to === "string" ? this.#present.get(to) : this.#options.ids?.holder(to);
    return presence?.recipient === undefined ? undefined : presence;
  }

  #enter(presence: Presence): void {
    if (!presence.isProvisional) this.#giveId(presence);
    this.#present.set(presence.name, presence);
    for (const watcher of this.#watchers) watcher.entered(presence);
  }

  #confirm(presence: Presence): void {
    this.#giveId(presence);
    for (const watcher of this.#watchers) watcher.confirmed?.(presence);
  }

  #giveId(presence: Presence): void {
    const { ids } = this.#options;
    if (presence.id !== undefined || ids === undefined) return;
    presence.id = ids.lowest();
    if (presence.id !== undefined) ids.take(presence.id, presence);
  }

  #release(presence: Presence): void {
    this.#names.free(presence);
    if (presence.id !== undefined) this.#options.ids?.free(presence.id);
    if (!this.#present.delete(presence.name)) return;
    for (const watcher of this.#watchers) watcher.left(presence);
  }

  #send(from: Presence, to: string | number, body: Uint8Array, report: OutcomeObserver): void {
    const recipient = this.#recipient(to);
    if (recipient === undefined) report.settled(UNKNOWN);
    else this.#pass(from, recipient, "direct", body, report);
  }

  #broadcast(from: Presence, body: Uint8Array, report: OutcomeObserver): number {
    const tally = new BroadcastOutcome(report);
    const forms = new Forms();
    let recipients = 0;
    for (const recipient of this.#present.values()) {
      if (recipient === from) continue;
      recipients++;
      tally.expect();
      this.#pass(from, recipient, "everyone", body, tally, forms);
    }
    tally.complete();
    return recipients;
  }

  #pass(
    from: Presence,
    to: Presence,
    audience: Audience,
    body: Uint8Array,
    report: OutcomeObserver,
    forms?: Forms,
  ): void {
    const delivery = new Delivery(from, audience, body, report, forms);
    to.recipient?.deliver(delivery);
    // Most are not settled yet: relay waits for the recipient's word.
    if (!delivery.isSettled) delivery.expireAt(this.#options.deadlines.set(this.#options.ackTimeout, delivery));
  }
}
