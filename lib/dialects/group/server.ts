/**
 * The server's side of group.
 *
 * @module
 */

import type { DatagramPort } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import { isWellFormedName } from "../../core/name.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { DatagramGuard, DatagramServer, ServerContext } from "../dialect.ts";
import { Budget, Budgets } from "./budget.ts";
import { Groups } from "./groups.ts";
import { type Answer, decodeRequest, type Direct, encodeAnswer } from "./messages.ts";
import { DatagramLog } from "./datagram_log.ts";
import { Outlet } from "./datagram_scheduler.ts";
import { ForwardedMessage } from "./forwarded_message.ts";
import { Roster } from "./roster.ts";
import { type GroupRequest, GroupService } from "./service.ts";
import * as texts from "./texts.ts";
import { GroupUser, type UserServices } from "./user.ts";
import { Users } from "./users.ts";

/** How many groups there may be: their list, a datagram each, must not be more at once than a client's socket holds. */
const MAX_GROUPS = 128;
/** How many bytes of lists a second one client gets, or one address that is not near, with what a datagram costs besides. */
const LIST_RATE = 64 * 1024;
const DATAGRAM_COST = 64;
/** How many clients a second make way for others, on average; an eighth of a second's at once. */
const EVICTIONS_RATE = 500;

const GOODBYE: Answer = { verb: "dereg", message: texts.OFFLINE };

/** Lets in whoever comes, for as long as they like. */
const OPEN_DOOR: DatagramGuard = {
  enter: () => ({ heard: () => {}, takes: () => true, charge: () => {}, left: () => {} }),
  answersStranger: () => true,
  trusts: () => true,
  yields: () => {},
  unprovenBudget: Infinity,
};

/**
 * group's server: one port for all clients. A client is who listens on the port that it names, at the address that its
 * datagrams come from; nothing is ever sent to an address that is only named in a datagram.
 */
export class GroupServer implements DatagramServer {
  readonly #context: ServerContext;
  readonly #port: DatagramPort;
  readonly #doorkeeper: DatagramGuard;
  readonly #users = new Users();
  readonly #groups = new Groups<GroupUser>(MAX_GROUPS);
  readonly #service: GroupService;
  readonly #roster: Roster;
  readonly #noise: DatagramLog;
  readonly #passing = new Set<ForwardedMessage>();
  readonly #services: UserServices;
  readonly #outlet: Outlet;
  readonly #lists = new Budgets(LIST_RATE);
  readonly #evictions: Budget;
  #isDraining = false;

  /** Takes what all dialects' servers share, the port, which the caller starts, and who says which clients may come in. */
  constructor(context: ServerContext, port: DatagramPort, doorkeeper: DatagramGuard = OPEN_DOOR) {
    this.#context = context;
    this.#port = port;
    this.#doorkeeper = doorkeeper;
    this.#noise = new DatagramLog(context);
    this.#services = {
      deadlines: context.deadlines,
      queued: context.queued,
      // Not at once: this may be amid a message to all, and others are told who leaves.
      tooMuchWaits: (user) => void context.deadlines.set(0, { expired: () => this.#deregister(user, "slow-reader") }),
      send: (datagram, to, goes) => this.#outlet.letter(datagram, to, goes),
      addressFor: (peer) => port.addressFor(peer),
      unresponsive: (user, of) => {
        if (of === "group") this.#service.takeOutUnresponsive(user);
        else this.#deregister(user, "unresponsive");
      },
    };
    const { deadlines, hub } = context;
    this.#outlet = new Outlet(port, deadlines, doorkeeper);
    this.#evictions = new Budget(EVICTIONS_RATE, deadlines.time);
    doorkeeper.yields((isAt) => this.#makeRoom(isAt));
    this.#roster = new Roster(hub, { deadlines, outlet: this.#outlet, port }, this.#users.byName);
    this.#service = new GroupService({
      groups: this.#groups,
      modeChanged: () => this.#roster.changed(),
      log: (level, text, about) => context.log(level, text, about),
    });
  }

  /** Whether a message waits for its acknowledgement. */
  get isBusy(): boolean {
    return this.#passing.size > 0 || [...this.#users.byName.values()].some((user) => user.isBusy);
  }

  /** Only acknowledgements are heard from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Tells all clients that they are offline, and closes the port. */
  close(): void {
    this.#isDraining = true;
    this.#roster.stop();
    for (const user of [...this.#users.byName.values()]) this.#deregister(user, "shutdown");
    this.#outlet.close();
    this.#port.close("shutdown");
  }

  /** A datagram from somebody, or from whoever pretends to be. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    const request = decodeRequest(bytes);
    if (typeof request === "string") return this.#noise.heard(request, from);
    const endpoint = { hostname: from.hostname, port: request.port ?? from.port };
    const client = this.#users.at(endpoint);
    client?.stay.heard();
    if (client !== undefined && request.verb !== "register") client.hasOnlyRegistered = false;
    if (request.verb === "ack") {
      if (client?.acknowledged(request.message)) this.#prove(client);
      return;
    }
    if (this.#isDraining || client?.stay.takes() === false) return;
    if (request.verb === "register") return this.#register(request.user, endpoint, bytes);
    if (request.verb === "dereg") return this.#leave(endpoint);
    if (client === undefined || client.name !== request.user) {
      return this.#refuse({ verb: "nack", message: texts.NOT_REGISTERED }, endpoint);
    }
    if (client.repeats.answerAgain(bytes)) return;
    if (request.verb === "send") this.#pass(client, request, bytes);
    else this.#answer(client, request, bytes);
  }

  /** The port is closed. */
  closed(reason: CloseReason): void {
    this.#isDraining = true;
    this.#roster.stop();
    this.#outlet.close();
    if (reason !== "shutdown") this.#context.log("warning", "the group port was closed", { why: reason });
  }

  #register(name: string, endpoint: Endpoint, bytes: Uint8Array): void {
    const known = this.#users.at(endpoint);
    if (known?.name === name) {
      if (known.repeats.answerAgain(bytes)) return;
      // The client has started anew, at the same place.
      this.#service.takeOut(known);
      this.#welcome(known, bytes);
      return this.#roster.tell(known);
    }
    const refuse = (message: string) => this.#refuse({ verb: "nack", message }, endpoint);
    if (!isWellFormedName(name)) return refuse(texts.cannotRegister("a name is letters and digits"));
    const hasRoom = known !== undefined || !this.#users.isFull || this.#makeRoom();
    if (!hasRoom) return refuse(texts.cannotRegister(CLOSE_REASONS.full));
    const stay = this.#doorkeeper.enter(endpoint, (reason) => this.#deregister(user, reason));
    if (typeof stay === "string") return refuse(texts.cannotRegister(CLOSE_REASONS[stay]));
    const presence = this.#context.hub.claim(name, { dialect: "group", remote: endpoint });
    if (presence === undefined) {
      stay.left("refused");
      return this.#refuse({ verb: "ack", message: texts.NAME_TAKEN }, endpoint);
    }
    if (known !== undefined) this.#deregister(known, "left", true);
    const user = new GroupUser(this.#services, presence, endpoint, stay);
    user.isProven = this.#outlet.isProven(endpoint);
    this.#users.add(user);
    this.#context.log("debug", "a group client has registered", { user: name, address: endpoint.hostname });
    this.#welcome(user, bytes);
    presence.enter(user, !user.isProven);
  }

  /** A client has acknowledged something, so that it is where it says. */
  #prove(user: GroupUser): void {
    if (user.isProven) return;
    user.isProven = true;
    this.#outlet.prove(user.endpoint);
    this.#roster.proven(user);
    user.presence.confirm();
  }

  /**
   * Somebody comes and there is no room: a client that has not proven its address makes way, the oldest of those that have
   * asked for nothing but their name, or else the oldest; one at an address that `isAt` takes. Says whether there was one.
   */
  #makeRoom(isAt: (hostname: string) => boolean = () => true): boolean {
    const now = this.#context.deadlines.time;
    if (!this.#evictions.isOpen(now)) return false;
    let oldest: GroupUser | undefined;
    for (const user of this.#users.byName.values()) {
      if (user.isProven || !isAt(user.endpoint.hostname)) continue;
      if (user.hasOnlyRegistered) {
        oldest = user;
        break;
      }
      oldest ??= user;
    }
    if (oldest === undefined) return false;
    this.#evictions.spend(1, now);
    this.#deregister(oldest, "unproven");
    return true;
  }

  #welcome(user: GroupUser, bytes: Uint8Array): void {
    const isThere = () => this.#users.at(user.endpoint) === user;
    const datagram = encodeAnswer({ verb: "ack", message: texts.WELCOME });
    const welcome = () => this.#outlet.greet(datagram, user.endpoint, isThere);
    welcome();
    user.repeats.heard(bytes, true, () => {
      welcome();
      this.#roster.tell(user);
    });
  }

  /** `dereg` names a port: the asker's own, or that of somebody who did not answer it. */
  #leave(endpoint: Endpoint): void {
    const user = this.#users.meantBy(endpoint.hostname, endpoint.port);
    if (user !== undefined) this.#deregister(user, "left");
    // It has not heard our goodbye, or was registered with a server that was here before.
    else this.#refuse(GOODBYE, endpoint);
  }

  #deregister(user: GroupUser, reason: CloseReason, isReplaced = false): void {
    if (this.#users.at(user.endpoint) !== user) return;
    this.#users.remove(user);
    this.#groups.leave(user);
    user.close(reason);
    // Whoever has taken its place would believe that it was meant.
    const isGone = () => this.#users.at(user.endpoint) === undefined;
    if (!isReplaced) this.#outlet.greet(encodeAnswer(GOODBYE), user.endpoint, isGone);
    this.#context.log("debug", "a group client was deregistered", { user: user.name, why: reason });
    user.presence.leave();
  }

  /** Tells somebody who is not registered so, if there were not too many of them already. */
  #refuse(answer: Answer, endpoint: Endpoint): void {
    if (this.#doorkeeper.answersStranger()) this.#send(answer, endpoint);
  }

  #answer(user: GroupUser, request: GroupRequest, bytes: Uint8Array): void {
    if (request.verb === "list_groups" || request.verb === "list_members") return this.#list(user, request, bytes);
    const { answers, then } = this.#service.handle(user, request);
    const tell = () => answers.forEach((answer) => this.#send(answer, user.endpoint));
    tell();
    user.repeats.heard(bytes, true, tell);
    then?.();
  }

  /** What is answered may be far longer than what was asked: a client that asks for more than it may have is not heard. */
  #list(user: GroupUser, request: GroupRequest, bytes: Uint8Array): void {
    const tell = () => {
      const now = this.#context.deadlines.time;
      const payer = this.#outlet.payer(user.endpoint);
      if (!this.#lists.isOpen(payer, now)) return false;
      const { answers } = this.#service.handle(user, request);
      const datagrams = answers.map((answer) => encodeAnswer(answer));
      for (const datagram of datagrams) this.#outlet.list(datagram, user.endpoint);
      this.#lists.spend(payer, datagrams.reduce((sum, { length }) => sum + length + DATAGRAM_COST, 0), now);
      return true;
    };
    // A list that is asked for again may have changed.
    if (tell()) user.repeats.heard(bytes, true, tell);
  }

  /** A direct message to somebody who does not speak group, whom the table has at our own address. */
  #pass(user: GroupUser, { to, message }: Direct, bytes: Uint8Array): void {
    const body = new TextEncoder().encode(message);
    if (body.length > this.#context.maxMessage) {
      return this.#send({ verb: "nack", message: "[The message is too long.]" }, user.endpoint);
    }
    const acknowledge = () => this.#send({ verb: "ack", message: texts.receivedBy(to) }, user.endpoint);
    const over = (passing: ForwardedMessage) => this.#passing.delete(passing);
    const passing = new ForwardedMessage(this.#context.deadlines, acknowledge, over);
    this.#passing.add(passing);
    user.repeats.heard(bytes, true, () => passing.again());
    user.presence.send(to, body, passing);
  }

  #send(answer: Answer, to: Endpoint): void {
    this.#outlet.answer(encodeAnswer(answer), to);
  }
}
