/**
 * What a server does for a registered client that asks something about groups.
 *
 * @module
 */

import { visibleText } from "../../core/visible.ts";
import type { ServerContext } from "../dialect.ts";
import { type Groups, isGroupName } from "./groups.ts";
import type { Answer, Request } from "./messages.ts";
import * as texts from "./texts.ts";
import type { GroupUser } from "./user.ts";

const encoder = new TextEncoder();

/** What a registered client asks about groups. */
export type GroupRequest = Exclude<Request, { verb: "register" | "dereg" | "send" }>;

/** What is answered, and what is done once that is sent. */
export interface Reply {
  /** A datagram each. */
  readonly answers: readonly Answer[];
  /** What follows from the request for others. */
  readonly then?: () => void;
}

/** What the groups need of their server. */
export interface ServiceOptions extends Pick<ServerContext, "log"> {
  /** All groups. */
  readonly groups: Groups<GroupUser>;
  /** Somebody's mode is different. */
  modeChanged(): void;
}

/** Handles the requests, and keeps the groups. */
export class GroupService {
  readonly #options: ServiceOptions;

  /** Takes the groups, and who hears of changes. */
  constructor(options: ServiceOptions) {
    this.#options = options;
  }

  /** Does what a client asks. */
  handle(user: GroupUser, request: GroupRequest): Reply {
    switch (request.verb) {
      case "create_group":
        return this.#create(request.group);
      case "list_groups":
        return this.#listGroups();
      case "join_group":
        return this.#join(user, request.group);
      case "send_group":
        return this.#tellGroup(user, request.group, request.message);
      case "list_members":
        return this.#listMembers(user, request.group);
      case "leave_group":
        return this.#leave(user, request.group);
    }
  }

  /** Takes a client out of its group without being asked to; what was kept for it is passed on. */
  takeOut(user: GroupUser): void {
    if (user.group === undefined) return;
    this.#options.groups.leave(user);
    this.#options.modeChanged();
    user.tellKept();
  }

  /** Takes a client that did not acknowledge a group message out of its group (`group/send-unresponsive`). */
  takeOutUnresponsive(user: GroupUser): void {
    if (user.group === undefined) return;
    this.#options.log("info", texts.removed(user.name, user.group));
    this.takeOut(user);
  }

  #create(group: string): Reply {
    if (!isGroupName(group)) return no(`[A group cannot be called ${shorten(group)}.]`);
    switch (this.#options.groups.create(group)) {
      case "created":
        return yes(texts.created(group));
      case "exists":
        return yes(texts.exists(group));
      case "misleading":
        return no(`[A group cannot be called ${shorten(group)}: that looks like the server or another group.]`);
      case "full":
        return no("[There are too many groups.]");
    }
  }

  #listGroups(): Reply {
    const lines = [texts.GROUPS_TITLE, ...this.#options.groups.names()];
    return yes(texts.GROUPS_FOLLOW, lines.map((message) => ({ verb: "list_groups", message })));
  }

  #join(user: GroupUser, group: string): Reply {
    const { groups, modeChanged } = this.#options;
    if (groups.members(group) === undefined) return no(texts.doesNotExist(shorten(group)));
    const isChange = user.group !== group;
    groups.join(group, user);
    return { ...yes(texts.entered(group)), ...(isChange ? { then: modeChanged } : {}) };
  }

  #tellGroup(user: GroupUser, group: string, message: string): Reply {
    const members = this.#options.groups.members(group);
    if (members === undefined || user.group !== group) return this.#notIn(group);
    const text = texts.groupMessage(user.name, message);
    // A copy: whoever has no room for it is taken out on the way.
    const others = [...members].filter((member) => member !== user);
    const then = () => {
      others.forEach((member) => member.tellGroupMessage(text));
      user.stay.charge(others.length, encoder.encode(text).length);
    };
    return { ...yes(texts.MESSAGE_RECEIVED), then };
  }

  #listMembers(user: GroupUser, group: string): Reply {
    const members = this.#options.groups.members(group);
    if (members === undefined || user.group !== group) return this.#notIn(group);
    const lines = [texts.membersTitle(group), ...[...members].map(({ name }) => texts.memberLine(group, name))];
    return yes(texts.MEMBERS_FOLLOW, lines.map((message) => ({ verb: "list_members", message })));
  }

  #leave(user: GroupUser, group: string): Reply {
    if (user.group !== group) return this.#notIn(group);
    return { answers: [{ verb: "leave", message: texts.left(group) }], then: () => this.takeOut(user) };
  }

  #notIn(group: string): Reply {
    const exists = this.#options.groups.members(group) !== undefined;
    return no(exists ? `[You are not in group ${group}.]` : texts.doesNotExist(shorten(group)));
  }
}

function yes(message: string, more: readonly Answer[] = []): Reply {
  return { answers: [{ verb: "ack", message }, ...more] };
}

function no(message: string): Reply {
  return { answers: [{ verb: "nack", message }] };
}

/** A name that is no group's, as it is repeated to whoever used it: however long it was, the answer is not. */
function shorten(group: string): string {
  const text = visibleText(group);
  return text.length > 255 ? `${text.slice(0, 254)}…` : text;
}
