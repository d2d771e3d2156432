/**
 * A group client that has registered, as the server has it.
 *
 * @module
 */

import { MAX_DATAGRAM } from "../../core/datagrams.ts";
import type { Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import type { QueueOwner, TotalQueued } from "../../core/queued.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import { DELIVERED, GONE, refused, TIMED_OUT } from "../../core/outcome.ts";
import type { Delivery, Recipient } from "../../hub/delivery.ts";
import type { Said } from "../../hub/forms.ts";
import type { Presence } from "../../hub/presence.ts";
import type { AdmittedPeer } from "../dialect.ts";
import { fieldText } from "./fields.ts";
import type { Grouped } from "./groups.ts";
import { Backlog } from "./backlog.ts";
import { encodeAnswer, encodeRequest } from "./messages.ts";
import { type AckResult, type OutgoingDatagram, ReliableSender } from "./reliable_sender.ts";
import { DuplicateFilter } from "./repeats.ts";
import { groupMessage, receivedBy } from "./texts.ts";
import { delayOfCopies, Lifetime } from "./times.ts";

/** What a user asks of its server. */
export interface UserServices {
  /** The time. */
  readonly deadlines: Deadlines;
  /** Sends a datagram that must be acknowledged; `goes` is told just before it goes, and may say that it is not to go any more. */
  send(datagram: Uint8Array, to: Endpoint, goes: () => boolean): void;
  /** Where somebody reaches the server. */
  addressFor(peer: Endpoint): Endpoint;
  /** What waits for all clients together. */
  readonly queued?: TotalQueued | undefined;
  /** Too much waits for all clients together, and the most for this one. */
  tooMuchWaits?(user: GroupUser): void;
  /** A message was not acknowledged in time: one of the group's, or one for the user alone. */
  unresponsive(user: GroupUser, of: "group" | "user"): void;
}

/** A name, the port that it listens on, and what is on the way to it. */
export class GroupUser implements Recipient, Grouped, QueueOwner {
  readonly #services: UserServices;
  readonly #outbox: ReliableSender;
  readonly #kept: Backlog;
  /** What the client has asked already. */
  readonly repeats: DuplicateFilter;
  /** The group that the client is in. */
  group: string | undefined;
  /** Whether the client is known to be where it says: its address needs no proof, or has acknowledged something. */
  isProven = false;
  /** Whether the client has asked for nothing but its name. */
  hasOnlyRegistered = true;
  /** Whether it was sent a table. */
  hasTable = false;
  #isMarked = false;

  /** Takes the client's hold on its name, where it listens, and its stay at the server. */
  constructor(
    services: UserServices,
    /** The client's hold on its name. */
    readonly presence: Presence,
    /** Where it listens. */
    readonly endpoint: Endpoint,
    /** Its stay, under the server's limits. */
    readonly stay: AdmittedPeer,
  ) {
    const { deadlines } = services;
    const { hostname } = endpoint;
    this.#services = services;
    const lifetime = new Lifetime(deadlines, hostname);
    const send = (bytes: Uint8Array, goes: () => boolean) => services.send(bytes, endpoint, goes);
    this.#outbox = new ReliableSender(deadlines, lifetime, send, services.queued?.open(this));
    this.#kept = new Backlog(services.queued?.open(this));
    this.repeats = new DuplicateFilter(deadlines, delayOfCopies(hostname));
  }

  /** The client's name. */
  get name(): string {
    return this.presence.name;
  }

  /** Whether it still has to acknowledge something. */
  get isBusy(): boolean {
    return this.#outbox.isBusy;
  }

  /** Too much waits for all clients together, and the most for this one. */
  giveUp(): void {
    this.#services.tooMuchWaits?.(this);
  }

  /** The client has got what had this text; says whether its word was awaited. */
  acknowledged(text: string): boolean {
    return this.#outbox.acknowledged(text);
  }

  /**
   * Passes a message on, a datagram a line: as `send` where it is for this client alone, as a group message where it is for
   * everybody, since that is acknowledged with its own text. Inside a group, what is for everybody is kept for later.
   */
  deliver(delivery: Delivery): void {
    const lines = delivery.as(readLines);
    if (lines === undefined) return delivery.settle(refused("not-text"));
    const isForAll = delivery.audience === "everyone";
    const from = delivery.from.name;
    if (isForAll && this.group !== undefined) {
      for (const line of lines) this.#kept.add(groupMessage(from, line));
      return delivery.exempt();
    }
    if (!this.#outbox.hasRoomFor(lines.length, 0)) return delivery.settle(refused("overloaded"));
    const batch = new Batch(lines.length, delivery);
    const letters = lines.map((line) => {
      const settled = (fate: AckResult) => {
        batch.settled(fate);
        if (fate === "unacknowledged") this.#services.unresponsive(this, "user");
      };
      return isForAll ? this.#groupLetter(groupMessage(from, line), settled) : this.#directLetter(from, line, settled);
    });
    if (letters.some(({ datagram }) => datagram.length > MAX_DATAGRAM)) return delivery.settle(refused("too-long"));
    const bytes = letters.reduce((sum, { datagram }) => sum + datagram.length, 0);
    if (!this.#outbox.hasRoomFor(letters.length, bytes)) return delivery.settle(refused("overloaded"));
    for (const letter of letters) this.#outbox.post(letter);
  }

  /** Passes a message of the client's group on; one who takes them too slowly is as good as one who does not answer. */
  tellGroupMessage(text: string): void {
    const group = this.group;
    const isWanted = () => this.group === group;
    const letter = this.#groupLetter(text, (fate) => {
      if (fate === "unacknowledged" && isWanted()) this.#services.unresponsive(this, "group");
    });
    if (this.#outbox.hasRoomFor(1, letter.datagram.length)) this.#outbox.post({ ...letter, isWanted });
    else this.#services.unresponsive(this, "group");
  }

  /** Passes on what was kept while the client was inside a group. */
  tellKept(): void {
    const { texts, forgotten } = this.#kept.take();
    const notice = forgotten === 0 ? [] : [`[${forgotten} earlier messages for everybody were not kept.]`];
    for (const text of [...notice, ...texts]) {
      const letter = this.#groupLetter(text, (fate) => {
        if (fate === "unacknowledged") this.#services.unresponsive(this, "user");
      });
      if (this.#outbox.hasRoomFor(1, letter.datagram.length)) this.#outbox.post(letter);
    }
  }

  /** The client is gone: nothing is sent any more, and whoever waits for its word is told. */
  close(reason: CloseReason): void {
    this.repeats.clear();
    this.#outbox.close();
    this.#kept.close();
    this.stay.left(reason);
  }

  #groupLetter(text: string, settled: (fate: AckResult) => void): OutgoingDatagram {
    const { hostname, port } = this.#services.addressFor(this.endpoint);
    const datagram = encodeAnswer({ verb: "send_group", message: text, serverIp: hostname, serverPort: port });
    return { datagram, awaited: fieldText(text), settled };
  }

  #directLetter(from: string, line: string, settled: (fate: AckResult) => void): OutgoingDatagram {
    const { hostname, port } = this.#services.addressFor(this.endpoint);
    const request = { verb: "send", user: from, to: this.name, ip: hostname, port, message: line } as const;
    const datagram = encodeRequest(request, this.#isMarked);
    this.#isMarked = !this.#isMarked;
    return { datagram, awaited: receivedBy(this.name), settled };
  }
}

/** The lines of one message: it is delivered when all are. */
class Batch {
  readonly #delivery: Delivery;
  #missing: number;

  constructor(lines: number, delivery: Delivery) {
    this.#missing = lines;
    this.#delivery = delivery;
  }

  settled(fate: AckResult): void {
    if (fate === "dropped") this.#delivery.settle(GONE);
    else if (fate === "unacknowledged") this.#delivery.settle(TIMED_OUT);
    else if (--this.#missing === 0) this.#delivery.settle(DELIVERED);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The lines of a body, a line break at its end aside; `undefined` if it is not UTF-8. */
function readLines({ body }: Said): readonly string[] | undefined {
  try {
    return decoder.decode(body).replace(/\r?\n$/, "").split(/\r?\n/);
  } catch {
    return undefined; // the decoder's way to say that it is not UTF-8
  }
}
