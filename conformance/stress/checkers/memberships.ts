/**
 * Who is in which group, as far as that is certain.
 *
 * @module
 */

import type { GroupOperation, Life, OperationHistory } from "../history.ts";
import { isAstray } from "../presence.ts";

/** A member that does not acknowledge within 500 ms is taken out of its group; clocks differ, and so a little sooner, in milliseconds. */
export const UNRESPONSIVE = 400;

/** What is looked up of one history again and again. */
export class Memberships {
  readonly #history: OperationHistory;
  readonly #byGroup: ReadonlyMap<string, readonly GroupOperation[]>;
  readonly #outs = new Map<string, number>();

  constructor(history: OperationHistory) {
    this.#history = history;
    this.#byGroup = Map.groupBy(history.groupOperations, ({ group }) => group);
    if (history.groupOperations.length > 0) this.#findOuts();
  }

  /** Clients that were certainly members from one moment to another. */
  certain(group: string, from: number, to: number): Life[] {
    const byLife = Map.groupBy(this.#of(group), ({ life }) => life);
    return [...byLife].filter(([id, operations]) => {
      const join = operations.findLast(({ kind, begin }) => kind === "join" && begin < from);
      if (join?.outcome !== "ok" || join.end! > from) return false;
      const life = this.#history.lives[id]!;
      const left = operations.some(({ kind, begin }) => kind !== "members" && begin > join.begin && begin < to);
      return !left && !isAstray(life, join.begin, to, this.#history) &&
        !life.outOf?.some((out) => out.group === group && out.at > join.begin);
    }).map(([id]) => this.#history.lives[id]!);
  }

  /** Whether a client may have been a member at some moment between two. */
  isPossible(group: string, life: Life, from: number, to: number): boolean {
    const { lives } = this.#history;
    // A server may know members by their names, and whoever had this one before may still be in the group.
    const own = this.#of(group).filter((one) => lives[one.life]!.name === life.name && one.kind !== "members");
    // What was left for certain before, and not joined again, is left.
    const before = own.findLast(({ begin }) => begin < from);
    const hasLeft = before?.kind === "leave" && before.outcome === "ok" && before.end! < from;
    const joins = own.some(({ kind, begin }) => kind === "join" && begin < to && (!hasLeft || begin > before.end!));
    return joins || own.some((one) => isAstray(lives[one.life]!, one.begin, one.end ?? Infinity, this.#history)) ||
      isAstray(life, life.begin, to, this.#history);
  }

  /** From when on a server may have taken a client out of the group that it had joined at that moment, without being asked to. */
  mayBeOut({ life: id, group, begin }: GroupOperation): number {
    const life = this.#history.lives[id]!;
    // Acknowledgements may have waited to be read while its deadlines passed.
    const freeze = this.#history.freezes?.find(({ end = Infinity }) => end > begin)?.begin ?? Infinity;
    return Math.min(this.#outs.get(`${id} ${group}`) ?? Infinity, life.parting ?? Infinity, freeze);
  }

  /** When a client had left a group for certain that it had joined at that moment. */
  left({ life, group, begin }: GroupOperation): number {
    const own = this.#of(group).find((one) =>
      one.life === life && one.kind === "leave" && one.begin > begin && one.outcome === "ok"
    );
    return own?.end ?? Infinity;
  }

  #of(group: string): readonly GroupOperation[] {
    return this.#byGroup.get(group) ?? [];
  }

  /** Who got a message of its group late, or not at all, may have been taken out for it; we may have been the slow ones. */
  #findOuts(): void {
    const { sendings, lives, arrivals } = this.#history;
    const acknowledged = new Map(
      arrivals.map(({ sending, life, acknowledged }) => [`${sending} ${life}`, acknowledged]),
    );
    for (const { id, begin, group, outcome, life: sender } of sendings) {
      if (group === undefined || outcome === "fail") continue;
      for (const life of new Set(this.#of(group).map((one) => one.life))) {
        if (life === sender || (lives[life]!.gone ?? Infinity) < begin) continue;
        const at = acknowledged.get(`${id} ${life}`) ?? Infinity;
        const key = `${life} ${group}`;
        if (at - begin > UNRESPONSIVE && !this.#outs.has(key) && this.isPossible(group, lives[life]!, begin, at)) {
          this.#outs.set(key, begin + UNRESPONSIVE);
        }
      }
    }
  }
}
