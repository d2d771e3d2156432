/**
 * How something is put under load.
 *
 * @module
 */

import type { Exchange, Plan } from "./plan.ts";

/** How something is put under load, in one of these ways or several. Each opens its connections to the server's port in a plan. */
export interface DialectLoad {
  /** What its own scenario measures, in a line; none where others measure it. */
  readonly what?: string;
  /** Gets pairs ready that exchange confirmed messages. */
  readonly pairs?: (plan: Plan, count: number, bodySize: number, port: number) => readonly Exchange[];
  /** The same with datagrams. */
  readonly datagrams?: (plan: Plan, count: number, bodySize: number, port: number) => readonly Exchange[];
  /** Gets one who sends to so many recipients ready, and them. */
  readonly audience?: (plan: Plan, recipients: number, bodySize: number) => Exchange;
}

/** Opens one pair after the other. */
export function oneByOne(
  open: (plan: Plan, index: number, bodySize: number) => Exchange,
): (plan: Plan, count: number, bodySize: number) => readonly Exchange[] {
  return (plan, count, bodySize) => Array.from({ length: count }, (_, index) => open(plan, index, bodySize));
}
