/**
 * What a tab remembers when it is loaded again: who one was, and the newest of what was said, as a text for the tab's storage.
 *
 * @module
 */

import { EVERYONE } from "../core/name.ts";
import type { Fate, ThreadEntry } from "./thread.ts";
import { Threads } from "./threads.ts";

/** What is remembered. */
export interface TabHistory {
  /** One's own name. */
  readonly name: string;
  /** What was said. */
  readonly threads: Threads;
}

interface Remembered {
  readonly version: 1;
  readonly name: string;
  readonly open: string;
  readonly threads: readonly RememberedThread[];
}

interface RememberedThread {
  readonly partner: string;
  readonly unread: number;
  readonly draft: string;
  readonly entries: readonly ThreadEntry[];
}

/** So many entries are remembered, the newest of all, and so many characters of them: far less than any browser has room for. */
const [MAX_REMEMBERED, MAX_CHARACTERS] = [500, 500_000];

/** Writes it down. */
export function writeHistory({ name, threads }: TabHistory): string {
  const newest = [...threads.all()]
    .flatMap(({ entries }) => entries.slice(-MAX_REMEMBERED))
    .sort((a, b) => b.time - a.time)
    .slice(0, MAX_REMEMBERED);
  let left = MAX_CHARACTERS;
  const kept = new Set(newest.filter(({ text }) => (left -= text.length) >= 0));
  const remembered: Remembered = {
    version: 1,
    name,
    open: threads.open.partner,
    threads: [...threads.all()].map(({ partner, unread, draft, entries }) => {
      const those = entries.filter((entry) => kept.has(entry));
      return { partner, unread: Math.min(unread, those.length), draft: draft.slice(0, MAX_CHARACTERS), entries: those };
    }).filter(({ entries, draft }) => entries.length > 0 || draft !== ""),
  };
  return JSON.stringify(remembered);
}

/** Reads it; `undefined` where there is nothing that this page has written. What was on its way then is not confirmed. */
export function readHistory(json: string | null): TabHistory | undefined {
  try {
    const remembered = JSON.parse(json ?? "null") as Remembered | null;
    return remembered?.version === 1 ? recall(remembered) : undefined;
  } catch {
    return undefined; // what somebody else has written under the same name is nothing
  }
}

function recall({ name, open, threads: all }: Remembered): TabHistory {
  const threads = new Threads();
  for (const { partner, unread, draft, entries } of all) {
    for (const entry of entries) {
      threads.add(partner, { ...entry, ...entry.fate && { fate: fateNow(entry.fate) } });
    }
    Object.assign(threads.with(partner), { unread, draft });
  }
  threads.look(threads.find(open)?.partner ?? EVERYONE);
  return { name, threads };
}

function fateNow(fate: Fate): Fate {
  return fate.kind === "on-its-way" ? { kind: "not-confirmed" } : fate;
}
