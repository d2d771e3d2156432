/**
 * A group server that shares no code with ours: small, right, and made to be overridden.
 *
 * @module
 */

import { type DatagramPort, endpointKey } from "../../../lib/core/datagrams.ts";
import type { Endpoint } from "../../../lib/core/link.ts";
import type { Runtime, Timer } from "../../../lib/core/runtime.ts";
import { latin1Bytes, latin1Text } from "../latin1.ts";
import { type PutIn, puttingInto } from "../put_in.ts";

/** How long an acknowledgement is waited for, in milliseconds. */
export const ACK_WITHIN = 500;
/** How much later than a request the same bytes are a repetition of it, in milliseconds. */
const REPEATS_WITHIN = 700;

/** How soon everybody gets the table that shows what has changed, in milliseconds: what changes meanwhile is in it, too. */
const TABLE_WITHIN = 50;
/** How many of those who have left the table shows: more than leave between two of them. */
const MAX_GONE = 256;

/** The fields of each request, in their places. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  register: ["user", "ip", "port"],
  dereg: ["port"],
  create_group: ["port", "group", "user"],
  list_groups: ["port", "user"],
  join_group: ["port", "group", "user"],
  send_group: ["user", "port", "message", "ip", "serverPort", "group"],
  list_members: ["port", "user", "group"],
  leave_group: ["port", "user", "group"],
  ack: ["message", "port"],
};

/** A request as it was read. All text is bytes, a character each. */
export interface PlainRequest {
  /** What its header says. */
  readonly verb: string;
  /** Where it came from. */
  readonly from: Endpoint;
  /** Where it is answered. */
  readonly at: Endpoint;
  /** All of it. */
  readonly text: string;
  /** Where it says that it comes from. */
  readonly ip: string;
  /** Who asks. */
  readonly user: string;
  /** The group that it is about. */
  readonly group: string;
  /** What it says, or acknowledges. */
  readonly message: string;
}

/** Somebody who is registered, or was. */
export interface GroupMember {
  /** Its name. */
  readonly name: string;
  /** Where it listens. */
  readonly at: Endpoint;
  /** Whether it is registered still. */
  isHere: boolean;
  /** The group that it is in, empty for none. */
  group: string;
}

/** Does what the document says. */
export class PlainGroupServer {
  /** Everybody, by name. */
  readonly clients: Map<string, GroupMember> = new Map();
  /** The names of all groups. */
  readonly groups: Set<string> = new Set();
  readonly #port: DatagramPort;
  readonly #runtime: Runtime;
  readonly #timers = new Set<Timer>();
  readonly #last = new Map<string, { text: string; at: number; answers: string[] }>();
  #isTableDue = false;
  readonly #unacknowledged = new Set<string>();

  constructor(port: DatagramPort, runtime: Runtime) {
    this.#port = port;
    this.#runtime = runtime;
  }

  /** A datagram has come. */
  receive(bytes: Uint8Array, from: Endpoint): void {
    this.hear(latin1Text(bytes), from);
  }

  /** The same as text. */
  hear(text: string, from: Endpoint): void {
    const request = this.read(text, from);
    if (request === undefined) return;
    if (request.verb === "ack") return this.acknowledged(request.at, request.message);
    // What changes nothing is answered anew.
    if (request.verb.startsWith("list_")) return this.handle(request);
    const last = this.#last.get(endpointKey(request.at));
    const now = this.#runtime.now();
    if (last !== undefined && last.text === text && now - last.at <= REPEATS_WITHIN) {
      last.at = now;
      return this.repeated(request, last.answers);
    }
    this.#last.set(endpointKey(request.at), { text, at: now, answers: [] });
    this.handle(request);
  }

  /** What a datagram asks for; `undefined` if it makes no sense. */
  read(text: string, from: Endpoint): PlainRequest | undefined {
    const lines = text.split("\n");
    const [, verb = ""] = lines;
    const names = Object.hasOwn(FIELDS, verb) ? FIELDS[verb]! : undefined;
    if (names === undefined || lines.length < 2 * names.length + 2) return undefined;
    const fields = Object.fromEntries(names.map((name, i) => [name, lines[2 * i + 3]!]));
    const port = /^[0-9]+$/.test(fields.port!) ? Number(fields.port) : 0;
    if (port === 0 || port > 65_535) return undefined;
    const { ip = "", user = "", group = "", message = "" } = fields;
    return { verb, text, from, at: { hostname: from.hostname, port }, ip, user, group, message };
  }

  /** A request has come again: its answers go out again. */
  repeated(request: PlainRequest, answers: readonly string[]): void {
    for (const answer of answers) this.send(request.at, answer);
  }

  /** Does what a request asks for. */
  handle(request: PlainRequest): void {
    const { verb } = request;
    if (verb === "register") this.register(request);
    if (verb === "dereg") this.deregister(request);
    if (verb === "create_group") this.create(request);
    if (verb === "list_groups") this.listGroups(request);
    if (verb === "join_group") this.join(request);
    if (verb === "send_group") this.sendToGroup(request);
    if (verb === "list_members") this.listMembers(request);
    if (verb === "leave_group") this.leave(request);
  }

  /** The client that listens there, if it is registered. */
  find(at: Endpoint): GroupMember | undefined {
    return this.present.find((client) => endpointKey(client.at) === endpointKey(at));
  }

  /** Those who are registered. */
  get present(): GroupMember[] {
    return [...this.clients.values()].filter(({ isHere }) => isHere);
  }

  /** Those in a group. */
  membersOf(group: string): GroupMember[] {
    return this.present.filter((client) => client.group === group);
  }

  /** `register`. */
  register(request: PlainRequest): void {
    const { user, at } = request;
    if (!/^[!-~]+$/.test(user)) return;
    const holder = this.clients.get(user);
    if (holder?.isHere && endpointKey(holder.at) !== endpointKey(at)) return this.taken(request, holder);
    const before = this.find(at);
    if (before !== undefined) before.isHere = false;
    this.clients.delete(user);
    this.clients.set(user, { name: user, at, isHere: true, group: before?.group ?? "" });
    this.answer(request, "ack", "[Welcome, You are registered.]");
    this.update();
  }

  /** Somebody asks for a name that is another's. */
  taken(request: PlainRequest, _holder: GroupMember): void {
    this.answer(request, "ack", "[Cannot register with a name already used.]");
  }

  /** `dereg`. */
  deregister(request: PlainRequest): void {
    const client = this.find(request.at);
    if (client !== undefined) Object.assign(client, { isHere: false, group: "" });
    this.answer(request, "dereg", "[You are Offline. Bye.]");
    this.update();
  }

  /** `create_group`. */
  create(request: PlainRequest): void {
    const { group } = request;
    const how = this.groups.has(group) ? "already exists." : "created by Server.";
    this.groups.add(group);
    this.answer(request, "ack", `[Group ${group} ${how}]`);
  }

  /** `list_groups`. */
  listGroups(request: PlainRequest): void {
    this.answer(request, "ack", "[Request for available group chats received.]");
    for (const line of ["[Available group chats:]", ...this.groups]) this.answer(request, "list_groups", line);
  }

  /** `join_group`. */
  join(request: PlainRequest): void {
    const { group, at } = request;
    if (!this.groups.has(group)) return this.answer(request, "nack", `[Group ${group} does not exist.]`);
    const client = this.find(at);
    if (client !== undefined) client.group = group;
    this.answer(request, "ack", `[Entered group ${group} successfully.]`);
    this.update();
  }

  /** `send_group`. */
  sendToGroup(request: PlainRequest): void {
    const { group, user, message, at } = request;
    const sender = this.find(at);
    if (sender === undefined || sender.group !== group) return this.answer(request, "nack", "[You are not in it.]");
    this.answer(request, "ack", "[Message received by Server.]");
    for (const to of this.audience(sender)) this.pass(to, `Group_Message <${user}>: ${message}`);
  }

  /** Who gets what somebody says in a group. */
  audience(sender: GroupMember): GroupMember[] {
    return this.membersOf(sender.group).filter((member) => member !== sender);
  }

  /** Passes a group message on. */
  pass(to: GroupMember, message: string): void {
    const { hostname, port } = this.#port.local;
    this.send(to.at, `Header:\nsend_group\nMessage:\n${message}\nServer_ip:\n${hostname}\nServer_port:\n${port}`);
    const key = `${endpointKey(to.at)} ${message}`;
    this.#unacknowledged.add(key);
    this.later(ACK_WITHIN, () => this.#unacknowledged.delete(key) && this.unresponsive(to));
  }

  /** A client has acknowledged a group message. */
  acknowledged(at: Endpoint, message: string): void {
    this.#unacknowledged.delete(`${endpointKey(at)} ${message}`);
  }

  /** A member has not acknowledged a group message in time. */
  unresponsive(member: GroupMember): void {
    member.group = "";
    this.update();
  }

  /** `list_members`. */
  listMembers(request: PlainRequest): void {
    const { group } = request;
    this.answer(request, "ack", "[Request for members in the group received]");
    const lines = this.listed(group).map(({ name }) => `(${group}) ${name}`);
    for (const line of [`[Members in the group ${group}:]`, ...lines]) this.answer(request, "list_members", line);
  }

  /** Who is listed as in a group. */
  listed(group: string): readonly GroupMember[] {
    return this.membersOf(group);
  }

  /** `leave_group`. */
  leave(request: PlainRequest): void {
    const client = this.find(request.at);
    if (client?.group === request.group) client.group = "";
    this.answer(request, "leave", `[Leave group chat ${request.group}.]`);
    this.update();
  }

  /** Answers a request; the answer goes out again where the request comes again. */
  answer(request: PlainRequest, header: string, message: string): void {
    const text = `Header:\n${header}\nMessage:\n${message}`;
    this.#last.get(endpointKey(request.at))?.answers.push(text);
    this.send(request.at, text);
  }

  /** Sends everybody the table soon. */
  update(): void {
    if (!this.#isTableDue) this.later(TABLE_WITHIN, () => this.sendTables());
    this.#isTableDue = true;
  }

  /** Sends everybody the table. */
  sendTables(): void {
    this.#isTableDue = false;
    const gone = [...this.clients.values()].filter(({ isHere }) => !isHere);
    for (const { name } of gone.slice(0, -MAX_GONE)) this.clients.delete(name);
    for (const client of this.present) this.sendTable(client);
  }

  /** Sends somebody the table. */
  sendTable(to: GroupMember): void {
    const rows = this.shown(to).map((client) => this.row(client, to));
    this.send(to.at, `Header:\nupdate\nPayload:\n${JSON.stringify({ ...rows })}`);
  }

  /** Who is in the table that is sent to somebody. */
  shown(_to: GroupMember): GroupMember[] {
    return [...this.clients.values()];
  }

  /** What the table that is sent to somebody says of a client. */
  row({ name, at, isHere, group }: GroupMember, _to: GroupMember): Record<string, string | number> {
    return { name, ip: at.hostname, port: at.port, status: isHere ? "yes" : "no", mode: group || "normal" };
  }

  /** Sends a datagram. */
  send(to: Endpoint, text: string): void {
    if (text !== "") this.#port.send(latin1Bytes(text), to);
  }

  /** Does something later, while the server runs; `delay` in milliseconds. */
  later(delay: number, act: () => void): void {
    const timer = this.#runtime.after(delay, () => {
      this.#timers.delete(timer);
      act();
    });
    this.#timers.add(timer);
  }

  /** Does nothing any more. */
  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#port.close("done");
  }
}

/** Makes one. */
export type MakePlainGroup = (port: DatagramPort, runtime: Runtime) => PlainGroupServer;

/** Makes such servers with other functions in the place of some methods. */
export const group: PutIn<[DatagramPort, Runtime], PlainGroupServer> = puttingInto(PlainGroupServer);
