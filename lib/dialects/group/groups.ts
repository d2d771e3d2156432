/**
 * The groups, and what registered clients ask about them.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import type { GroupDirectory } from "../../hub/cluster.ts";
import type { Member } from "../../hub/member.ts";
import { lookAlike } from "../../hub/look_alikes.ts";
import { Names } from "../../hub/names.ts";
import { titleFault } from "../../hub/titles.ts";
import type { ServerContext } from "../dialect.ts";
import { type Answer, NORMAL, type Request } from "./messages.ts";
import * as texts from "./texts.ts";
import type { GroupUser } from "./users.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How many groups there may be: their list, a datagram each, must not be more at once than a client's socket holds. */
const MAX_GROUPS = 128;
/** The longest name of a group, in characters. */
const MAX_NAME_LENGTH = 255;

/**
 * Whether a group may be called that: something on one line that passes for nothing else that a server says (its texts are in
 * brackets, and members are listed as `(group) name`), nor for the table's word for clients that are in no group.
 */
function isGroupName(name: string): boolean {
  return name !== "" && name.length <= MAX_NAME_LENGTH && name.trim() === name && !/[[\]]/.test(name) &&
    titleFault(name) === undefined && !lookAlike(name, NORMAL);
}

/** What becomes of a wish for a group. */
type Created = "created" | "exists" | "misleading" | "full" | "unavailable";

/**
 * Groups by name; a client is in one at most. Where there are other servers, the groups are those of all of them, and only those
 * that have members here are kept here.
 */
class Groups {
  readonly #members = new Map<string, Set<GroupUser>>();
  readonly #names = new Names();
  readonly #directory: GroupDirectory | undefined;

  constructor(directory: GroupDirectory | undefined) {
    this.#directory = directory;
  }

  /** The names of all groups, oldest first. */
  names(): Iterable<string> {
    return new Set([...this.#members.keys(), ...this.#directory?.names() ?? []]);
  }

  /** Whether there is a group of this name. */
  has(group: string): boolean {
    return this.#members.has(group) || (this.#directory?.has(group) ?? false);
  }

  /** The members of a group that are here. */
  members(group: string): ReadonlySet<GroupUser> {
    return this.#members.get(group) ?? new Set();
  }

  /**
   * Makes a group, unless it exists, or its name could be taken for the server's or for another group's; where there are too
   * many, one that has been empty gives way.
   */
  create(group: string, decided: (result: Created) => void): void {
    if (this.has(group)) return decided("exists");
    if (this.#isMisleading(group)) return decided("misleading");
    if ([...this.names()].length >= MAX_GROUPS && !this.#makeRoom()) return decided("full");
    if (this.#directory !== undefined) return this.#directory.create(group, decided);
    this.#add(group);
    decided("created");
  }

  /** Puts a client into a group that exists, and takes it out of any other. */
  join(group: string, user: GroupUser): void {
    if (user.group === group) return;
    this.leave(user);
    if (!this.#members.has(group)) this.#add(group);
    this.#members.get(group)?.add(user);
    user.group = group;
  }

  /** Removes a client from its group, if it is in one. The group stays. */
  leave(user: GroupUser): void {
    const { group } = user;
    if (group === undefined) return;
    const members = this.#members.get(group);
    members?.delete(user);
    user.group = undefined;
    if (members?.size === 0 && this.#directory !== undefined) this.#remove(group);
  }

  #isMisleading(group: string): boolean {
    if (this.#names.fault(group) !== undefined) return true;
    return [...this.#directory?.names() ?? []].some((name) => lookAlike(name, group));
  }

  #makeRoom(): boolean {
    const empty = [...this.names()].find((group) =>
      this.members(group).size === 0 && (this.#directory === undefined || this.#directory.drop(group))
    );
    if (empty !== undefined) this.#remove(empty);
    return empty !== undefined;
  }

  #add(group: string): void {
    this.#members.set(group, new Set());
    this.#names.take({ name: group, title: group });
  }

  #remove(group: string): void {
    if (this.#members.delete(group)) this.#names.free({ name: group, title: group });
  }
}

/** What a registered client asks about groups. */
export type GroupRequest = Exclude<Request, { verb: "register" | "dereg" | "send" }>;

/** What is answered, and what is done once that is sent. */
export interface GroupResponse {
  /** A datagram each. */
  readonly answers: readonly Answer[];
  /** What follows from the request for others. */
  readonly then?: () => void;
}

/** Handles requests about groups, and keeps the groups. */
export class GroupService {
  readonly #groups: Groups;
  readonly #context: Pick<ServerContext, "log" | "hub">;
  readonly #modeChanged: () => void;

  /**
   * There are no groups at first.
   *
   * @param modeChanged is called when a client has come into a group, or out of one.
   */
  constructor(context: Pick<ServerContext, "log" | "hub">, modeChanged: () => void) {
    const { hub } = context;
    this.#context = context;
    this.#modeChanged = modeChanged;
    this.#groups = new Groups(hub.groups);
    hub.hearGroups((group, _from, text) => {
      for (const member of [...this.#groups.members(group)]) member.sendGroupMessage(decoder.decode(text));
    });
  }

  /** Makes a group; `respond` is called at once, unless other servers have to be asked. */
  create(group: string, respond: (response: GroupResponse) => void): void {
    if (!isGroupName(group)) return respond(nack(`[A group cannot be called ${shorten(group)}.]`));
    this.#groups.create(group, (result) => respond(createdResponse(group, result)));
  }

  /** Does what else a client asks. */
  handle(user: GroupUser, request: Exclude<GroupRequest, { verb: "create_group" }>): GroupResponse {
    switch (request.verb) {
      case "list_groups":
        return this.#listGroups();
      case "join_group":
        return this.#join(user, request.group);
      case "send_group":
        return this.#send(user, request.group, request.message);
      case "list_members":
        return this.#listMembers(user, request.group);
      case "leave_group":
        return this.#leave(user, request.group);
    }
  }

  /** Removes a client from its group without being asked to; its backlog is sent. */
  takeOut(user: GroupUser): void {
    if (user.group === undefined) return;
    this.#groups.leave(user);
    this.#modeChanged();
    user.sendBacklog();
  }

  /** Removes a client from its group that did not acknowledge a group message (`group/send-unresponsive`). */
  takeOutUnresponsive(user: GroupUser): void {
    if (user.group === undefined) return;
    this.#context.log("info", texts.removed(user.name, user.group));
    this.takeOut(user);
  }

  /** Removes a client from its group that is gone: nothing is sent to it, and its row changes anyway. */
  forget(user: GroupUser): void {
    this.#groups.leave(user);
  }

  #listGroups(): GroupResponse {
    const lines = [texts.GROUPS_TITLE, ...this.#groups.names()];
    return ack(texts.GROUPS_FOLLOW, lines.map((message) => ({ verb: "list_groups", message })));
  }

  #join(user: GroupUser, group: string): GroupResponse {
    if (!this.#groups.has(group)) return nack(texts.doesNotExist(shorten(group)));
    const isChange = user.group !== group;
    this.#groups.join(group, user);
    return { ...ack(texts.entered(group)), ...(isChange ? { then: this.#modeChanged } : {}) };
  }

  #send(user: GroupUser, group: string, message: string): GroupResponse {
    if (user.group !== group) return this.#notIn(group);
    const text = texts.groupMessage(user.name, message);
    const bytes = encoder.encode(text);
    // A copy: a member that has no room for it is taken out on the way.
    const others = [...this.#groups.members(group)].filter((member) => member !== user);
    const then = () => {
      others.forEach((member) => member.sendGroupMessage(text));
      this.#context.hub.groups?.tell(group, user.presence, bytes);
      user.admitted.charge(others.length + this.#elsewhere(group).length, bytes.length);
    };
    return { ...ack(texts.MESSAGE_RECEIVED), then };
  }

  #listMembers(user: GroupUser, group: string): GroupResponse {
    if (user.group !== group) return this.#notIn(group);
    const members = [...this.#groups.members(group), ...this.#elsewhere(group)];
    const lines = [texts.membersTitle(group), ...members.map(({ name }) => texts.memberLine(group, name))];
    return ack(texts.MEMBERS_FOLLOW, lines.map((message) => ({ verb: "list_members", message })));
  }

  #leave(user: GroupUser, group: string): GroupResponse {
    if (user.group !== group) return this.#notIn(group);
    this.#groups.leave(user);
    const then = () => {
      this.#modeChanged();
      user.sendBacklog();
    };
    return { answers: [{ verb: "leave", message: texts.left(group) }], then };
  }

  /** The members of a group that are at other servers. */
  #elsewhere(group: string): readonly Member[] {
    const { hub } = this.#context;
    if (hub.groups === undefined) return [];
    const here = new Set([...this.#groups.members(group)].map(({ name }) => name));
    return [...hub.members()].filter((member) => member.group === group && !here.has(member.name));
  }

  #notIn(group: string): GroupResponse {
    const exists = this.#groups.has(group);
    return nack(exists ? `[You are not in group ${group}.]` : texts.doesNotExist(shorten(group)));
  }
}

function createdResponse(group: string, result: Created): GroupResponse {
  switch (result) {
    case "created":
      return ack(texts.created(group));
    case "exists":
      return ack(texts.exists(group));
    case "misleading":
      return nack(`[A group cannot be called ${shorten(group)}: that looks like the server or another group.]`);
    case "full":
      return nack("[There are too many groups.]");
    case "unavailable":
      return nack("[No group can be made at the moment.]");
  }
}

function ack(message: string, more: readonly Answer[] = []): GroupResponse {
  return { answers: [{ verb: "ack", message }, ...more] };
}

function nack(message: string): GroupResponse {
  return { answers: [{ verb: "nack", message }] };
}

/** A name that is no group's, as it is repeated to its sender: however long it was, the answer is not. */
function shorten(group: string): string {
  const text = visibleText(group);
  return text.length > 255 ? `${text.slice(0, 254)}…` : text;
}
