/**
 * The groups there are, and who is in them.
 *
 * @module
 */

import { visibleText } from "../../chat/visible.ts";
import { NORMAL } from "./table.ts";

/** The longest name of a group, in characters. */
const MAX_NAME_LENGTH = 255;

/**
 * Whether a group may be called that: something on one line, all of it visible, and not the word that the table has for
 * those who are in no group.
 */
export function isGroupName(name: string): boolean {
  return name !== "" && name.length <= MAX_NAME_LENGTH && name.trim() === name && visibleText(name) === name &&
    name !== NORMAL;
}

/** Somebody who may be in a group. */
export interface Grouped {
  /** The group that they are in; only {@linkcode Groups} changes it. */
  group: string | undefined;
}

/** Groups by name; everybody is in one at most. */
export class Groups<Member extends Grouped> {
  readonly #members = new Map<string, Set<Member>>();
  readonly #limit: number;

  /** Takes how many groups there may be. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The names of all groups, oldest first. */
  names(): Iterable<string> {
    return this.#members.keys();
  }

  /** Who is in a group, or `undefined` if there is none of that name. */
  members(group: string): ReadonlySet<Member> | undefined {
    return this.#members.get(group);
  }

  /** Makes a group, unless it exists; where there are too many, one that has been empty gives way. */
  create(group: string): "created" | "exists" | "full" {
    if (this.#members.has(group)) return "exists";
    if (this.#members.size >= this.#limit) {
      const empty = [...this.#members].find(([, members]) => members.size === 0);
      if (empty === undefined) return "full";
      this.#members.delete(empty[0]);
    }
    this.#members.set(group, new Set());
    return "created";
  }

  /** Puts a member into a group that exists, and takes them out of any other. */
  join(group: string, member: Member): void {
    if (member.group === group) return;
    this.leave(member);
    this.#members.get(group)?.add(member);
    member.group = group;
  }

  /** Takes a member out of their group, if they are in one. The group stays. */
  leave(member: Member): void {
    if (member.group === undefined) return;
    this.#members.get(member.group)?.delete(member);
    member.group = undefined;
  }
}
