/**
 * A group client that shares no code with ours: small, right, and made to be overridden.
 *
 * @module
 */

import type { DatagramPort } from "../../../lib/core/datagrams.ts";
import { fromUtf8, latin1Bytes, latin1Text, utf8 } from "../latin1.ts";
import { type PutIn, puttingInto } from "../put_in.ts";
import type { Timer } from "../../../lib/core/runtime.ts";
import { type ClientProgram, endpointOf, type ProgramIo } from "./program.ts";

/** How long an answer may take, in milliseconds, and how often is asked. */
const ANSWER = 500;
const TIMES = 5;
/** What is for those in a group, and what is for the others. */
const INSIDE: readonly string[] = ["send_group", "list_members", "leave_group"];
const OUTSIDE: readonly string[] = ["send", "create_group", "list_groups", "join_group"];

/** A row of the table. */
export interface TableRow {
  /** Who it is about. */
  readonly name: string;
  /** Where that is. */
  readonly ip: string;
  /** The port. */
  readonly port: number;
  /** `yes` for who is there. */
  readonly status: string;
}

/** The client. */
export class PlainGroupClient implements ClientProgram {
  /** What is around it. */
  readonly io: ProgramIo;
  /** Its user. */
  readonly name: string;
  /** Its port, as it is written. */
  readonly own: string;
  /** The port. */
  port: DatagramPort | undefined;
  /** The table. */
  rows: readonly TableRow[] = [];
  /** The group that it is in. */
  group: string | undefined;
  /** The group that it asks to join. */
  joining: string | undefined;
  /** Private messages that are shown on leaving the group. */
  waiting: [from: string, text: string][] = [];
  /** The request that is not answered. */
  pending: string | undefined;
  /** How often it was sent. */
  tries = 0;
  /** Whether it hears nothing any more. */
  isDeaf = false;
  /** Runs until the answer is late. */
  timer: Timer | undefined;
  /** Run until a direct message is not acknowledged, by the other's name. */
  readonly unacknowledged = new Map<string, Timer>();

  /** Does nothing yet. */
  constructor(io: ProgramIo) {
    this.io = io;
    this.name = io.place.name;
    this.own = String(io.place.clientPort);
  }

  /** Listens, and registers. */
  start(): void {
    this.port = this.io.openPort(this.io.place.clientPort);
    this.port.start({
      receive: (bytes) => this.receive(fromUtf8(latin1Text(bytes))),
      closed: () => this.timer?.cancel(),
    });
    this.register();
  }

  /** Asks to be registered. */
  register(): void {
    this.ask("register", ["username:", this.name, "ip:", "127.0.0.1", "port:", this.own]);
  }

  /** A line was typed. */
  line(text: string): void {
    const [word = "", ...rest] = text.split(" ");
    if (!this.isAllowed(word)) return this.notAllowed(word);
    this.command(word, rest.join(" "));
  }

  /** Whether a command is for where we are. */
  isAllowed(word: string): boolean {
    return this.group === undefined ? !INSIDE.includes(word) : !OUTSIDE.includes(word);
  }

  /** Says that it is not. */
  notAllowed(word: string): void {
    this.io.show(`[${word} is not for here.]`);
  }

  /** Does what a command says. */
  command(word: string, rest: string): void {
    const who = ["port:", this.own, "current_user:", this.name];
    switch (word) {
      case "send": {
        const [to = "", ...text] = rest.split(" ");
        return this.send(to, text.join(" "));
      }
      case "dereg":
        return this.ask(word, ["port:", this.own]);
      case "create_group":
      case "join_group":
        if (word === "join_group") this.joining = rest;
        return this.ask(word, ["port:", this.own, "group_name:", rest, "current_user:", this.name]);
      case "list_groups":
        return this.ask(word, who);
      case "list_members":
      case "leave_group":
        return this.ask(word, [...who, "group_name:", this.group!]);
      case "send_group": {
        const { hostname, port } = this.io.place.server;
        const place = ["server_ip", hostname, "server_port", String(port), "group_name", this.group!];
        return this.ask(word, ["sender:", this.name, "port:", this.own, "message:", rest, ...place]);
      }
    }
  }

  /** Sends a request, until it is answered. */
  ask(kind: string, fields: readonly string[]): void {
    this.pending = ["header:", kind, ...fields].join("\n");
    this.tries = 0;
    this.again();
  }

  /** Sends it once more, or gives up. */
  again(): void {
    if (this.pending === undefined) return;
    if (this.tries++ === TIMES) return this.giveUp();
    this.toServer(this.pending);
    this.timer = this.io.runtime.after(this.patience(), () => this.again());
  }

  /** How long an answer may take. */
  patience(): number {
    return ANSWER;
  }

  /** Nobody answers. */
  giveUp(): void {
    this.io.show("[Server not responding]");
    this.io.show("[Exiting]");
    this.io.end(1);
  }

  /** The request is answered. */
  settle(): void {
    this.timer?.cancel();
    this.pending = undefined;
  }

  /** Sends the server a datagram. */
  toServer(text: string): void {
    this.port!.send(latin1Bytes(utf8(text)), this.io.place.server);
  }

  /** Sends somebody a message. */
  send(to: string, text: string): void {
    const row = this.rows.find(({ name }) => name === to);
    if (row === undefined || !this.isThere(row)) return this.io.show(`[${to} is not there.]`);
    this.port!.send(latin1Bytes(utf8(this.direct(to, text))), endpointOf(row.ip, row.port));
    this.unacknowledged.set(to, this.io.runtime.after(ANSWER, () => this.unanswered(to)));
  }

  /** Whether somebody of the table is there. */
  isThere({ status }: { readonly status: string }): boolean {
    return status === "yes";
  }

  /** A direct message as it goes out. */
  direct(to: string, text: string): string {
    const about = ["current_user:", this.name, "name", to, "ip", "127.0.0.1", "port:", this.own];
    return ["header:", "send", ...about, "message:", text].join("\n");
  }

  /** Somebody has acknowledged a direct message. */
  acknowledged(who: string, text: string): void {
    this.unacknowledged.get(who)?.cancel();
    this.io.show(text);
  }

  /** Nobody has. */
  unanswered(to: string): void {
    this.io.show(`[No ACK from ${to}, message not delivered]`);
    this.toServer(`header:\ndereg\nport:\n${this.reported(to)}`);
  }

  /** The port that is reported. */
  reported(to: string): string {
    return String(this.rows.find(({ name }) => name === to)?.port);
  }

  /** A datagram has come. */
  receive(text: string): void {
    const lines = text.split("\n");
    const [, kind = ""] = lines;
    const values = lines.filter((_line, i) => i > 2 && i % 2 === 1);
    if (values.length === 0 || text.includes("\ufffd")) return this.unreadable();
    switch (kind.toLowerCase()) {
      case "update":
        return this.table(values[0]!);
      case "ack":
      case "nack":
      case "dereg":
      case "leave":
        return this.told(kind.toLowerCase(), values[0]!);
      case "list_groups":
      case "list_members":
        return this.listed(values[0]!);
      case "send_group":
        return this.groupMessage(values[0]!);
      case "send":
        if (values.length < 5) return this.unreadable();
        return this.directMessage(values[0]!, endpointOf(values[2]!, values[3]!), values[4]!);
      default:
        return this.unreadable();
    }
  }

  /** What has come is no message. */
  unreadable(): void {}

  /** The table. */
  table(text: string): void {
    try {
      this.rows = Object.values(JSON.parse(text) as Record<string, TableRow>);
    } catch {
      this.unreadable();
    }
  }

  /** An answer, of the server or of somebody else. */
  told(kind: string, text: string): void {
    const [, who] = /^\[Message received by (\w+)\.\]$/.exec(text) ?? [];
    if (who !== undefined && who !== "Server") return this.acknowledged(who, text);
    this.answer(kind, text);
  }

  /** The server's answer to a request. */
  answer(kind: string, text: string): void {
    this.settle();
    this.io.show(text);
    if (kind === "ack" && text.startsWith("[Entered")) this.group = this.joining;
    if (kind !== "leave") return;
    this.group = undefined;
    for (const [from, text] of this.waiting.splice(0)) this.shown(from, text);
  }

  /** A line of a list. */
  listed(text: string): void {
    this.io.show(text);
  }

  /** A message to the group. */
  groupMessage(text: string): void {
    this.toServer(`header:\nack\nmessage:\n${text}\nport:\n${this.own}`);
    this.io.show(text);
  }

  /** A direct message. */
  directMessage(from: string, sender: ReturnType<typeof endpointOf>, text: string): void {
    this.acknowledge(sender);
    if (this.group === undefined) this.shown(from, text);
    else this.kept(from, text);
  }

  /** Acknowledges it. */
  acknowledge(sender: ReturnType<typeof endpointOf>): void {
    this.port!.send(latin1Bytes(`header:\nack\nmessage:\n[Message received by ${this.name}.]`), sender);
  }

  /** Keeps it for later, and says so. */
  kept(from: string, text: string): void {
    this.waiting.push([from, text]);
    this.io.show("[A private message waits.]");
  }

  /** Shows it. */
  shown(from: string, text: string): void {
    this.io.show(`${from}: ${text}`);
  }
}

/** Makes them wrong. */
export const groupClient: PutIn<[io: ProgramIo], PlainGroupClient> = puttingInto(PlainGroupClient);
