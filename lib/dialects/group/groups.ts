/**
 * The groups there are, and who is in them.
 *
 * @module
 */

import { lookAlike } from "../../hub/look_alikes.ts";
import { Names } from "../../hub/names.ts";
import { titleFault } from "../../hub/titles.ts";
import { NORMAL } from "./table.ts";

/** The longest name of a group, in characters. */
const MAX_NAME_LENGTH = 255;

/**
 * Whether a group may be called that: something on one line that passes for nothing else that a server says (its texts are in
 * brackets, and members are listed as `(group) name`), nor for the word that the table has for those who are in no group.
 */
export function isGroupName(name: string): boolean {
  return name !== "" && name.length <= MAX_NAME_LENGTH && name.trim() === name && !/[[\]]/.test(name) &&
    titleFault(name) === undefined && !lookAlike(name, NORMAL);
}

/** Somebody who may be in a group. */
export interface Grouped {
  /** The group that they are in; only {@linkcode Groups} changes it. */
  group: string | undefined;
}

/** Groups by name; everybody is in one at most. */
export class Groups<Member extends Grouped> {
  readonly #members = new Map<string, Set<Member>>();
  readonly #names = new Names();
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

  /**
   * Makes a group, unless it exists, or its name could be taken for the server's or for another group's; where there are too
   * many, one that has been empty gives way.
   */
  create(group: string): "created" | "exists" | "misleading" | "full" {
    if (this.#members.has(group)) return "exists";
    if (this.#names.fault(group) !== undefined) return "misleading";
    if (this.#members.size >= this.#limit) {
      const empty = [...this.#members].find(([, members]) => members.size === 0);
      if (empty === undefined) return "full";
      this.#members.delete(empty[0]);
      this.#names.free({ name: empty[0], title: empty[0] });
    }
    this.#members.set(group, new Set());
    this.#names.take({ name: group, title: group });
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
