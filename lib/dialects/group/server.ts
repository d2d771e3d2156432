/**
 * The server's side of group.
 *
 * @module
 */

import { type DatagramPort, endpointKey } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import { isWellFormedName } from "../../core/name.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import type { DatagramGuard, DatagramServer, ServerContext } from "../dialect.ts";
import { Turns } from "../session/turns.ts";
import { Budget, Budgets, DatagramScheduler } from "./datagram_scheduler.ts";
import { type GroupRequest, type GroupResponse, GroupService } from "./groups.ts";
import { type Answer, type DatagramFault, decodeRequest, type Direct, encodeAnswer } from "./messages.ts";
import { ClientsElsewhere } from "./clients_elsewhere.ts";
import { Roster } from "./roster/roster.ts";
import * as texts from "./texts.ts";
import { ForwardedMessage, GroupUser, Users, type UserServices } from "./users.ts";

/** How many bytes of lists a second one client gets, or one address that is not near, with what a datagram costs besides. */
const LIST_RATE = 64 * 1024;
const DATAGRAM_COST = 64;
/** How many clients a second make way for others, on average; an eighth of a second's at once. */
const EVICTIONS_RATE = 500;

/** A datagram as a string that tells it from all others. */
const latin1 = new TextDecoder("latin1");

/** A request that is answered by a list. */
type ListRequest = Extract<GroupRequest, { verb: "list_groups" | "list_members" }>;

const GOODBYE: Answer = { verb: "dereg", message: texts.OFFLINE };

/** Admits all, for as long as they like. */
const OPEN_GUARD: DatagramGuard = {
  enter: () => ({ heard: () => {}, takes: () => true, charge: () => {}, left: () => {} }),
  answersStranger: () => true,
  trusts: () => true,
  yields: () => {},
  unprovenBudget: Infinity,
};

/**
 * group's server: one port for all clients. A client is what listens on the port that it names, at the address that its
 * datagrams come from; nothing is ever sent to an address that is only named in a datagram.
 */
export class GroupServer implements DatagramServer {
  readonly #context: ServerContext;
  readonly #port: DatagramPort;
  readonly #guard: DatagramGuard;
  readonly #users = new Users();
  /** Those whose name other nodes are still asked for, by where they are. */
  readonly #registering = new Map<string, GroupUser>();
  /** What is asked of groups, where other nodes have a say in it. */
  readonly #turns = new Turns<GroupUser>();
  readonly #elsewhere: ClientsElsewhere;
  readonly #groups: GroupService;
  readonly #roster: Roster;
  readonly #malformed: DatagramLog;
  readonly #forwarded = new Set<ForwardedMessage>();
  readonly #services: UserServices;
  readonly #scheduler: DatagramScheduler;
  readonly #lists = new Budgets(LIST_RATE);
  readonly #evictions: Budget;
  #isDraining = false;

  /**
   * Watches the hub until {@linkcode GroupServer.close}.
   *
   * @param port is started by the caller.
   * @param guard says which clients may come in; all by default.
   */
  constructor(context: ServerContext, port: DatagramPort, guard: DatagramGuard = OPEN_GUARD) {
    const { deadlines, hub } = context;
    this.#context = context;
    this.#port = port;
    this.#guard = guard;
    this.#malformed = new DatagramLog(context);
    this.#services = {
      deadlines,
      queued: context.queued,
      // Not at once: this may be amid a message to all, and the others are told that this client leaves.
      tooMuchWaits: (user) => void deadlines.set(0, { expired: () => this.#deregister(user, "slow-reader") }),
      send: (datagram, to, goes) => this.#scheduler.message(datagram, to, goes),
      addressFor: (peer) => port.addressFor(peer),
      unresponsive: (user, of) => {
        if (of === "group") this.#groups.takeOutUnresponsive(user);
        else this.#deregister(user, "unresponsive");
      },
    };
    this.#scheduler = new DatagramScheduler(port, deadlines, guard);
    this.#evictions = new Budget(EVICTIONS_RATE, deadlines.time);
    guard.yields((isAt) => this.#makeRoom(isAt));
    this.#roster = new Roster(hub, { deadlines, scheduler: this.#scheduler, port }, this.#users.byName);
    this.#groups = new GroupService(context, () => this.#roster.changed());
    this.#elsewhere = new ClientsElsewhere(hub, this.#users);
    hub.hearDatagrams("group", (bytes, from) => this.#receive(bytes, from, true));
  }

  /** Whether a message waits for its acknowledgement. */
  get isBusy(): boolean {
    return this.#forwarded.size > 0 || [...this.#users.byName.values()].some((user) => user.isBusy);
  }

  /** Reads acknowledgements only, from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Tells all clients that they are offline, and closes the port. */
  close(): void {
    this.#isDraining = true;
    this.#roster.stop();
    this.#elsewhere.stop();
    for (const user of [...this.#registering.values(), ...this.#users.byName.values()]) this.#dismiss(user, "shutdown");
    this.#scheduler.close();
    this.#port.close("shutdown");
  }

  /** A datagram from an address, which may be a lie. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    this.#receive(bytes, from, false);
  }

  /** @param isPassedOn whether it came to another node, which says that it is for this one. */
  #receive(bytes: Uint8Array, from: Endpoint, isPassedOn: boolean): void {
    const request = decodeRequest(bytes);
    if (typeof request === "string") return this.#malformed.add(request, from);
    const endpoint = { hostname: from.hostname, port: request.port ?? from.port };
    const client = this.#users.at(endpoint);
    if (client === undefined && !isPassedOn && this.#elsewhere.passOn(request.verb, endpoint, bytes, from)) return;
    client?.admitted.heard();
    if (client !== undefined && request.verb !== "register") client.hasOnlyRegistered = false;
    if (request.verb === "ack") {
      if (client?.acknowledged(request.message)) this.#prove(client);
      return;
    }
    if (this.#isDraining || client?.admitted.takes() === false) return;
    if (request.verb === "register") return this.#register(request.user, endpoint, bytes);
    if (request.verb === "dereg") return this.#leave(endpoint, bytes, isPassedOn);
    if (client === undefined || client.name !== request.user) {
      return this.#refuse({ verb: "nack", message: texts.NOT_REGISTERED }, endpoint);
    }
    if (client.duplicates.answerAgain(bytes)) return;
    if (request.verb === "send") this.#forward(client, request, bytes);
    else this.#answer(client, request, bytes);
  }

  /** See {@linkcode DatagramServer.closed}. */
  closed(reason: CloseReason): void {
    this.#isDraining = true;
    this.#roster.stop();
    this.#elsewhere.stop();
    this.#scheduler.close();
    if (reason !== "shutdown") this.#context.log("warning", "the group port was closed", { why: reason });
  }

  #register(name: string, endpoint: Endpoint, bytes: Uint8Array): void {
    const known = this.#users.at(endpoint);
    if (known?.name === name) {
      if (known.duplicates.answerAgain(bytes)) return;
      // The client has started anew, at the same place.
      this.#groups.takeOut(known);
      this.#welcome(known, bytes);
      return this.#roster.sendTo(known);
    }
    const refuse = (message: string) => this.#refuse({ verb: "nack", message }, endpoint);
    if (!isWellFormedName(name)) return refuse(texts.cannotRegister("a name is letters and digits"));
    const hasRoom = known !== undefined || !this.#users.isFull || this.#makeRoom();
    if (!hasRoom) return refuse(texts.cannotRegister(CLOSE_REASONS.full));
    // It is asking already, and is answered when that is decided.
    const key = endpointKey(endpoint);
    if (this.#registering.has(key)) return;
    const admitted = this.#guard.enter(endpoint, (reason) => this.#dismiss(user, reason));
    if (typeof admitted === "string") return refuse(texts.cannotRegister(CLOSE_REASONS[admitted]));
    const presence = this.#context.hub.claim(name, { dialect: "group", remote: endpoint });
    if (presence === undefined) {
      admitted.left("refused");
      return this.#refuse({ verb: "ack", message: texts.NAME_TAKEN }, endpoint);
    }
    const user = new GroupUser(this.#services, presence, endpoint, admitted);
    this.#registering.set(key, user);
    const datagram = bytes.slice();
    presence.secure({
      decided: (fault) => {
        if (this.#registering.get(key) !== user) return; // It had to go meanwhile.
        this.#registering.delete(key);
        if (fault === undefined) return this.#admit(user, datagram);
        user.close("refused");
        if (fault === "taken") this.#refuse({ verb: "ack", message: texts.NAME_TAKEN }, endpoint);
        else refuse(texts.cannotRegister("names cannot be given at the moment"));
      },
      lost: (why) => this.#deregister(user, why),
    });
  }

  #admit(user: GroupUser, bytes: Uint8Array): void {
    const { endpoint, presence } = user;
    const known = this.#users.at(endpoint);
    if (known !== undefined) this.#deregister(known, "left", true);
    user.isProven = this.#scheduler.isProven(endpoint);
    this.#users.add(user);
    this.#context.log("debug", "a group client has registered", { user: user.name, address: endpoint.hostname });
    const { hub } = this.#context;
    if (hub.groups === undefined) this.#welcome(user, bytes);
    presence.enter(user, !user.isProven);
    if (hub.groups === undefined) return;
    // What somebody who is welcome says of themselves to others is so on all nodes.
    hub.whenTold(presence, () => {
      if (this.#isThere(user)) this.#welcome(user, bytes);
    });
  }

  /** A client has to go, whether or not it has its name yet. */
  #dismiss(user: GroupUser, reason: CloseReason): void {
    const key = endpointKey(user.endpoint);
    if (this.#registering.get(key) !== user) return this.#deregister(user, reason);
    this.#registering.delete(key);
    user.close(reason);
    user.presence.leave();
  }

  /** A client has acknowledged something, so that it is where it says. */
  #prove(user: GroupUser): void {
    if (user.isProven) return;
    user.isProven = true;
    this.#scheduler.prove(user.endpoint);
    this.#roster.proven(user);
    user.presence.confirm();
  }

  /** See {@linkcode DatagramGuard.yields}. */
  #makeRoom(isAt: (hostname: string) => boolean = () => true): boolean {
    const now = this.#context.deadlines.time;
    if (!this.#evictions.isOpen(now)) return false;
    const user = this.#users.mostDispensable(isAt);
    if (user === undefined) return false;
    this.#evictions.spend(1, now);
    this.#deregister(user, "unproven");
    return true;
  }

  #welcome(user: GroupUser, bytes: Uint8Array): void {
    const isThere = () => this.#users.at(user.endpoint) === user;
    const datagram = encodeAnswer({ verb: "ack", message: texts.WELCOME });
    const welcome = () => this.#scheduler.greet(datagram, user.endpoint, isThere);
    welcome();
    user.duplicates.answered(bytes, true, () => {
      welcome();
      this.#roster.sendTo(user);
    });
  }

  /** `dereg` names a port: the client's own, or that of a client that did not answer it. */
  #leave(endpoint: Endpoint, bytes: Uint8Array, isPassedOn: boolean): void {
    const { groups } = this.#context.hub;
    const leave = (passOn: () => boolean) => {
      const user = this.#users.meantBy(endpoint.hostname, endpoint.port);
      if (passOn()) return;
      if (user !== undefined) this.#deregister(user, "left");
      // Our goodbye has not arrived, or the client was registered with a server that was here before.
      else this.#refuse(GOODBYE, endpoint);
    };
    if (groups === undefined || isPassedOn || this.#users.at(endpoint) !== undefined) return leave(() => false);
    // They may just have come to another node.
    const datagram = bytes.slice();
    groups.refresh(() => leave(() => this.#elsewhere.passOnLeaving(endpoint, datagram)));
  }

  #deregister(user: GroupUser, reason: CloseReason, isReplaced = false): void {
    if (this.#users.at(user.endpoint) !== user) return;
    this.#users.remove(user);
    this.#groups.forget(user);
    user.close(reason);
    // A client that has taken its place would believe that it was meant.
    const isGone = () => this.#users.at(user.endpoint) === undefined;
    if (!isReplaced) this.#scheduler.greet(encodeAnswer(GOODBYE), user.endpoint, isGone);
    this.#context.log("debug", "a group client was deregistered", { user: user.name, why: reason });
    user.presence.leave();
  }

  /** Answers a client that is not registered, if there were not too many of them already. */
  #refuse(answer: Answer, endpoint: Endpoint): void {
    if (this.#guard.answersStranger()) this.#send(answer, endpoint);
  }

  #answer(user: GroupUser, request: GroupRequest, bytes: Uint8Array): void {
    const { groups } = this.#context.hub;
    if (groups === undefined) return this.#handle(user, request, bytes, () => {});
    const datagram = bytes.slice();
    const mayBeOld = request.verb !== "send_group" && request.verb !== "leave_group";
    this.#turns.take(user, latin1.decode(datagram), (done) => {
      const handle = () => this.#isThere(user) ? this.#handle(user, request, datagram, done) : done();
      if (mayBeOld) groups.refresh(handle);
      else handle();
    });
  }

  /** @param done called when it is answered, or nobody is there any more to be answered. */
  #handle(user: GroupUser, request: GroupRequest, bytes: Uint8Array, done: () => void): void {
    const answered = ({ answers, then }: GroupResponse) => {
      if (this.#isThere(user)) {
        const send = () => answers.forEach((answer) => this.#send(answer, user.endpoint));
        send();
        user.duplicates.answered(bytes, true, send);
        then?.();
      }
      done();
    };
    if (request.verb === "create_group") return this.#groups.create(request.group, answered);
    if (request.verb === "list_groups" || request.verb === "list_members") {
      this.#list(user, request, bytes);
      return done();
    }
    const response = this.#groups.handle(user, request);
    // Who is told that they are in a group, or out of it, is so on all nodes.
    this.#context.hub.whenTold(user.presence, () => answered(response));
  }

  #isThere(user: GroupUser): boolean {
    return this.#users.at(user.endpoint) === user;
  }

  /** What is answered may be far longer than what was asked: a client that asks for more than it may have gets no answer. */
  #list(user: GroupUser, request: ListRequest, bytes: Uint8Array): void {
    const send = () => {
      const now = this.#context.deadlines.time;
      const payer = this.#scheduler.payer(user.endpoint);
      if (!this.#lists.isOpen(payer, now)) return false;
      const { answers } = this.#groups.handle(user, request);
      const datagrams = answers.map((answer) => encodeAnswer(answer));
      for (const datagram of datagrams) this.#scheduler.list(datagram, user.endpoint);
      this.#lists.spend(payer, datagrams.reduce((sum, { length }) => sum + length + DATAGRAM_COST, 0), now);
      return true;
    };
    // A list that is asked for again may have changed.
    if (send()) user.duplicates.answered(bytes, true, send);
  }

  /** A direct message to a user of another dialect, whom the table has at our own address. */
  #forward(user: GroupUser, { to, message }: Direct, bytes: Uint8Array): void {
    const body = new TextEncoder().encode(message);
    if (body.length > this.#context.maxMessage) {
      return this.#send({ verb: "nack", message: "[The message is too long.]" }, user.endpoint);
    }
    const acknowledge = () => this.#send({ verb: "ack", message: texts.receivedBy(to) }, user.endpoint);
    const ended = (message: ForwardedMessage) => this.#forwarded.delete(message);
    const forwarded = new ForwardedMessage(this.#context.deadlines, acknowledge, ended);
    this.#forwarded.add(forwarded);
    user.duplicates.answered(bytes, true, () => forwarded.acknowledgeAgain());
    user.presence.send(to, body, forwarded);
  }

  #send(answer: Answer, to: Endpoint): void {
    this.#scheduler.answer(encodeAnswer(answer), to);
  }
}

/** The shortest time between two lines of the log, in milliseconds. */
const LOG_INTERVAL_MS = 1_000;

/** Logs the first malformed datagram, and then once a second how many there were: anybody can send them, at any rate. */
class DatagramLog {
  readonly #context: ServerContext;
  #isQuiet = false;
  #unlogged = 0;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  add(fault: DatagramFault, from: Endpoint): void {
    if (this.#isQuiet) {
      this.#unlogged++;
      return;
    }
    this.#context.log("info", "a datagram was ignored", { why: fault, address: from.hostname, port: from.port });
    this.#wait();
  }

  #wait(): void {
    this.#isQuiet = true;
    this.#context.deadlines.set(LOG_INTERVAL_MS, {
      expired: () => {
        this.#isQuiet = false;
        if (this.#unlogged === 0) return;
        this.#context.log("info", "more datagrams were ignored", { count: this.#unlogged });
        this.#unlogged = 0;
        this.#wait();
      },
    });
  }
}
