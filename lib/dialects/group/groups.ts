/**
 * The groups, and what registered clients ask about them.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import { lookAlike } from "../../hub/look_alikes.ts";
import { Names } from "../../hub/names.ts";
import { titleFault } from "../../hub/titles.ts";
import type { ServerContext } from "../dialect.ts";
import { type Answer, NORMAL, type Request } from "./messages.ts";
import * as texts from "./texts.ts";
import type { GroupUser } from "./users.ts";

const encoder = new TextEncoder();

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

/** Groups by name; a client is in one at most. */
class Groups {
  readonly #members = new Map<string, Set<GroupUser>>();
  readonly #names = new Names();

  /** The names of all groups, oldest first. */
  names(): Iterable<string> {
    return this.#members.keys();
  }

  /** The members of a group, or `undefined` if there is none of that name. */
  members(group: string): ReadonlySet<GroupUser> | undefined {
    return this.#members.get(group);
  }

  /**
   * Makes a group, unless it exists, or its name could be taken for the server's or for another group's; where there are too
   * many, one that has been empty gives way.
   */
  create(group: string): "created" | "exists" | "misleading" | "full" {
    if (this.#members.has(group)) return "exists";
    if (this.#names.fault(group) !== undefined) return "misleading";
    if (this.#members.size >= MAX_GROUPS) {
      const empty = [...this.#members].find(([, members]) => members.size === 0);
      if (empty === undefined) return "full";
      this.#members.delete(empty[0]);
      this.#names.free({ name: empty[0], title: empty[0] });
    }
    this.#members.set(group, new Set());
    this.#names.take({ name: group, title: group });
    return "created";
  }

  /** Puts a client into a group that exists, and takes it out of any other. */
  join(group: string, user: GroupUser): void {
    if (user.group === group) return;
    this.leave(user);
    this.#members.get(group)?.add(user);
    user.group = group;
  }

  /** Removes a client from its group, if it is in one. The group stays. */
  leave(user: GroupUser): void {
    if (user.group === undefined) return;
    this.#members.get(user.group)?.delete(user);
    user.group = undefined;
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
  readonly #groups = new Groups();
  readonly #context: Pick<ServerContext, "log">;
  readonly #modeChanged: () => void;

  /**
   * There are no groups at first.
   *
   * @param modeChanged is called when a client has come into a group, or out of one.
   */
  constructor(context: Pick<ServerContext, "log">, modeChanged: () => void) {
    this.#context = context;
    this.#modeChanged = modeChanged;
  }

  /** Does what a client asks. */
  handle(user: GroupUser, request: GroupRequest): GroupResponse {
    switch (request.verb) {
      case "create_group":
        return this.#create(request.group);
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

  #create(group: string): GroupResponse {
    if (!isGroupName(group)) return nack(`[A group cannot be called ${shorten(group)}.]`);
    switch (this.#groups.create(group)) {
      case "created":
        return ack(texts.created(group));
      case "exists":
        return ack(texts.exists(group));
      case "misleading":
        return nack(`[A group cannot be called ${shorten(group)}: that looks like the server or another group.]`);
      case "full":
        return nack("[There are too many groups.]");
    }
  }

  #listGroups(): GroupResponse {
    const lines = [texts.GROUPS_TITLE, ...this.#groups.names()];
    return ack(texts.GROUPS_FOLLOW, lines.map((message) => ({ verb: "list_groups", message })));
  }

  #join(user: GroupUser, group: string): GroupResponse {
    if (this.#groups.members(group) === undefined) return nack(texts.doesNotExist(shorten(group)));
    const isChange = user.group !== group;
    this.#groups.join(group, user);
    return { ...ack(texts.entered(group)), ...(isChange ? { then: this.#modeChanged } : {}) };
  }

  #send(user: GroupUser, group: string, message: string): GroupResponse {
    const members = this.#groups.members(group);
    if (members === undefined || user.group !== group) return this.#notIn(group);
    const text = texts.groupMessage(user.name, message);
    // A copy: a member that has no room for it is taken out on the way.
    const others = [...members].filter((member) => member !== user);
    const then = () => {
      others.forEach((member) => member.sendGroupMessage(text));
      user.admitted.charge(others.length, encoder.encode(text).length);
    };
    return { ...ack(texts.MESSAGE_RECEIVED), then };
  }

  #listMembers(user: GroupUser, group: string): GroupResponse {
    const members = this.#groups.members(group);
    if (members === undefined || user.group !== group) return this.#notIn(group);
    const lines = [texts.membersTitle(group), ...[...members].map(({ name }) => texts.memberLine(group, name))];
    return ack(texts.MEMBERS_FOLLOW, lines.map((message) => ({ verb: "list_members", message })));
  }

  #leave(user: GroupUser, group: string): GroupResponse {
    if (user.group !== group) return this.#notIn(group);
    return { answers: [{ verb: "leave", message: texts.left(group) }], then: () => this.takeOut(user) };
  }

  #notIn(group: string): GroupResponse {
    const exists = this.#groups.members(group) !== undefined;
    return nack(exists ? `[You are not in group ${group}.]` : texts.doesNotExist(shorten(group)));
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
