/**
 * The client's side of group.
 *
 * @module
 */

import { type DatagramHandler, type DatagramPort, isSameEndpoint, MAX_DATAGRAM } from "../../core/datagrams.ts";
import type { Deadline, Deadlines } from "../../core/deadlines.ts";
import type { Endpoint } from "../../core/link.ts";
import { DELIVERED, GONE, refused, TIMED_OUT } from "../../core/outcome.ts";
import { CLOSE_REASONS, type CloseReason } from "../../core/close_reason.ts";
import { visibleText } from "../../core/visible.ts";
import type { ClientEvents, InputResult } from "../dialect.ts";
import { type Reply, RequestQueue } from "./request_queue.ts";
import { type Command, parseCommand } from "./commands.ts";
import { MessageBacklog } from "./message_backlog.ts";
import { Listing } from "./listing.ts";
import {
  type Answer,
  decodeAnswer,
  type Direct,
  encodeAcknowledgement,
  encodeAnswer,
  encodeRequest,
  type Request,
} from "./messages.ts";
import { readRosterChanges } from "./roster_changes.ts";
import type { AckResult } from "./reliable_sender.ts";
import { Peers } from "./peers.ts";
import { Registration } from "./registration.ts";
import { Copies } from "./repeats.ts";
import { Reports } from "./reports.ts";
import { RosterView } from "./roster_view.ts";
import { decodeTable, type Row } from "./table.ts";
import { GROUPS_TITLE, NOT_REGISTERED, readGroupMessage, receivedBy } from "./texts.ts";
import { lifetimeOfAnswers, TRIES } from "./times.ts";

const encoder = new TextEncoder();

/** How long we are left in peace before the server may have us register again as often as before, in milliseconds. */
const PEACE_MS = 10_000;

/** A rejected line, and what could be written instead. */
const rejected = (hint: string): InputResult => ({ kind: "rejected", hint });

/**
 * Registers, then asks the server what is entered, one thing at a time, and sends direct messages to the others itself.
 * Inside a group, what comes for it alone is acknowledged, announced, and shown when it leaves.
 */
export class GroupSession implements DatagramHandler {
  readonly #events: ClientEvents;
  readonly #deadlines: Deadlines;
  readonly #port: DatagramPort;
  readonly #server: Endpoint;
  readonly #asking: RequestQueue;
  readonly #peers: Peers;
  readonly #reports: Reports;
  readonly #copies: Copies;
  readonly #standing: RosterView;
  readonly #kept = new MessageBacklog();
  #name: string;
  #registering: Registration | undefined;
  #state: "registering" | "ready" | "leaving" | "closed" = "registering";
  #listing: Listing | undefined;
  #groups: string[] = [];
  #isPaused = false;
  #lastId = 0;
  /** How often we have registered, of late; at odd times the request is marked. */
  #registrations = 0;
  #peace: Deadline | undefined;

  /** Takes the name, who is told what happens, the time, an open port, and the server; registers. */
  constructor(name: string, events: ClientEvents, deadlines: Deadlines, port: DatagramPort, server: Endpoint) {
    const toServer = (datagram: Uint8Array) => port.send(datagram, server);
    this.#name = name;
    this.#events = events;
    this.#deadlines = deadlines;
    this.#port = port;
    this.#server = server;
    this.#asking = new RequestQueue(deadlines, server.hostname, toServer);
    this.#peers = new Peers(deadlines, (datagram, to) => port.send(datagram, to));
    this.#reports = new Reports(deadlines, toServer);
    this.#copies = new Copies(deadlines);
    this.#standing = new RosterView(deadlines, port.local.port, lifetimeOfAnswers(server.hostname));
    this.#register((why) => events.refused(why));
  }

  /** Shows the group. */
  get prompt(): string | undefined {
    const { group } = this.#standing;
    return group === undefined ? undefined : `${visibleText(`${this.#name} (${group})`)}> `;
  }

  /** The group that the client is in. */
  get group(): string | undefined {
    return this.#standing.group;
  }

  /** Everybody else who is online. */
  get present(): readonly string[] {
    return this.#standing.others(this.#name);
  }

  /** The groups of the last list. */
  get groups(): readonly string[] {
    return this.#groups;
  }

  /** Whether the server has yet to answer, or has not finished. */
  get isWaiting(): boolean {
    return this.#state === "registering" || this.#asking.isWaiting || this.#listing !== undefined;
  }

  /** Registers under another name. */
  rename(name: string): void {
    if (this.#state !== "registering") return;
    this.#name = name;
    this.#register((why) => this.#events.refused(why));
  }

  /** Takes no messages, or takes them again. */
  pause(pause: boolean): void {
    this.#isPaused = pause;
  }

  /** Takes one of the document's commands. */
  enter(line: string): InputResult {
    if (line.trim() === "") return { kind: "taken" };
    if (this.#state !== "ready") return rejected("it again when the client is registered");
    const command = parseCommand(line, this.#standing.group !== undefined);
    if (typeof command === "string") return rejected(command);
    if (command.kind === "send") return this.#send(command.to, command.message);
    if (command.kind === "dereg") return this.#dereg(command.name);
    return this.#ask(this.#requestOf(command));
  }

  /** Leaves: with `dereg`, or without a word (a silent leave) where the user has broken off. */
  leave(isInterrupted = false): void {
    if (this.#state === "leaving" || this.#state === "closed") return;
    if (isInterrupted || this.#state === "registering") return this.#close("left");
    this.#state = "leaving";
    this.#asking.ask({ verb: "dereg", port: this.#port.local.port }, () => this.#close("left"));
  }

  /** The port is closed. */
  closed(reason: CloseReason): void {
    if (this.#state === "closed") return;
    const wasLeaving = this.#state === "leaving";
    this.#close(reason);
    if (!wasLeaving) this.#events.closed(CLOSE_REASONS[reason], "connection");
  }

  /** Something came from the server, from another client, or from anybody. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#state === "closed") return;
    const message = decodeAnswer(bytes);
    if (typeof message === "string") return;
    if (message.verb === "send") return this.#takeDirect(message, bytes, from);
    if (message.verb === "ack" && this.#peers.acknowledged(message.message, from)) return;
    if (isSameEndpoint(from, this.#server)) this.#takeAnswer(message, bytes);
  }

  #takeAnswer(answer: Answer, bytes: Uint8Array): void {
    switch (answer.verb) {
      case "update":
        return this.#takeTable(answer.payload);
      case "list_groups":
      case "list_members":
        return this.#listing?.add(answer.message);
      case "send_group":
        return this.#takeGroupMessage(answer.message, bytes);
      default:
        return this.#takeReply(answer);
    }
  }

  #takeReply(reply: Reply): void {
    if (this.#state === "registering") this.#registering?.heard(reply);
    else if (!this.#asking.heard(reply) && reply.verb === "dereg" && this.#state === "ready") {
      // Somebody has found us silent, or our place was wanted; what else was not asked for is late, or a copy.
      this.#events.notice(reply.message);
      this.#leftGroup();
      this.#registerAgain();
    }
  }

  #register(refused: (why: string) => void): void {
    this.#registering?.close();
    const listening = this.#port.addressFor(this.#server);
    this.#registering = new Registration(this.#deadlines, this.#name, listening, {
      send: (datagram) => this.#port.send(datagram, this.#server),
      registered: () => {
        this.#state = "ready";
        this.#peace = this.#deadlines.set(PEACE_MS, { expired: () => this.#registrations = 0 });
        this.#events.ready(this.#name);
        this.#tellNews(new Map());
      },
      refused,
      silent: () => this.#giveUp(),
    }, this.#registrations % 2 === 1);
  }

  /** What was asked is over first, copies and all: none of it may be taken for something asked anew. */
  #registerAgain(): void {
    this.#state = "registering";
    this.#registering = undefined;
    this.#asking.refuseAll({ verb: "nack", message: NOT_REGISTERED });
    this.#peace?.cancel();
    if (++this.#registrations > TRIES) return this.#finish("it deregisters us again and again");
    this.#deadlines.set(lifetimeOfAnswers(this.#server.hostname), {
      expired: () => this.#state === "registering" && this.#register((why) => this.#finish(why)),
    });
  }

  #takeTable(payload: string): void {
    const table = decodeTable(payload);
    if (table === undefined) return;
    const before = this.#standing.table;
    const isTakenOut = this.#standing.update(table, this.#name);
    this.#reports.compare(table);
    if (this.#state === "registering") {
      if (this.#standing.own(this.#name) !== undefined) this.#registering?.listed();
      return;
    }
    this.#tellNews(before);
    if (isTakenOut) this.#leftGroup(`[You are no longer in group ${this.#standing.group}.]`);
  }

  #tellNews(before: ReadonlyMap<string, Row>): void {
    for (const line of readRosterChanges(this.#name, before, this.#standing.table)) this.#events.notice(line);
  }

  /** Once the server has us, it awaits our word on what it passes on, also while its table is still on the way. */
  get #takesMessages(): boolean {
    return !this.#isPaused && (this.#state !== "registering" || this.#registering?.isAcknowledged === true);
  }

  #takeDirect(direct: Direct, bytes: Uint8Array, from: Endpoint): void {
    // Where a table is behind, somebody else's message may come to our port.
    if (!this.#takesMessages || direct.to !== this.#name) return;
    const sender = { hostname: from.hostname, port: direct.port };
    if (!this.#copies.once(bytes, sender, true, () => this.#showDirect(direct))) return;
    this.#port.send(encodeAnswer({ verb: "ack", message: receivedBy(direct.to) }), sender);
  }

  /** Shows a direct message, or keeps it; says whether it was taken at all. */
  #showDirect({ user, message }: Direct): boolean {
    if (this.#standing.group === undefined) this.#events.message(user, "direct", encoder.encode(message));
    else if (this.#kept.add({ from: user, message })) {
      this.#events.notice(`private message from ${user}: leave_group shows it`);
    } else return false;
    return true;
  }

  #takeGroupMessage(text: string, bytes: Uint8Array): void {
    if (!this.#takesMessages) return;
    this.#copies.once(bytes, this.#server, false, () => {
      const said = readGroupMessage(text);
      if (said === undefined) this.#events.notice(text);
      else this.#events.message(said.from, "everyone", encoder.encode(said.message));
      return true;
    });
    this.#port.send(encodeAcknowledgement(text, this.#port.local.port), this.#server);
  }

  #send(to: string, message: string): InputResult {
    const row = this.#standing.online(to);
    if (row === undefined) return rejected(`the name of somebody who is online: ${to} is not`);
    const { port } = this.#port.local;
    const ip = this.#standing.own(this.#name)?.ip ?? this.#port.addressFor(this.#server).hostname;
    const request = { verb: "send", user: this.#name, to, ip, port, message } as const;
    if (encodeRequest(request).length > MAX_DATAGRAM) return rejected("less: a message must fit into a datagram");
    const id = ++this.#lastId;
    const settled = (fate: AckResult) => this.#settleDirect(id, row, fate);
    const letterFor = (isMarked: boolean) => ({
      datagram: encodeRequest(request, isMarked),
      awaited: receivedBy(to),
      settled,
    });
    if (!this.#peers.post(to, { hostname: row.ip, port: row.port }, letterFor)) {
      return rejected(`it later: too many messages wait for ${to} already`);
    }
    return { kind: "sent", id, to, audience: "direct" };
  }

  #settleDirect(id: number, row: Row, fate: AckResult): void {
    if (fate === "acknowledged") return this.#events.settled(id, DELIVERED);
    if (fate === "dropped") return this.#events.settled(id, GONE);
    this.#events.settled(id, TIMED_OUT, `[No ACK from ${row.name}, message not delivered]`);
    this.#peers.drop(row.name);
    // Whoever speaks another dialect is at the server's own address, and for the server to find silent.
    if (!isSameEndpoint({ hostname: row.ip, port: row.port }, this.#server)) this.#reports.report(row);
  }

  #dereg(name: string): InputResult {
    if (name === this.#name) return { kind: "leaving" };
    const row = this.#standing.online(name);
    if (row === undefined) return rejected(`the name of somebody who is online: ${name} is not`);
    const id = ++this.#lastId;
    this.#reports.report(row, (isFollowed) => this.#events.settled(id, isFollowed ? DELIVERED : TIMED_OUT));
    return { kind: "asked", id };
  }

  #requestOf(command: Exclude<Command, { kind: "send" | "dereg" }>): Request {
    const { port } = this.#port.local;
    const user = this.#name;
    const group = this.#standing.group ?? "";
    switch (command.kind) {
      case "create_group":
      case "join_group":
        return { verb: command.kind, port, group: command.group, user };
      case "list_groups":
        return { verb: "list_groups", port, user };
      case "list_members":
      case "leave_group":
        return { verb: command.kind, port, user, group };
      case "send_group": {
        const { hostname: serverIp, port: serverPort } = this.#server;
        return { verb: "send_group", user, port, message: command.message, serverIp, serverPort, group };
      }
    }
  }

  #ask(request: Request): InputResult {
    if (this.isWaiting) return rejected("it again when the server has answered what was asked before");
    if (encodeRequest(request).length > MAX_DATAGRAM) return rejected("less: a request must fit into a datagram");
    const id = ++this.#lastId;
    if (request.verb === "list_groups") this.#groups = [];
    if (request.verb === "list_groups" || request.verb === "list_members") {
      this.#listing = new Listing(
        this.#deadlines,
        this.#server.hostname,
        (line) => {
          if (request.verb === "list_groups" && line !== GROUPS_TITLE) this.#groups.push(line);
          this.#events.notice(line);
        },
        () => {
          this.#listing = undefined;
          this.#events.settled(id, DELIVERED);
        },
      );
    }
    this.#asking.ask(request, (reply) => this.#answered(id, request, reply));
    return { kind: "asked", id };
  }

  #answered(id: number, request: Request, reply: Reply | undefined): void {
    if (reply === undefined) {
      this.#events.settled(id, TIMED_OUT);
      return this.#giveUp();
    }
    if (reply.verb === "nack") {
      this.#listing = undefined;
      // We were found silent and have missed the goodbye, or the server has forgotten everybody. Nothing is entered meanwhile.
      const isForgotten = reply.message === NOT_REGISTERED && this.#state === "ready";
      if (isForgotten) this.#state = "registering";
      this.#events.settled(id, refused("not-allowed"), reply.message);
      // What goes inside a group only is refused to those whom the server does not have there.
      const isInside = request.verb === "send_group" || request.verb === "list_members" ||
        request.verb === "leave_group";
      if (isInside) this.#leftGroup(reply.message);
      if (isForgotten) this.#registerAgain();
      return;
    }
    this.#events.notice(reply.message);
    if (this.#listing !== undefined) return this.#listing.begin();
    this.#events.settled(id, DELIVERED);
    if (request.verb === "join_group") this.#standing.move(request.group);
    if (request.verb === "leave_group") this.#leftGroup();
  }

  /** We are out of our group: what was kept is shown. */
  #leftGroup(why?: string): void {
    if (this.#standing.group === undefined) return;
    this.#standing.move(undefined);
    if (why !== undefined) this.#events.notice(why);
    for (const { from, message } of this.#kept.take()) this.#events.message(from, "direct", encoder.encode(message));
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
    this.#registering?.close();
    this.#asking.close();
    this.#peers.close();
    this.#copies.close();
    this.#peace?.cancel();
    this.#reports.close();
    this.#listing?.close();
    this.#standing.close();
    this.#port.close(reason);
  }
}
