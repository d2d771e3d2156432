/**
 * The group clients that have registered, as the server has them, and what is on the way to them and from them.
 *
 * @module
 */

import { endpointKey, MAX_DATAGRAM } from "../../core/datagrams.ts";
import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import type { QueueOwner, TotalQueued } from "../../core/queued.ts";
import type { CloseReason } from "../../core/close_reason.ts";
import { DELIVERED, GONE, type Outcome, refused, TIMED_OUT } from "../../core/outcome.ts";
import type { Delivery, OutcomeObserver, Recipient, Waiting } from "../../hub/delivery.ts";
import type { Said } from "../../hub/forms.ts";
import type { Presence } from "../../hub/presence.ts";
import type { AdmittedPeer } from "../dialect.ts";
import { Backlog } from "./backlog.ts";
import { DuplicateFilter } from "./duplicate_filter.ts";
import { encodeAnswer, encodeRequest, fieldText } from "./messages.ts";
import { type AckResult, type OutgoingDatagram, ReliableSender } from "./reliable_sender.ts";
import { groupMessage, receivedBy } from "./texts.ts";
import { ACK_MS, delayOfCopies, Lifetime } from "./times.ts";

/** How many clients there may be, whatever the server's limits: all are sent the table whenever it changes. */
const MAX_USERS = 512;

/** The clients by name and by where they listen. */
export class Users {
  readonly #byName = new Map<string, GroupUser>();
  readonly #byEndpoint = new Map<string, GroupUser>();

  /** All of them, by name, in the order in which they came. */
  get byName(): ReadonlyMap<string, GroupUser> {
    return this.#byName;
  }

  /** The client that listens there. */
  at(endpoint: Endpoint): GroupUser | undefined {
    return this.#byEndpoint.get(endpointKey(endpoint));
  }

  /** Whether no more can come. */
  get isFull(): boolean {
    return this.#byName.size >= MAX_USERS;
  }

  /** Adds a client. */
  add(user: GroupUser): void {
    this.#byName.set(user.name, user);
    this.#byEndpoint.set(endpointKey(user.endpoint), user);
  }

  /** Removes a client. */
  remove(user: GroupUser): void {
    this.#byName.delete(user.name);
    this.#byEndpoint.delete(endpointKey(user.endpoint));
  }

  /**
   * The client that is meant by a port alone, as `dereg` has it: the one that listens on it at the asker's address, or else, if
   * that address is a client's, the only one that does elsewhere.
   *
   * @param hostname the asker's address.
   */
  meantBy(hostname: string, port: number): GroupUser | undefined {
    const near = this.at({ hostname, port });
    const users = [...this.#byName.values()];
    if (near !== undefined || !users.some(({ endpoint }) => endpoint.hostname === hostname)) return near;
    const [one, another] = users.filter(({ endpoint }) => endpoint.port === port);
    return another === undefined ? one : undefined;
  }

  /**
   * The client that makes way for another: one that has not proven its address, the oldest of those that have asked for
   * nothing but their name, or else the oldest.
   *
   * @param isAt which addresses it may be at.
   */
  mostDispensable(isAt: (hostname: string) => boolean): GroupUser | undefined {
    let oldest: GroupUser | undefined;
    for (const user of this.#byName.values()) {
      if (user.isProven || !isAt(user.endpoint.hostname)) continue;
      if (user.hasOnlyRegistered) return user;
      oldest ??= user;
    }
    return oldest;
  }
}

/** How much a client's backlog holds. */
const BACKLOG_LIMITS = { messages: 100, characters: 64 * 1024 };

/** What a client needs of its server. */
export interface UserServices {
  /** The time. */
  readonly deadlines: Deadlines;
  /**
   * Sends a datagram that must be acknowledged. `goes` is called just before it goes, and returns `false` if it is not to go any
   * more.
   */
  send(datagram: Uint8Array, to: Endpoint, goes: () => boolean): void;
  /** The address under which a client reaches the server. */
  addressFor(peer: Endpoint): Endpoint;
  /** What waits for all clients together. */
  readonly queued?: TotalQueued | undefined;
  /** Too much waits for all clients together, and the most for this one. */
  tooMuchWaits?(user: GroupUser): void;
  /** A message was not acknowledged in time: one of the group's, or one for the client alone. */
  unresponsive(user: GroupUser, of: "group" | "user"): void;
}

/** A client: its name, where it listens, and what is on the way to it. */
export class GroupUser implements Recipient, QueueOwner {
  readonly #services: UserServices;
  readonly #sender: ReliableSender;
  /** Messages for everybody that came while the client was in a group. */
  readonly #backlog: Backlog<[text: string]>;
  /** Tells the client's new requests from those that were answered. */
  readonly duplicates: DuplicateFilter;
  /** Whether the client is known to be where it says: its address needs no proof, or has acknowledged something. */
  isProven = false;
  /** Whether the client has asked for nothing but its name. */
  hasOnlyRegistered = true;
  /** Whether it was sent a table. */
  hasTable = false;
  #isMarked = false;

  /** The client has its name from now on; {@linkcode GroupUser.close} ends what is begun here. */
  constructor(
    services: UserServices,
    /** The client's hold on its name. */
    readonly presence: Presence,
    /** Where it listens. */
    readonly endpoint: Endpoint,
    /** The client as the server's limits have it. */
    readonly admitted: AdmittedPeer,
  ) {
    const { deadlines } = services;
    const { hostname } = endpoint;
    this.#services = services;
    const lifetime = new Lifetime(deadlines, hostname);
    const send = (bytes: Uint8Array, goes: () => boolean) => services.send(bytes, endpoint, goes);
    this.#sender = new ReliableSender(deadlines, lifetime, send, services.queued?.open(this));
    this.#backlog = new Backlog(BACKLOG_LIMITS, services.queued?.open(this));
    this.duplicates = new DuplicateFilter(deadlines, delayOfCopies(hostname));
  }

  /** The group that the client is in; only the groups change it. */
  get group(): string | undefined {
    return this.presence.group;
  }

  set group(group: string | undefined) {
    this.presence.move(group);
  }

  /** The client's name. */
  get name(): string {
    return this.presence.name;
  }

  /** Whether it still has to acknowledge something. */
  get isBusy(): boolean {
    return this.#sender.isBusy;
  }

  /** See {@linkcode QueueOwner.giveUp}. */
  giveUp(): void {
    this.#services.tooMuchWaits?.(this);
  }

  /**
   * The client has acknowledged what had this text.
   *
   * @returns whether that was awaited.
   */
  acknowledged(text: string): boolean {
    return this.#sender.acknowledged(text);
  }

  /** See {@linkcode Recipient.waiting}. */
  get waiting(): Waiting {
    return this.#sender.waiting;
  }

  /**
   * Passes a message on, a datagram a line: as `send` where it is for this client alone, as a group message where it is for
   * everybody, since that is acknowledged with its own text. Inside a group, what is for everybody goes to the backlog.
   */
  deliver(delivery: Delivery): void {
    const lines = delivery.as(readLines);
    if (lines === undefined) return delivery.settle(refused("not-text"));
    const isForAll = delivery.audience === "everyone";
    const from = delivery.from.name;
    if (isForAll && this.group !== undefined) {
      for (const line of lines) this.#backlog.add([groupMessage(from, line)]);
      return delivery.exempt();
    }
    if (!this.#sender.hasRoomFor(lines.length, 0)) return delivery.settle(refused("overloaded"));
    const settleLine = settleWhenAll(lines.length, delivery);
    const settled = (result: AckResult) => {
      settleLine(result);
      this.#checkResponsive(result);
    };
    const outgoing = lines.map((line) =>
      isForAll ? this.#groupDatagram(groupMessage(from, line), settled) : this.#directDatagram(from, line, settled)
    );
    if (outgoing.some(({ datagram }) => datagram.length > MAX_DATAGRAM)) return delivery.settle(refused("too-long"));
    const bytes = outgoing.reduce((sum, { datagram }) => sum + datagram.length, 0);
    if (!this.#sender.hasRoomFor(outgoing.length, bytes)) return delivery.settle(refused("overloaded"));
    for (const one of outgoing) this.#sender.post(one);
  }

  /** Passes a message of the client's group on; a client that takes them too slowly is treated as one that does not answer. */
  sendGroupMessage(text: string): void {
    const group = this.group;
    const isWanted = () => this.group === group;
    const outgoing = this.#groupDatagram(text, (result) => {
      if (result === "unacknowledged" && isWanted()) this.#services.unresponsive(this, "group");
    });
    if (this.#sender.hasRoomFor(1, outgoing.datagram.length)) this.#sender.post({ ...outgoing, isWanted });
    else this.#services.unresponsive(this, "group");
  }

  /** Sends what was kept while the client was in a group. */
  sendBacklog(): void {
    const { messages, dropped } = this.#backlog.take();
    const notice = dropped === 0 ? [] : [`[${dropped} earlier messages for everybody were not kept.]`];
    for (const text of [...notice, ...messages.flat()]) {
      const outgoing = this.#groupDatagram(text, (result) => this.#checkResponsive(result));
      if (this.#sender.hasRoomFor(1, outgoing.datagram.length)) this.#sender.post(outgoing);
    }
  }

  /** The client is gone: nothing is sent any more, and what waits for its acknowledgement is settled. */
  close(reason: CloseReason): void {
    this.duplicates.clear();
    this.#sender.close();
    this.#backlog.close();
    this.admitted.left(reason);
  }

  #checkResponsive(result: AckResult): void {
    if (result === "unacknowledged") this.#services.unresponsive(this, "user");
  }

  #groupDatagram(text: string, settled: (result: AckResult) => void): OutgoingDatagram {
    const { hostname, port } = this.#services.addressFor(this.endpoint);
    const datagram = encodeAnswer({ verb: "send_group", message: text, serverIp: hostname, serverPort: port });
    return { datagram, awaited: fieldText(text), settled };
  }

  #directDatagram(from: string, line: string, settled: (result: AckResult) => void): OutgoingDatagram {
    const { hostname, port } = this.#services.addressFor(this.endpoint);
    const request = { verb: "send", user: from, to: this.name, ip: hostname, port, message: line } as const;
    const datagram = encodeRequest(request, this.#isMarked);
    this.#isMarked = !this.#isMarked;
    return { datagram, awaited: receivedBy(this.name), settled };
  }
}

/** Settles the delivery of a message of several lines: it is delivered when all are acknowledged. */
function settleWhenAll(lines: number, delivery: Delivery): (result: AckResult) => void {
  let missing = lines;
  return (result) => {
    if (result === "dropped") delivery.settle(GONE);
    else if (result === "unacknowledged") delivery.settle(TIMED_OUT);
    else if (--missing === 0) delivery.settle(DELIVERED);
  };
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

/** How long the recipient of a forwarded message may take, in milliseconds: its sender waits 500, and half of it is for the way. */
const FORWARD_MS = ACK_MS / 2;

/**
 * A direct message that a client has sent to a user of another dialect. It is acknowledged in the recipient's place once the
 * recipient has it; not any more when the sender has given it up, since it would take the acknowledgement for that of its next
 * message.
 */
export class ForwardedMessage implements OutcomeObserver {
  readonly #acknowledge: () => void;
  readonly #ended: () => void;
  readonly #deadline: Deadline;
  #state: "open" | "delivered" | "over" = "open";

  /**
   * The time that the recipient has begins here.
   *
   * @param acknowledge sends the acknowledgement.
   * @param ended is called once, when the outcome is known or of no use any more.
   */
  constructor(deadlines: Deadlines, acknowledge: () => void, ended: (message: ForwardedMessage) => void) {
    this.#acknowledge = acknowledge;
    this.#ended = () => ended(this);
    this.#deadline = deadlines.set(FORWARD_MS, { expired: () => this.#end("over") });
  }

  /** See {@linkcode OutcomeObserver.settled}. */
  settled(outcome: Outcome): void {
    if (this.#state !== "open") return;
    if (outcome.kind === "delivered") this.#acknowledge();
    this.#end(outcome.kind === "delivered" ? "delivered" : "over");
  }

  /** The sender's datagram came twice: the acknowledgement goes out twice. */
  acknowledgeAgain(): void {
    if (this.#state === "delivered") this.#acknowledge();
  }

  #end(state: "delivered" | "over"): void {
    this.#state = state;
    this.#deadline.cancel();
    this.#ended();
  }
}
