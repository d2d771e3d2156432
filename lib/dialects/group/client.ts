/**
 * The client's side of group.
 *
 * @module
 */

import { isSameEndpoint, MAX_DATAGRAM } from "../../core/datagrams.ts";
import type { Endpoint } from "../../core/link.ts";
import { EVERYONE } from "../../core/name.ts";
import { DELIVERED, GONE, refused, TIMED_OUT } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import { visibleText } from "../../core/visible.ts";
import type { ClientEvents, ClientPort, DatagramSession, InputResult } from "../dialect.ts";
import { notCarried, oneLine } from "../session/one_line.ts";
import { Backlog } from "./backlog.ts";
import { parseGroupCommand, requestOf } from "./commands.ts";
import { DuplicateFilters } from "./duplicate_filter.ts";
import {
  type Answer,
  decodeAnswer,
  decodeTable,
  type Direct,
  encodeAcknowledgement,
  encodeAnswer,
  encodeRequest,
  fieldText,
  type Request,
  type Row,
} from "./messages.ts";
import { Peers, UnresponsivePeers } from "./peers.ts";
import { Registration } from "./registration.ts";
import type { AckResult } from "./reliable_sender.ts";
import { Listing, type Reply, RequestQueue } from "./request_queue.ts";
import { readRosterChanges, RosterView } from "./roster/roster_view.ts";
import { GROUPS_TITLE, NOT_REGISTERED, readGroupMessage, receivedBy } from "./texts.ts";
import { lifetimeOfAnswers } from "./times.ts";

const encoder = new TextEncoder();

/** How many direct messages that come inside a group are kept; what is more is not acknowledged. */
const BACKLOG_LIMITS = { messages: 1_000, characters: 1024 * 1024 };

/** A rejected line, and what could be written instead. */
const rejected = (hint: string): InputResult => ({ kind: "rejected", hint });

/**
 * Registers, then asks the server what is entered, one thing at a time, and sends direct messages to the other clients itself.
 * Inside a group, direct messages are acknowledged, announced, and shown when the client leaves it.
 */
export class GroupClient implements DatagramSession {
  readonly #events: ClientEvents;
  readonly #open: ClientPort;
  readonly #registration: Registration;
  readonly #requests: RequestQueue;
  readonly #peers: Peers;
  readonly #unresponsive: UnresponsivePeers;
  readonly #duplicates: DuplicateFilters;
  readonly #roster: RosterView;
  readonly #backlog = new Backlog<[from: string, message: string]>(BACKLOG_LIMITS);
  #name: string;
  #state: "registering" | "ready" | "leaving" | "closed" = "registering";
  #listing: Listing | undefined;
  /** The one that was asked for last, complete or not. */
  #lastList: { readonly verb: "list_groups" | "list_members"; readonly listing: Listing } | undefined;
  #groups: string[] = [];
  #isPaused = false;
  #lastId = 0;

  /** Nothing is sent before {@linkcode GroupClient.start}. */
  constructor(name: string, events: ClientEvents, open: ClientPort) {
    const { port, server, deadlines } = open;
    const toServer = (datagram: Uint8Array) => port.send(datagram, server);
    this.#name = name;
    this.#events = events;
    this.#open = open;
    this.#registration = new Registration(open, {
      registered: () => this.#registered(),
      refused: (why) => events.refused(why),
      failed: (why) => this.#finish(why),
      unanswered: () => this.#giveUp(),
    });
    this.#requests = new RequestQueue(deadlines, server.hostname, toServer);
    this.#peers = new Peers(deadlines, (datagram, to) => port.send(datagram, to));
    this.#unresponsive = new UnresponsivePeers(deadlines, toServer);
    this.#duplicates = new DuplicateFilters(deadlines);
    this.#roster = new RosterView(deadlines, port.local.port, lifetimeOfAnswers(server.hostname));
  }

  /** Shows the group that the client is in. */
  get prompt(): string | undefined {
    const { group } = this.#roster;
    return group === undefined ? undefined : `${visibleText(`${this.#name} (${group})`)}> `;
  }

  /** All others who are online. */
  get present(): readonly string[] {
    return this.#roster.others(this.#name);
  }

  /** The groups of the last list. */
  get groups(): readonly string[] {
    return this.#groups;
  }

  /** Whether the server has yet to answer, or has not finished. */
  get isWaiting(): boolean {
    return this.#state === "registering" || this.#requests.isWaiting || this.#listing !== undefined;
  }

  /** See {@linkcode DatagramSession.start}. */
  start(): void {
    this.#registration.register(this.#name);
  }

  /** Registers under another name. */
  rename(name: string): void {
    if (this.#state !== "registering") return;
    this.#name = name;
    this.#registration.register(name);
  }

  /** See {@linkcode DatagramSession.pause}. */
  pause(pause: boolean): void {
    this.#isPaused = pause;
  }

  /** A line is one of the document's commands. */
  enter(line: string): InputResult {
    if (line.trim() === "") return { kind: "taken" };
    if (this.#state !== "ready") return rejected("it again when the client is registered");
    const command = parseGroupCommand(line, this.#roster.group !== undefined);
    if (typeof command === "string") return rejected(command);
    if (command.kind === "send") return this.#send(command.to, command.message);
    if (command.kind === "dereg") return this.#dereg(command.name);
    const asker = { user: this.#name, port: this.#open.port.local.port, group: this.#roster.group };
    return this.#ask(requestOf(command, asker, this.#open.server));
  }

  /** Sends a line to one user; group has no message to everybody. */
  post(to: string | undefined, body: Uint8Array): InputResult {
    if (to === undefined || to === EVERYONE) {
      return notCarried("group has no messages to everybody", "a name, or a group that you are in");
    }
    return this.#enter(`send ${to}`, body);
  }

  /** Sends a line to the group that the client is in. */
  postToGroup(group: string, body: Uint8Array): InputResult {
    if (group !== this.#roster.group) return notCarried(`you are not in group ${group}`, `join_group ${group} first`);
    return this.#enter("send_group", body);
  }

  /** Leaves: with `dereg`, or without a word (a silent leave) where the user has broken off. */
  leave(isInterrupted = false): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    if (isInterrupted || this.#state === "registering") return this.#close("left");
    this.#state = "leaving";
    this.#requests.ask({ verb: "dereg", port: this.#open.port.local.port }, () => this.#close("left"));
  }

  /** See {@linkcode DatagramSession.closed}. */
  closed(reason: CloseReason): void {
    if (this.#state === "closed") return;
    const wasLeaving = this.#state === "leaving";
    this.#close(reason);
    if (!wasLeaving) this.#events.closed(CLOSE_REASONS[reason], "connection");
  }

  /** A datagram from the server, from another client, or from anybody. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#state === "closed") return;
    const message = decodeAnswer(bytes);
    if (typeof message === "string") return;
    if (message.verb === "send") return this.#takeDirect(message, bytes, from);
    if (message.verb === "ack" && this.#peers.acknowledged(message.message, from)) return;
    if (isSameEndpoint(from, this.#open.server)) this.#takeAnswer(message, bytes);
  }

  #takeAnswer(answer: Answer, bytes: Uint8Array): void {
    switch (answer.verb) {
      case "update":
        return this.#takeTable(answer.payload);
      case "list_groups":
      case "list_members":
        return this.#lastList?.verb === answer.verb ? this.#lastList.listing.add(answer.message) : undefined;
      case "send_group":
        return this.#takeGroupMessage(answer.message, bytes);
      default:
        return this.#takeReply(answer);
    }
  }

  #takeReply(reply: Reply): void {
    if (this.#state === "registering") return this.#registration.heard(reply);
    if (this.#requests.heard(reply) || reply.verb !== "dereg" || this.#state !== "ready") return;
    // Another client has reported this one, or its place was wanted; what else was not asked for is late, or a copy.
    this.#events.notice(reply.message);
    this.#leftGroup();
    this.#registerAgain();
  }

  #registered(): void {
    this.#state = "ready";
    this.#events.ready(this.#name);
    this.#showChanges(new Map());
  }

  /** All requests end here, with their copies: none of their answers may be taken for that of a new one. */
  #registerAgain(): void {
    this.#state = "registering";
    this.#requests.refuseAll({ verb: "nack", message: NOT_REGISTERED });
    this.#registration.registerAgain(this.#name);
  }

  #takeTable(payload: string): void {
    const table = decodeTable(payload);
    if (table === undefined) return;
    const before = this.#roster.table;
    const isTakenOut = this.#roster.update(table, this.#name);
    this.#unresponsive.compare(table);
    if (this.#state === "registering") {
      if (this.#roster.own(this.#name) !== undefined) this.#registration.listed();
      return;
    }
    this.#showChanges(before);
    if (isTakenOut) this.#leftGroup(`[You are no longer in group ${this.#roster.group}.]`);
  }

  #showChanges(before: ReadonlyMap<string, Row>): void {
    for (const line of readRosterChanges(this.#name, before, this.#roster.table)) this.#events.notice(line);
  }

  /** Whether messages are acknowledged: the server waits for that once it has the client, even if its table is on the way. */
  get #takesMessages(): boolean {
    return !this.#isPaused && (this.#state !== "registering" || this.#registration.isAcknowledged);
  }

  #takeDirect(direct: Direct, bytes: Uint8Array, from: Endpoint): void {
    // Where a sender's table is behind, a message for another client may come to this port.
    if (!this.#takesMessages || direct.to !== this.#name) return;
    const sender = { hostname: from.hostname, port: direct.port };
    if (!this.#duplicates.of(sender).once(bytes, true, () => this.#showDirect(direct))) return;
    this.#open.port.send(encodeAnswer({ verb: "ack", message: receivedBy(direct.to) }), sender);
  }

  /** Shows a direct message, or keeps it for later; `false` if there is no room for it. */
  #showDirect({ user, message }: Direct): boolean {
    if (this.#roster.group === undefined) this.#events.message(user, "direct", encoder.encode(message));
    else {
      if (!this.#backlog.hasRoomFor([user, message])) return false;
      this.#backlog.add([user, message]);
      this.#events.notice(`private message from ${user}: leave_group shows it`);
    }
    return true;
  }

  #takeGroupMessage(text: string, bytes: Uint8Array): void {
    if (!this.#takesMessages) return;
    const { port, server } = this.#open;
    this.#duplicates.of(server).once(bytes, false, () => {
      const said = readGroupMessage(text);
      if (said === undefined) this.#events.notice(text);
      else this.#events.message(said.from, "everyone", encoder.encode(said.message));
      return true;
    });
    port.send(encodeAcknowledgement(text, port.local.port), server);
  }

  /** Enters a command with a message behind it, if the message is understood as it is. */
  #enter(command: string, body: Uint8Array): InputResult {
    const text = oneLine(body);
    if (typeof text !== "string") return text;
    if (fieldText(text) !== text) return notCarried("the message has control characters", "text without them");
    const understood = parseGroupCommand(`${command} ${text}`, command === "send_group");
    const isWhole = typeof understood !== "string" && "message" in understood && understood.message === text;
    return isWhole
      ? this.enter(`${command} ${text}`)
      : notCarried("the name or the ends of the message are blank", "it without");
  }

  #send(to: string, message: string): InputResult {
    const row = this.#roster.online(to);
    if (row === undefined) return rejected(`the name of somebody who is online: ${to} is not`);
    const own = this.#open.port.addressFor(this.#open.server);
    const ip = this.#roster.own(this.#name)?.ip ?? own.hostname;
    const request = { verb: "send", user: this.#name, to, ip, port: this.#open.port.local.port, message } as const;
    if (encodeRequest(request).length > MAX_DATAGRAM) return rejected("less: a message must fit into a datagram");
    const id = ++this.#lastId;
    const isPosted = this.#peers.post(to, { hostname: row.ip, port: row.port }, (isMarked) => ({
      datagram: encodeRequest(request, isMarked),
      awaited: receivedBy(to),
      settled: (result) => this.#settleDirect(id, row, result),
    }));
    if (!isPosted) return rejected(`it later: too many messages wait for ${to} already`);
    return { kind: "sent", id, to, audience: "direct" };
  }

  #settleDirect(id: number, row: Row, result: AckResult): void {
    if (result === "acknowledged") return this.#events.settled(id, DELIVERED);
    if (result === "dropped") return this.#events.settled(id, GONE);
    this.#events.settled(id, TIMED_OUT, `[No ACK from ${row.name}, message not delivered]`);
    this.#peers.drop(row.name);
    // Users of other dialects are at the server's own address, and it finds out itself that one does not answer.
    if (!isSameEndpoint({ hostname: row.ip, port: row.port }, this.#open.server)) this.#unresponsive.report(row);
  }

  #dereg(name: string): InputResult {
    if (name === this.#name) return { kind: "leaving" };
    const row = this.#roster.online(name);
    if (row === undefined) return rejected(`the name of somebody who is online: ${name} is not`);
    const id = ++this.#lastId;
    const settled = (isDeregistered: boolean) => this.#events.settled(id, isDeregistered ? DELIVERED : TIMED_OUT);
    this.#unresponsive.report(row, settled);
    return { kind: "asked", id };
  }

  #ask(request: Request): InputResult {
    if (this.isWaiting) return rejected("it again when the server has answered what was asked before");
    if (encodeRequest(request).length > MAX_DATAGRAM) return rejected("less: a request must fit into a datagram");
    const id = ++this.#lastId;
    if (request.verb === "list_groups" || request.verb === "list_members") this.#beginList(request.verb, id);
    this.#requests.ask(request, (reply) => this.#answered(id, request, reply));
    return { kind: "asked", id };
  }

  #beginList(verb: "list_groups" | "list_members", id: number): void {
    if (verb === "list_groups") this.#groups = [];
    const added = (line: string) => {
      if (verb === "list_groups" && line !== GROUPS_TITLE) this.#groups.push(line);
      this.#events.notice(line);
    };
    this.#listing = new Listing(this.#open.deadlines, this.#open.server.hostname, added, () => {
      this.#listing = undefined;
      this.#events.settled(id, DELIVERED);
    });
    this.#lastList = { verb, listing: this.#listing };
  }

  #answered(id: number, request: Request, reply: Reply | undefined): void {
    if (reply === undefined) {
      this.#events.settled(id, TIMED_OUT);
      return this.#giveUp();
    }
    if (reply.verb === "nack") return this.#nacked(id, request, reply.message);
    this.#events.notice(reply.message);
    if (this.#listing !== undefined) return this.#listing.answered();
    this.#events.settled(id, DELIVERED);
    if (request.verb === "join_group") this.#roster.move(request.group);
    if (request.verb === "leave_group") this.#leftGroup();
  }

  #nacked(id: number, { verb }: Request, why: string): void {
    this.#listing = undefined;
    this.#lastList = undefined;
    // The client was deregistered and the goodbye has not arrived, or the server has restarted. Nothing is entered meanwhile.
    const isForgotten = why === NOT_REGISTERED && this.#state === "ready";
    if (isForgotten) this.#state = "registering";
    this.#events.settled(id, refused("not-allowed"), why);
    // What goes inside a group only is refused to those whom the server does not have there.
    if (verb === "send_group" || verb === "list_members" || verb === "leave_group") this.#leftGroup(why);
    if (isForgotten) this.#registerAgain();
  }

  /** The client is in no group any more: the backlog is shown. */
  #leftGroup(why?: string): void {
    if (this.#roster.group === undefined) return;
    this.#roster.move(undefined);
    if (why !== undefined) this.#events.notice(why);
    for (const [from, message] of this.#backlog.take().messages) {
      this.#events.message(from, "direct", encoder.encode(message));
    }
  }

  #giveUp(): void {
    this.#events.notice("[Server not responding]");
    this.#events.notice("[Exiting]");
    this.#finish("it does not answer");
  }

  #finish(why: string): void {
    this.#close("done");
    this.#events.closed(why, "connection");
  }

  #close(reason: CloseReason): void {
    this.#state = "closed";
    this.#registration.close();
    this.#requests.close();
    this.#peers.close();
    this.#duplicates.clear();
    this.#unresponsive.close();
    this.#listing?.close();
    this.#roster.close();
    this.#open.port.close(reason);
  }
}
