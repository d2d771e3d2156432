/**
 * The server's side of group.
 *
 * @module
 */

import { type DatagramPort, endpointKey } from "../../chat/datagrams.ts";
import type { Endpoint } from "../../chat/link.ts";
import { isWellFormedName } from "../../chat/name.ts";
import { CLOSE_REASONS, type CloseReason } from "../../chat/reasons.ts";
import type { DatagramServer, Doorkeeper, ServerContext } from "../dialect.ts";
import { Groups } from "./groups.ts";
import { type Answer, decodeRequest, type Direct, encodeAnswer } from "./messages.ts";
import { Noise } from "./noise.ts";
import { Passing } from "./passing.ts";
import { Roster } from "./roster.ts";
import { type GroupRequest, GroupService } from "./service.ts";
import * as texts from "./texts.ts";
import { REPEATS_MS } from "./times.ts";
import { GroupUser, type UserServices } from "./user.ts";
import { Users } from "./users.ts";

/** How many groups there may be: their list, a datagram each, must not be more at once than a client's socket holds. */
const MAX_GROUPS = 128;
/** How many clients that have just left are kept in mind. */
const MAX_DEPARTED = 1024;

const GOODBYE: Answer = { verb: "dereg", message: texts.OFFLINE };

/** Lets in whoever comes, for as long as they like. */
const OPEN_DOOR: Doorkeeper = {
  enter: () => ({ heard: () => {}, takes: () => true, left: () => {} }),
  answersStranger: () => true,
};

/**
 * group's server: one port for all clients. A client is who listens on the port that it names, at the address that its
 * datagrams come from; nothing is ever sent to an address that is only named in a datagram.
 */
export class GroupServer implements DatagramServer {
  readonly #context: ServerContext;
  readonly #port: DatagramPort;
  readonly #doorkeeper: Doorkeeper;
  readonly #users = new Users();
  readonly #groups = new Groups<GroupUser>(MAX_GROUPS);
  readonly #service: GroupService;
  readonly #roster: Roster;
  readonly #noise: Noise;
  readonly #passing = new Set<Passing>();
  /** Where clients were that have just left: they may not have heard that we know, and ask again. */
  readonly #departed = new Set<string>();
  readonly #services: UserServices;
  #isDraining = false;

  /** Takes what all dialects' servers share, the port, which the caller starts, and who says which clients may come in. */
  constructor(context: ServerContext, port: DatagramPort, doorkeeper: Doorkeeper = OPEN_DOOR) {
    this.#context = context;
    this.#port = port;
    this.#doorkeeper = doorkeeper;
    this.#noise = new Noise(context);
    this.#services = {
      deadlines: context.deadlines,
      send: (datagram, to) => port.send(datagram, to),
      addressFor: (peer) => port.addressFor(peer),
      unresponsive: (user, of) => {
        if (of === "group") this.#service.takeOutUnresponsive(user);
        else this.#deregister(user, "unresponsive");
      },
    };
    this.#roster = new Roster(context.hub, this.#services, this.#users.byName);
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
    this.#port.close("shutdown");
  }

  /** A datagram from somebody, or from whoever pretends to be. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    const request = decodeRequest(bytes);
    if (typeof request === "string") return this.#noise.heard(request, from);
    const endpoint = { hostname: from.hostname, port: request.port ?? from.port };
    const client = this.#users.at(endpoint);
    client?.stay.heard();
    if (request.verb === "ack") return client?.acknowledged(request.message);
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
    if (this.#users.isFull) return refuse(texts.cannotRegister(CLOSE_REASONS.full));
    const stay = this.#doorkeeper.enter(endpoint, (reason) => this.#deregister(user, reason));
    if (typeof stay === "string") return refuse(texts.cannotRegister(CLOSE_REASONS[stay]));
    const presence = this.#context.hub.claim(name, { dialect: "group", remote: endpoint });
    if (presence === undefined) {
      stay.left("refused");
      return this.#refuse({ verb: "ack", message: texts.NAME_TAKEN }, endpoint);
    }
    if (known !== undefined) this.#deregister(known, "left", true);
    const user = new GroupUser(this.#services, presence, endpoint, stay);
    this.#users.add(user);
    this.#departed.delete(endpointKey(endpoint));
    this.#context.log("debug", "a group client has registered", { user: name, address: endpoint.hostname });
    this.#welcome(user, bytes);
    presence.enter(user);
  }

  #welcome(user: GroupUser, bytes: Uint8Array): void {
    const welcome = () => this.#send({ verb: "ack", message: texts.WELCOME }, user.endpoint);
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
    else if (this.#departed.has(endpointKey(endpoint))) this.#refuse(GOODBYE, endpoint);
  }

  #deregister(user: GroupUser, reason: CloseReason, isReplaced = false): void {
    if (this.#users.at(user.endpoint) !== user) return;
    this.#users.remove(user);
    this.#groups.leave(user);
    user.close(reason);
    // Whoever has taken its place would believe that it was meant.
    if (!isReplaced) this.#send(GOODBYE, user.endpoint);
    if (reason === "left") this.#rememberDeparted(endpointKey(user.endpoint));
    this.#context.log("debug", "a group client was deregistered", { user: user.name, why: reason });
    user.presence.leave();
  }

  #rememberDeparted(key: string): void {
    if (this.#departed.size >= MAX_DEPARTED) return;
    this.#departed.add(key);
    this.#context.deadlines.set(REPEATS_MS, { expired: () => this.#departed.delete(key) });
  }

  /** Tells somebody who is not registered so, if there were not too many of them already. */
  #refuse(answer: Answer, endpoint: Endpoint): void {
    if (this.#doorkeeper.answersStranger()) this.#send(answer, endpoint);
  }

  #answer(user: GroupUser, request: GroupRequest, bytes: Uint8Array): void {
    const { answers, then } = this.#service.handle(user, request);
    const tell = (all: readonly Answer[]) => all.forEach((answer) => this.#send(answer, user.endpoint));
    tell(answers);
    // A list that is asked for again may have changed.
    const isList = request.verb === "list_groups" || request.verb === "list_members";
    user.repeats.heard(bytes, true, () => tell(isList ? this.#service.handle(user, request).answers : answers));
    then?.();
  }

  /** A direct message to somebody who does not speak group, whom the table has at our own address. */
  #pass(user: GroupUser, { to, message }: Direct, bytes: Uint8Array): void {
    const body = new TextEncoder().encode(message);
    if (body.length > this.#context.maxMessage) {
      return this.#send({ verb: "nack", message: "[The message is too long.]" }, user.endpoint);
    }
    const acknowledge = () => this.#send({ verb: "ack", message: texts.receivedBy(to) }, user.endpoint);
    const over = (passing: Passing) => this.#passing.delete(passing);
    const passing = new Passing(this.#context.deadlines, acknowledge, over);
    this.#passing.add(passing);
    user.repeats.heard(bytes, false, () => passing.again());
    user.presence.send(to, body, passing);
  }

  #send(answer: Answer, to: Endpoint): void {
    this.#port.send(encodeAnswer(answer), to);
  }
}
