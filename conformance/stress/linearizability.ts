/**
 * Decides whether calls that overlap can be explained by some order in which they happened one after the other: linearizability.
 *
 * Wing and Gong's search, with Lowe's just-in-time linearization and memory of configurations: a call is given its place only when its
 * end demands it, and what leads to the same state with the same calls done is looked at once.
 *
 * @module
 */

/** A call: it takes effect at one moment between its begin and its end. */
export interface Call {
  /** When it began. */
  readonly begin: number;
  /** When it had ended. */
  readonly end: number;
  /** Whether nobody knows if it took effect at all. */
  readonly isOptional?: boolean;
  /** Whether it never changes the state, whatever that is. */
  readonly isRead?: boolean;
  /** The state that it makes of a state; `undefined` if it cannot have ended as it did in that state. */
  apply(state: string): string | undefined;
}

/** `stuck` is the call whose end nothing explains; `unknown`: there are too many orders to look at. */
export type Linearized<Of extends Call> =
  | { readonly kind: "linearizable" }
  | { readonly kind: "unknown" }
  | { readonly kind: "stuck"; readonly call: Of };

/** One way in which it may have gone so far. */
interface Configuration {
  readonly state: string;
  /** The calls that have taken effect and have not ended. */
  readonly done: ReadonlySet<number>;
}

/** More configurations at a time than this are not looked at. */
const MAX_CONFIGURATIONS = 20_000;

/**
 * Looks for an order of some calls, from a state.
 *
 * @param limit how many configurations at a time are looked at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const write = (begin: number, end: number, value: string) => ({ begin, end, apply: () => value });
 * const read = (begin: number, end: number, value: string) => ({
 *   begin,
 *   end,
 *   apply: (state: string) => state === value ? state : undefined,
 * });
 * assertEquals(linearize("", [write(1, 4, "a"), read(2, 3, "a")]).kind, "linearizable");
 * assertEquals(linearize("", [write(1, 2, "a"), read(3, 4, "")]).kind, "stuck");
 * ```
 */
export function linearize<Of extends Call>(
  initial: string,
  calls: readonly Of[],
  limit: number = MAX_CONFIGURATIONS,
): Linearized<Of> {
  const events = calls.flatMap(({ begin, end }, call) => [
    { at: begin, call, isEnd: false },
    { at: end, call, isEnd: true },
  ]).filter(({ at }) => at < Infinity).sort((a, b) => a.at - b.at || Number(a.isEnd) - Number(b.isEnd));
  const pending = new Set<number>();
  let configurations = [absorb({ state: initial, done: new Set() }, pending, calls)];
  for (const { call, isEnd } of events) {
    if (!isEnd) {
      pending.add(call);
      configurations = unique(configurations.map((one) => absorb(one, pending, calls)));
      continue;
    }
    const isOptional = calls[call]!.isOptional ?? false;
    const reached = reach(configurations, call, pending, calls, isOptional, limit);
    if (reached === undefined) return { kind: "unknown" };
    if (reached.length === 0) return { kind: "stuck", call: calls[call]! };
    pending.delete(call);
    configurations = unique(reached.map(({ state, done }) => ({ state, done: done.difference(new Set([call])) })));
  }
  return { kind: "linearizable" };
}

/** All configurations in which a call has taken effect, or, where that is not sure, also those in which it has not. */
function reach(
  from: readonly Configuration[],
  call: number,
  pending: ReadonlySet<number>,
  calls: readonly Call[],
  isOptional: boolean,
  limit: number,
): Configuration[] | undefined {
  const seen = new Map(from.map((one) => [keyOf(one), one]));
  for (const one of seen.values()) {
    // Those that have it already need nothing more now.
    if (one.done.has(call)) continue;
    for (const next of pending) {
      if (one.done.has(next)) continue;
      const state = calls[next]!.apply(one.state);
      if (state === undefined) continue;
      const reached = absorb({ state, done: new Set(one.done).add(next) }, pending, calls);
      if (!seen.has(keyOf(reached))) seen.set(keyOf(reached), reached);
      if (seen.size > limit) return undefined;
    }
  }
  return [...seen.values()].filter(({ done }) => isOptional || done.has(call));
}

/**
 * What never changes anything can take effect at once: that never stands in another call's way, and keeps orders of such calls apart. What
 * only changes nothing now may be needed later: who is taken out of a group was first in it.
 */
function absorb({ state, done }: Configuration, pending: ReadonlySet<number>, calls: readonly Call[]): Configuration {
  const idle = [...pending].filter((call) =>
    !done.has(call) && calls[call]!.isRead === true && calls[call]!.apply(state) === state
  );
  return idle.length === 0 ? { state, done } : { state, done: new Set([...done, ...idle]) };
}

function unique(configurations: readonly Configuration[]): Configuration[] {
  return [...new Map(configurations.map((one) => [keyOf(one), one])).values()];
}

function keyOf({ state, done }: Configuration): string {
  return `${state}|${[...done].sort((a, b) => a - b).join()}`;
}
