/**
 * What a submission may take of the machine, and whether it takes more: nothing here asks the system.
 *
 * @module
 */

import type { Process } from "../../client/process_table.ts";

/** What a submission may take. */
export interface SubmissionLimits {
  /** How long it may run, in milliseconds. */
  readonly time: number;
  /** The memory that all of its processes may take together, in bytes. */
  readonly memory: number;
  /** How many processes it may have at a time. */
  readonly processes: number;
  /** How much more there may be in its folders than before, in bytes. */
  readonly disk: number;
}

/** What a program and all that it has started take at a moment. */
export interface Family {
  /** What it has started, and what that has: without itself. */
  readonly members: readonly Process[];
  /** The groups that they are in, with those of before. */
  readonly groups: ReadonlySet<number>;
}

/**
 * What a program has started, directly or not, as far as it shows: whoever has its mark, and whoever is in a group with one of them, is
 * one of them, also once those who have started it have ended.
 *
 * @param processes All processes of the machine.
 * @param root The program's number; it leads a group of its own.
 * @param before The groups that were found before.
 */
export function familyIn(processes: readonly Process[], root: number, before: ReadonlySet<number>): Family {
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const companions = Map.groupBy(processes, ({ group }) => group);
  const groups = new Set(before).add(root);
  const found = new Map<number, Process>();
  const add = (some: readonly Process[] = []) => {
    for (const one of some) if (one.pid !== root) found.set(one.pid, one);
  };
  add(children.get(root));
  add(processes.filter(({ isMarked }) => isMarked));
  for (const group of groups) add(companions.get(group));
  // What is added while it is gone through is gone through as well.
  for (const { pid, group } of found.values()) {
    add(children.get(pid));
    if (groups.has(group)) continue;
    groups.add(group);
    add(companions.get(group));
  }
  return { members: [...found.values()], groups };
}

/** Which limit a family has passed, in a sentence without its subject; none if it keeps them. */
export function passedBy({ members }: Family, { memory, processes }: SubmissionLimits): string | undefined {
  if (members.length > processes) {
    return `had more than ${processes} processes at a time (--max-processes): ${members.length}`;
  }
  const taken = members.reduce((sum, one) => sum + one.memory, 0);
  return taken > memory ? `took more than ${sizeText(memory)} of memory (--max-memory): ${sizeText(taken)}` : undefined;
}

/**
 * A size for people.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(sizeText(1.5 * 1024 ** 3), "1.5 GiB");
 * assertEquals(sizeText(300 * 1024 ** 2), "300 MiB");
 * ```
 */
export function sizeText(bytes: number): string {
  const [unit, name] = bytes >= 2 ** 30 ? [2 ** 30, "GiB"] : [2 ** 20, "MiB"];
  return `${Math.round(bytes / unit * 10) / 10} ${name}`;
}
